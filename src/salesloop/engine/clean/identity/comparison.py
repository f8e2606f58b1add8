"""What a comparison is made of: the levels on which two records can agree in a part of a field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import duckdb

Side = Literal["l", "r"]


@dataclass(frozen=True, slots=True)
class Level:
    """A way to agree or differ. `holds` is SQL over the sides `l.` and `r.`; the first level that holds counts.

    `weight` is in bits (log2 of how much more often this is seen among true pairs), a number or SQL over both sides.
    `ask`: such a pair is never merged without a person, unless another level `proves` that it is the same. `bars`: not even
    then. `slip`: as `ask`, and the more pairs of a record are at such levels, the less each says: many neighbours are
    neighbours by chance.
    """

    name: str
    holds: str
    weight: str | float
    ask: bool = False
    proves: bool = False
    slip: bool = False
    bars: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a field and its levels. `missing`: SQL that holds where the pair says nothing about it (0 bits).
    `shown` is the column that people are shown as what agreed or differed. `exclusive`: SQL over `x.` for a record that
    says so little that only the best of its pairs stands. `once`: names and SQL over both sides of what several levels ask
    for, who find it as `c.name`: worked out once a pair."""

    field: str
    name: str
    missing: str
    levels: tuple[Level, ...]
    shown: str
    exclusive: str = ""
    once: tuple[tuple[str, str], ...] = ()

    def written_out(self, sql: str) -> str:
        """SQL that speaks of both sides only, for whoever works nothing out before."""
        for name, what in self.once:
            sql = sql.replace(f"c.{name}", f"({what})")
        return sql


class Comparison(Protocol):
    """A kind of comparison for one field."""

    @property
    def field(self) -> str:
        """Its name."""

    def prepare(self, con: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
        """Creates the temporary table `target` (raw, …): one row for each distinct text `raw` of `source`."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is compared, over the columns of `target` prefixed by the field's name."""

    @property
    def apart(self) -> str:
        """SQL over the columns of a record: a text that tells records apart that meet by these keys, NULL for any."""

    @property
    def keys(self) -> Mapping[str, str]:
        """Name → SQL over the columns of a record: the list of texts to meet by. The key '' is the normal form."""


def both(condition: str) -> str:
    """`condition` over `x.` held against both sides: OR."""
    return f"({sided(condition, 'l')} OR {sided(condition, 'r')})"


def sided(sql: str, side: Side) -> str:
    """SQL over `x.` for one side."""
    return re.sub(r"\bx\.", f"{side}.", sql)


def equal(column: str) -> str:
    """SQL: both sides have the same."""
    return f"l.{column} = r.{column}"
