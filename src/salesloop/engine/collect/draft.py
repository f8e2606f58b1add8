"""A mapping in the making, and what the rows of a table say about which column belongs to which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from salesloop.engine.collect.aliases import AliasIndex, Match
from salesloop.engine.collect.cells import trimmed
from salesloop.engine.collect.knowledge import NOTHING, Knowledge
from salesloop.engine.collect.mapping import PathMapping
from salesloop.engine.collect.profile import Profile
from salesloop.engine.collect.raw import RawTable
from salesloop.engine.model.entity import Model

# Share of the records of an entity that must go with one value for a column to be theirs.
_DETERMINED: Final = 0.95


@dataclass
class Draft:
    """What each column feeds, in order, the paths, how codes of a field are to be read, and what no column says.

    `unsettled` are fields that a person has to say although they have a default, because the default would be wrong.
    """

    feeds: dict[str, list[Match]] = field(default_factory=dict)
    paths: list[PathMapping] = field(default_factory=list)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    unsettled: set[str] = field(default_factory=set)

    def add(self, column: str, match: Match) -> None:
        """Let `column` feed one more field."""
        matches = self.feeds.setdefault(column, [])
        if match.field not in {known.field for known in matches}:
            matches.append(match)

    def also(self, column: str, *fields: str) -> None:
        """Let `column` feed `fields`, too, as surely as what it feeds already."""
        first = self.feeds[column][0]
        for name in fields:
            self.add(column, replace(first, field=name, rank=0))

    def release(self, columns: Sequence[str]) -> None:
        """Take columns back."""
        for column in columns:
            self.feeds.pop(column, None)

    def column_of(self, name: str) -> str | None:
        """The first column that feeds a field (`entity.field`)."""
        return next((c for c, matches in self.feeds.items() if name in {m.field for m in matches}), None)

    def is_free(self, column: str) -> bool:
        """Whether nothing uses `column` yet."""
        return column not in self.feeds and all(column not in path.columns for path in self.paths)


class Rows:
    """Questions to all rows of a table; answers are remembered."""

    def __init__(self, table: RawTable) -> None:
        self._table = table
        self._determined: dict[tuple[str, str], float] = {}
        self._unique: dict[str, float] = {}

    def determines(self, key: str, column: str) -> bool:
        """Whether nearly every value of `key` goes with one value of `column`, and some values come more than once."""
        if (key, column) not in self._determined:
            pairs = pa.table({"k": trimmed(self._table.data[key]), "v": trimmed(self._table.data[column])})
            counts = pairs.filter(pc.not_equal(pairs["k"], "")).group_by("k").aggregate([("v", "count_distinct")])
            share = pc.mean(pc.equal(counts["v_count_distinct"], 1)).as_py()
            self._determined[key, column] = 1.0 if share is None else share
        return self._determined[key, column] >= _DETERMINED

    def values(self, column: str) -> list[str | None]:
        """The different values of a column."""
        found: list[str | None] = pc.unique(self._table.data[column]).to_pylist()
        return found

    def is_unique(self, column: str, share: float = _DETERMINED) -> bool:
        """Whether `column` has so many values of its own for each row: nearly all rows, if not said otherwise."""
        if column not in self._unique:
            values = self._table.data[column]
            self._unique[column] = pc.count_distinct(values).as_py() / max(len(values), 1)
        return self._unique[column] >= share


@dataclass(frozen=True)
class Sheet:
    """What the composing functions know about a table."""

    name: str
    model: Model
    index: AliasIndex
    columns: Mapping[str, Profile]
    rows: Rows
    known: Knowledge = NOTHING
