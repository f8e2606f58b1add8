"""Which roll-ups a snapshot holds, as it says itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import duckdb

from salesloop.engine.model.text import Message

SCHEMA: Final = "rollup"
FORMAT: Final = 3
"""Raised when tables of roll-ups mean something else than before: those of other formats are not read."""
DAY: Final = "day"
SUBJECT: Final = "subject"
COUNTED: Final = "counted"
ALONE: Final = "alone"

Unit = Literal["month", "year"]
Kind = Literal["sums", "settled", "visits", "to_date", "first"]
"""`sums`: sums, counts, least and greatest values by day and slices.

The others are about the number of different subjects (orders, customers). `settled`: subjects that stand on one day in one
slice are a number, the few others are listed. `visits`: each subject once for every day and slice. `to_date`: as settled,
but on the subject's first day within each `unit`, for windows that begin with one; those listed have a bit (`alone`) for
every dimension, in their order, along which no two slices of the subject within the unit are the same, and are counted once
more, as numbers with the same bits, less than 0. `first`: on its first day ever.
"""


@dataclass(frozen=True, eq=False)
class Kept:
    """One table of the schema `rollup`, with a column `day`, one for each dimension, and values.

    `dimensions`: dimension → the paths that its values were read by. `columns`: signature of a measure → its column;
    `counted`: column → the column with the number of rows behind it (None: every row counts). The tables about subjects
    have `subject` (NULL where `counted` stands for many) instead, and one signature; `listed`: some subjects stand one by one;
    `alone`: the bits that some of these have.
    """

    table: str
    entity: str
    date: str
    kind: Kind
    unit: Unit | None
    dimensions: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, str]
    counted: Mapping[str, str | None]
    rows: int
    listed: bool = False
    alone: tuple[int, ...] = ()


@dataclass(frozen=True)
class RollUps:
    """The roll-ups of a snapshot, the smallest first, and the entities of which people entered rows besides."""

    kept: tuple[Kept, ...] = ()
    entered: frozenset[str] = frozenset()

    def of(self, entity: str, date: str) -> tuple[Kept, ...]:
        """Those of a fact by one of its dates."""
        return tuple(one for one in self.kept if one.entity == entity and one.date == date)


NO_ROLLUPS: Final = RollUps()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a metric was read from: a roll-up by its name, or the rows (None), and then perhaps why."""

    metric: str
    rollup: str | None
    why_not: Message | None = None


def write_kept(con: duckdb.DuckDBPyConnection, fact: tuple[str, str], kept: list[Kept]) -> None:
    """State anew which roll-ups there are of a fact (entity, date)."""
    con.execute(f"DELETE FROM {SCHEMA}.kept WHERE entity = ? AND date_field = ?", [*fact])
    for one in kept:
        con.execute(
            f"INSERT INTO {SCHEMA}.kept VALUES (?, ?, ?)", [*fact, json.dumps({"format": FORMAT, **asdict(one)})]
        )


def kept_from(rows: list[dict[str, Any]]) -> tuple[Kept, ...]:
    """The roll-ups of the rows of `rollup.kept`, the smallest first."""
    found = []
    for row in rows:
        said = json.loads(row["declared"])
        if said.pop("format") != FORMAT:
            continue
        said["dimensions"] = {name: tuple(paths) for name, paths in said["dimensions"].items()}
        found.append(Kept(**{**said, "alone": tuple(said["alone"])}))
    return tuple(sorted(found, key=lambda one: (one.rows, one.table)))


def prepare_schema(con: duckdb.DuckDBPyConnection) -> None:
    """The tables that say what there is; they stay empty while no fact is large enough."""
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    con.execute(
        f"CREATE TABLE IF NOT EXISTS {SCHEMA}.kept (entity VARCHAR, date_field VARCHAR, declared VARCHAR)",
    )
    con.execute(f"CREATE TABLE IF NOT EXISTS {SCHEMA}.made (number BIGINT)")
    con.execute(
        f"CREATE TABLE IF NOT EXISTS {SCHEMA}.fact (entity VARCHAR, date_field VARCHAR, made_for VARCHAR, rows BIGINT)"
    )
    con.execute(
        f"CREATE TABLE IF NOT EXISTS {SCHEMA}.day_mark (entity VARCHAR, date_field VARCHAR, day DATE, mark HUGEINT)"
    )
    con.execute(
        f"CREATE TABLE IF NOT EXISTS {SCHEMA}.reference_mark (entity VARCHAR, date_field VARCHAR, path VARCHAR, id VARCHAR, mark UBIGINT)"
    )
    # The batches whose rows are counted in: rows of others may simply have been added.
    con.execute(f"CREATE TABLE IF NOT EXISTS {SCHEMA}.batch (entity VARCHAR, date_field VARCHAR, batch_id VARCHAR)")
