"""How many of the labelled cells are read as a person would, by family."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from salesloop.engine.clean.columns import prepare
from salesloop.engine.clean.values.recipe import NONE_OFF, Off
from tests.engine.clean.labelled import Cell, Column

_PLACE = ("province", "city", "district", "division_code")


@dataclass(frozen=True)
class Outcome:
    """What became of a labelled cell. `read`: the value, or that there is none, is right; `right`: the reason or the
    recorded repairs are, too."""

    column: Column
    cell: Cell
    value: Any
    state: str | None

    @property
    def reason(self) -> str | None:
        return self.state[1:] if self.state and self.state.startswith("!") else None

    @property
    def rules(self) -> frozenset[str]:
        return frozenset(self.state.split("+")) if self.state and not self.reason else frozenset()

    @property
    def read(self) -> bool:
        return bool(self.value == self.cell.value) and (self.reason is None) == (self.cell.reason is None)

    @property
    def right(self) -> bool:
        return self.read and self.rules == self.cell.rules and self.reason == self.cell.reason


@dataclass(frozen=True)
class Reading:
    """The cells of a column and the rules that were recorded for the whole of it."""

    outcomes: tuple[Outcome, ...]
    rules: frozenset[str]


def read_column(column: Column, off: Off = NONE_OFF) -> Reading:
    """Read a labelled column as cleaning does."""
    with duckdb.connect() as con:
        texts = pa.array(column.texts, pa.string())
        con.register("raw", pa.table({"_row": list(range(len(column.texts))), "c": texts}))
        columns = prepare(con, "raw", {"c": column.kind()}, "scratch", off)
        recipe = columns.recipes["c"]
        wanted = [recipe.value, recipe.state or "NULL", *(recipe.also[name] for name in _PLACE if recipe.also)]
        rows = con.execute(f"SELECT {', '.join(wanted)} FROM ({columns.query}) ORDER BY _row").fetchall()
    outcomes = []
    for cell, (value, state, *place) in zip(column.cells, rows, strict=True):
        named = tuple(place) if any(place) else None
        outcomes.append(Outcome(column, cell, named if column.type == "place" else value, state))
    return Reading(tuple(outcomes), frozenset(rule.rule for rule in recipe.column_rules))


@dataclass(frozen=True)
class Score:
    """Cells of a family, and how many of them were read and were right in all that was recorded."""

    family: str
    cells: int
    read: int
    right: int


def scores(outcomes: Iterable[Outcome]) -> Iterator[Score]:
    """One score per family, in the order of the table."""
    cells: Counter[str] = Counter()
    read: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for outcome in outcomes:
        family = outcome.column.family
        cells[family] += 1
        read[family] += outcome.read
        right[family] += outcome.right
    yield from (Score(family, cells[family], read[family], right[family]) for family in cells)
