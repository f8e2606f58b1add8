"""A mapping says which column of a source feeds which field; it is saved in the workspace as `sources/<name>.yaml`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from salesloop.engine.collect.normal import normal
from salesloop.engine.collect.raw import RawTable
from salesloop.engine.model.entity import Model
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.engine.collect")

_FIELD: Final = r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnMapping(_Part):
    """`column` feeds `field` (`entity.field`).

    A column may stand in several of these. Several columns that feed one field are joined by a blank in the order of the
    list (first name, last name). `unit` is what the source states for the numbers (万元, %), to be applied when cleaning.
    """

    column: str
    field: str = Field(pattern=_FIELD)
    unit: str | None = None


class PathMapping(_Part):
    """Columns that hold the levels of a tree, top first (国家, 地区, 省, 城市): they build the nodes of `entity`.

    The id of a node is its path from the top joined by "/" (中国/华东/上海), blank levels left out; where the key of
    `entity` is mapped, the deepest node has that id. `feeds` are reference fields that take the deepest node.
    """

    entity: str
    columns: tuple[str, ...] = Field(min_length=1)
    feeds: tuple[str, ...] = ()


class JoinMapping(_Part):
    """Rows are completed from another table of the same delivery before anything else.

    `table` is its name (sheet, or file without extension), `match` pairs a column here with one there; there it is unique.
    All other columns of that table become columns here; a name that exists already is prefixed: `orders.region`.
    """

    table: str
    match: dict[str, str] = Field(min_length=1)


class Mapping(_Part):
    """How one table of a source becomes rows of the model.

    `entity` is the primary entity, fed row by row; fields of other entities are fed by the distinct records that the table
    mentions. `header` are the columns for which it was made; `constants` (field → text) fill fields that have no column;
    `values` (field → text in the source → text to read instead) translate codes before cleaning. `repairs_off` are rules of
    cleaning that must not be applied to this source. A column of `header` that no part names is not imported.
    """

    name: str
    entity: str
    header: tuple[str, ...] = ()
    sheet: str | None = None
    columns: tuple[ColumnMapping, ...] = ()
    constants: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    paths: tuple[PathMapping, ...] = ()
    joins: tuple[JoinMapping, ...] = ()
    repairs_off: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _fields_are_written_right(self) -> Self:
        for field in (*self.constants, *self.values, *(f for path in self.paths for f in path.feeds)):
            if field.count(".") != 1:
                raise ValueError(f"a field is written entity.field, not {field!r}")
        return self

    @property
    def fingerprint(self) -> str:
        """Of the header that it was made for: the same columns in any order have the same one."""
        return fingerprint(self.header)

    @property
    def entities(self) -> tuple[str, ...]:
        """The primary entity, then the others in order of mention."""
        mentioned = [column.field.split(".")[0] for column in self.columns] + [path.entity for path in self.paths]
        return tuple(dict.fromkeys([self.entity, *mentioned]))

    def columns_of(self, field: str) -> tuple[str, ...]:
        """The columns that feed `field` (`entity.field`), in order."""
        return tuple(column.column for column in self.columns if column.field == field)

    def check(self, table: RawTable, model: Model) -> None:
        """UserError where the mapping names an entity, field or column that does not exist. Joined columns count as there."""
        for field in self._fields():
            entity, name = field.split(".")
            model.entity(entity).field(name)
        model.entity(self.entity)
        for path in self.paths:
            model.entity(path.entity)
        if self.joins:
            return
        named = [column.column for column in self.columns] + [name for path in self.paths for name in path.columns]
        missing = [name for name in dict.fromkeys(named) if name not in table.columns]
        if missing:
            message = _MESSAGES.message(
                "mapping_column_missing", mapping=self.name, columns=missing, known=list(table.columns)
            )
            raise UserError(message, sheet=table.name)

    def _fields(self) -> Iterable[str]:
        yield from (column.field for column in self.columns)
        yield from self.constants
        yield from self.values
        for path in self.paths:
            yield from path.feeds

    def to_yaml(self) -> str:
        """The text of `sources/<name>.yaml`; parts that say nothing are left out."""
        document = self.model_dump(mode="json", exclude_defaults=True)
        text: str = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120)
        return text

    @classmethod
    def from_yaml(cls, text: str, *, file: str) -> Mapping:
        """UserError names the place of a mistake."""
        try:
            document: Any = yaml.load(text, Loader=yaml.CSafeLoader)
            return cls.model_validate(document)
        except yaml.YAMLError as error:
            raise UserError(_MESSAGES.message("mapping_unreadable", problem=str(error)), file=file) from error
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"]) or "—"
            message = _MESSAGES.message("mapping_wrong", place=place, problem=first["msg"])
            raise UserError(message, file=file) from error


def load_mappings(folder: Path) -> tuple[Mapping, ...]:
    """The saved mappings of a workspace (`sources/*.yaml`), in order of name."""
    return tuple(
        Mapping.from_yaml(path.read_text(encoding="utf-8"), file=path.name) for path in sorted(folder.glob("*.yaml"))
    )


def fingerprint(header: Sequence[str]) -> str:
    """Of a header, whatever the order of its columns and their spelling in blanks, width and case."""
    parts = sorted(normal(name) for name in header)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
