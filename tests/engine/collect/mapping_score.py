"""How many columns the first proposal gets right, against what a person would answer.

`expected_mappings.yaml` answers for the real data sets, `blind_headers.yaml` for headers as typical systems write them.
"""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import yaml

from salesloop.engine.collect.delivery import TablePlan, propose_delivery
from salesloop.engine.collect.names import column_names
from salesloop.engine.collect.raw import ROW, RawTable
from salesloop.engine.collect.read import read_file
from salesloop.engine.model.entity import Model

EXPECTED: Final = Path(__file__).with_name("expected_mappings.yaml")
BLIND: Final = Path(__file__).with_name("blind_headers.yaml")
NOTHING: Final = "-"
_NO_TABLE: Final = ("lookup", "none")


@dataclass(frozen=True)
class Judged:
    """One column: the fields that are right (`a b`: both; `a|b`: either), those proposed, and how sure the proposal was."""

    column: str
    wanted: str
    got: frozenset[str]
    confidence: float
    right: bool

    @property
    def mistake(self) -> str:
        return f"{self.column}: {self.wanted} → {' '.join(sorted(self.got)) or NOTHING}"


@dataclass(frozen=True)
class Score:
    """Of one table. A table that is none of ours counts as one column, called `entity`."""

    delivery: str
    table: RawTable
    entity: str
    columns: tuple[Judged, ...]
    part: str = "real"

    @property
    def right(self) -> int:
        return sum(column.right for column in self.columns)

    @property
    def wrong(self) -> tuple[str, ...]:
        return tuple(column.mistake for column in self.columns if not column.right)


def scores(data: Path, model: Model) -> Iterator[Score]:
    """One score for each table of `data` that the expectations know."""
    for pattern, tables in yaml.load(EXPECTED.read_text(encoding="utf-8"), yaml.BaseLoader).items():
        with _unpacked(sorted(data.glob(pattern))) as files:
            found = [table for file in files for table in read_file(file).tables]
        for plan in propose_delivery(found, model):
            answers = dict(tables[plan.table.name])
            yield _score(pattern, plan, answers.pop("entity"), answers)


def blind_scores(model: Model) -> Iterator[Score]:
    """One score for each sheet of the blind set, each proposed alone."""
    for sheet in yaml.load(BLIND.read_text(encoding="utf-8"), yaml.BaseLoader):
        table = blind_table(sheet)
        answers = dict(zip(table.columns, (wanted for _, wanted, *_ in sheet["columns"]), strict=True))
        plan = propose_delivery([table], model)[0]
        yield _score(f"{sheet['like']}: {sheet['sheet']}", plan, sheet["entity"], answers, sheet["part"])


def blind_table(sheet: dict[str, Any]) -> RawTable:
    """A sheet of the blind set as reading would give it."""
    headers = [column[0] for column in sheet["columns"]]
    names, units, _ = column_names([headers], len(headers))
    cells = {name: column[2:] for name, column in zip(names, sheet["columns"], strict=True)}
    rows = len(sheet["columns"][0]) - 2
    data = pa.table({ROW: pa.array(range(2, rows + 2), pa.int64())} | {n: pa.array(c) for n, c in cells.items()})
    return RawTable(sheet["sheet"], tuple(names), data, 1, units=units)


def _score(delivery: str, plan: TablePlan, wanted: str, expected: dict[str, str], part: str = "real") -> Score:
    mapping = plan.proposal.mapping
    entity = mapping.entity if mapping and plan.role == "import" else "lookup" if plan.role == "lookup" else "none"
    same = entity == wanted
    if wanted in _NO_TABLE:
        judged = (Judged("entity", wanted, frozenset([entity]), 0.0, same),)
        return Score(delivery, plan.table, wanted, judged, part)
    proposed = {c.column: c for c in plan.proposal.columns}
    columns = []
    for name in dict.fromkeys([*plan.table.columns, *expected]):
        answer = expected.get(name, NOTHING)
        got = frozenset(proposed[name].fields) if name in proposed else frozenset()
        confidence = proposed[name].confidence if name in proposed else 0.0
        columns.append(Judged(name, answer, got, confidence, same and is_right(answer, got)))
    return Score(delivery, plan.table, wanted, tuple(columns), part)


def is_right(answer: str, got: frozenset[str]) -> bool:
    """Whether a proposal holds one of the answers.

    What else a column feeds (the key as the name of a record that has none) is no mistake where the answer is in it.
    """
    alternatives: Sequence[set[str]] = [set(part.split()) - {NOTHING} for part in answer.split("|")]
    return any(right <= got and bool(right) == bool(got) for right in alternatives)


@contextmanager
def _unpacked(files: Sequence[Path]) -> Iterator[list[Path]]:
    """The files, compressed ones unpacked: which archives an import takes is not the matter here."""
    with tempfile.TemporaryDirectory() as folder:
        out = []
        for file in files:
            if file.suffix == ".gz":
                plain = Path(folder) / (file.stem if "." in file.stem else f"{file.stem}.csv")
                plain.write_bytes(gzip.decompress(file.read_bytes()))
                out.append(plain)
            else:
                out.append(file)
        yield out
