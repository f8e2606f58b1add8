"""The labelled cells (see README.md beside this file), and how they are read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from salesloop.engine.clean.values import value_type
from salesloop.engine.clean.values.recipe import ValueType
from salesloop.engine.clean.values.unit import parse_unit
from salesloop.engine.model.fields import Field
from salesloop.engine.model.loader import load_model
from salesloop.engine.model.text import Text

ZONE: Final = "Asia/Shanghai"
_MODEL: Final = load_model()
_NAMED: Final = {
    "currency": ("order_line", "currency"),
    "credit_code": ("customer", "credit_code"),
    "place": ("customer", "address"),
}
_VALUES: Final[dict[str, Callable[[str], Any]]] = {
    "money": Decimal,
    "quantity": Decimal,
    "decimal": Decimal,
    "integer": int,
    "percent": float,
    "date": dt.date.fromisoformat,
    "datetime": dt.datetime.fromisoformat,
    "boolean": lambda text: text == "true",
    "place": lambda text: tuple(part or None for part in text.split("/")),
}
_LINE: Final = re.compile(r"(?:~ )?(?P<text>.*?) → (?P<meaning>.*?)(?: ‹(?P<said>[^›]*)›)?(?:  # (?P<why>.*))?")


@dataclass(frozen=True)
class Cell:
    """`value` is None for a blank and for what cannot be read; then `reason` says why. `limit`: why we do not read it."""

    text: str
    value: Any
    reason: str | None
    rules: frozenset[str]
    limit: str | None


@dataclass
class Column:
    """Cells that are read together. `type` is a field type, or one of `_NAMED`, or a field of the model."""

    place: str
    family: str
    type: str
    unit: str | None
    rules: frozenset[str]
    cells: list[Cell] = field(default_factory=list)

    @property
    def texts(self) -> list[str | None]:
        return [cell.text for cell in self.cells]

    def kind(self) -> ValueType:
        return value_type(_field(self.type), ZONE, parse_unit(self.unit))


@cache
def columns() -> Sequence[Column]:
    """All labelled columns, in the order of the files."""
    return [column for path in sorted(Path(__file__).parent.glob("*.txt")) for column in _read(path)]


def _read(path: Path) -> Iterator[Column]:
    family, column = "", None
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("## "):
            family = line[3:]
        elif line.startswith("@ "):
            if column:
                yield column
            head, _, said = line[2:].partition(" ‹")
            type_, _, unit = head.partition(" unit=")
            rules = frozenset(said.rstrip("›").split())
            column = Column(f"{path.name}:{number}", family, type_, _plain(unit) or None, rules)
        elif line.strip():
            if column is None:
                raise ValueError(f"{path.name}:{number}: a cell before any column")
            column.cells.append(_cell(line, column.type))
    if column:
        yield column


def _cell(line: str, type_: str) -> Cell:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"not a labelled cell: {line}")
    said = frozenset((found["said"] or "").split())
    meaning, text = found["meaning"], _plain(found["text"])
    if meaning == "✗":
        return Cell(text, None, next(iter(said), "unreadable"), frozenset(), found["why"])
    value = None if meaning == "∅" else _VALUES.get(type_, str)(meaning)
    return Cell(text, value, None, said, found["why"])


def _plain(text: str) -> str:
    text = text.replace("␣", " ").replace("⇥", "\t").replace("⏎", "\n")
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


def _field(type_: str) -> Field:
    if type_ in _NAMED or "." in type_:
        entity, name = _NAMED.get(type_) or type_.split(".")
        return _MODEL.entity(entity).field(name)
    return Field.model_validate({"name": "cell", "type": type_, "label": Text("格", "Cell"), "doc": Text("格", "Cell")})
