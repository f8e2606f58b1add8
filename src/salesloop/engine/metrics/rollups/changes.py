"""What of a fact is other than when it was summed up: found by content, whoever changed it and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb
from sqlglot import exp

from salesloop.engine.metrics.plan.rows import Rows
from salesloop.engine.metrics.rollups import specs
from salesloop.engine.metrics.rollups.fact import DAYS, Fact
from salesloop.engine.metrics.rollups.kept import SCHEMA

_NEW_DAYS = "rollup_new_day_mark"
_NEW_REFERENCES = "rollup_new_reference_mark"
_OTHERS = "rollup_other_references"
_GROWN_DAYS = "rollup_grown_days"


@dataclass(frozen=True)
class Change:
    """What is other. `days` are in the table of days (`fact.DAYS`), with whatever happened on them.

    On other days rows only came: `added` is SQL that tells them from the rest (None: there are none).
    """

    days: int
    added: str | None

    @property
    def rest(self) -> str | None:
        """SQL that tells the rows that were not only added."""
        return None if self.added is None else f"NOT coalesce({self.added}, false)"


@dataclass(frozen=True)
class _Reference:
    """A joined table: its rows tell something of a fact's row. `field` of the fact refers to it, None where from afar."""

    alias: str
    table: str
    key: str
    field: str | None
    columns: tuple[str, ...]


class Changes:
    """Compares the marks (sums of hashes) of every day, and of every record referred to, with those of last time.

    Marks can be added: where the old mark of a day and that of the rows of new batches make up the new one, these rows
    were added and nothing else happened on that day.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, fact: Fact) -> None:
        self._con, self._fact = con, fact
        rows = fact.rows()
        read: list[exp.Expr] = fact.slices(rows, fact.dimensions)
        for measure in fact.measures:
            read += [part for part in (specs.value(measure, rows), specs.condition(measure, rows)) if part is not None]
            if measure.unit == "currency" and rows.entity.has_money:
                read.append(rows.column("fx_rate"))
        self._columns, self._references = _read(rows, read)

    def mark(self) -> None:
        """Work out the marks as they are now."""
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE {_NEW_DAYS} AS {self._marks()}")
        parts = [
            f"SELECT '{one.alias}' AS path, CAST(\"{one.key}\" AS VARCHAR) AS id, "
            f'hash({", ".join(chr(34) + name + chr(34) for name in one.columns)}) AS mark FROM "{one.table}"'
            for one in self._references
        ]
        nothing = "SELECT NULL::VARCHAR AS path, NULL::VARCHAR AS id, NULL::UBIGINT AS mark WHERE false"
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE {_NEW_REFERENCES} AS {' UNION ALL '.join([nothing, *parts])}")

    def find(self) -> Change | None:
        """What changed since `remember`; None where everything may have."""
        batches = self._of_new_batches()
        self._find_days(batches)
        added = f"{batches} AND {self._day} IN (SELECT day FROM {_GROWN_DAYS})"
        if not self._find_referring(added):
            return None
        ((days,), (grown,)) = self._con.execute(
            f"SELECT count(*) FROM {DAYS} UNION ALL SELECT count(*) FROM {_GROWN_DAYS}"
        ).fetchall()
        return Change(int(days), added if grown else None)

    def days(self) -> int:
        """How many days the fact has now."""
        ((found,),) = self._con.execute(f"SELECT count(*) FROM {_NEW_DAYS}").fetchall()
        return int(found)

    def remember(self) -> None:
        """From now on this is what changes are told by."""
        batches = f'(SELECT DISTINCT _batch FROM "{self._fact.entity}" WHERE _batch IS NOT NULL)'
        for kept, new in (("day_mark", _NEW_DAYS), ("reference_mark", _NEW_REFERENCES), ("batch", batches)):
            self._con.execute(f"DELETE FROM {SCHEMA}.{kept} WHERE entity = ? AND date_field = ?", [*self._fact.key])
            self._con.execute(f"INSERT INTO {SCHEMA}.{kept} SELECT ?, ?, * FROM {new}", [*self._fact.key])

    # -- days --------------------------------------------------------------------------------------------------

    @property
    def _day(self) -> str:
        return f'CAST("{self._fact.entity}"."{self._fact.date}" AS DATE)'

    def _marks(self, condition: str = "true") -> str:
        columns = ", ".join(f'"{name}"' for name in self._columns)
        return (
            f"SELECT {self._day} AS day, sum(CAST(hash({columns}) AS HUGEINT)) AS mark "
            f'FROM "{self._fact.entity}" WHERE "{self._fact.date}" IS NOT NULL AND {condition} GROUP BY 1'
        )

    def _of_new_batches(self) -> str:
        """SQL: whether a row belongs to a batch that was not there last time. As a list of texts, by which blocks are skipped."""
        found = self._con.execute(
            f'SELECT DISTINCT _batch FROM "{self._fact.entity}" WHERE _batch IS NOT NULL AND _batch NOT IN '
            f"(SELECT batch_id FROM {SCHEMA}.batch WHERE entity = ? AND date_field = ?) ORDER BY _batch",
            [*self._fact.key],
        ).fetchall()
        listed = ", ".join("'" + batch.replace("'", "''") + "'" for (batch,) in found)
        return f'"{self._fact.entity}"._batch IN ({listed})' if listed else "false"

    def _find_days(self, batches: str) -> None:
        """The days on which something changed, and those on which rows were only added."""
        self._con.execute(
            f"CREATE OR REPLACE TEMP TABLE rollup_changed AS SELECT day, "
            f"coalesce(new.mark = coalesce(old.mark, 0) + more.mark, false) AS grown FROM {_NEW_DAYS} new "
            f"FULL JOIN (FROM {SCHEMA}.day_mark WHERE entity = ? AND date_field = ?) old USING (day) "
            f"LEFT JOIN ({self._marks(batches)}) more USING (day) WHERE new.mark IS DISTINCT FROM old.mark",
            [*self._fact.key],
        )
        for table, condition in ((DAYS, "NOT grown"), (_GROWN_DAYS, "grown")):
            self._con.execute(
                f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT day FROM rollup_changed WHERE {condition}"
            )
        self._con.execute("DROP TABLE rollup_changed")

    # -- records that rows refer to ----------------------------------------------------------------------------

    def _find_referring(self, added: str) -> bool:
        """Further days: of earlier rows that refer to a changed record. False where it cannot be told which do."""
        entity, date = self._fact.key
        for one in self._changed_references():
            if one.field is None:
                return False
            self._con.execute(
                f'INSERT INTO {DAYS} SELECT DISTINCT {self._day} FROM "{entity}" WHERE "{date}" IS NOT NULL '
                f'AND NOT coalesce({added}, false) AND "{one.field}" IN (SELECT id FROM {_OTHERS} WHERE path = ?)',
                [one.alias],
            )
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE {DAYS} AS SELECT DISTINCT day FROM {DAYS}")
        self._con.execute(f"DELETE FROM {_GROWN_DAYS} WHERE day IN (SELECT day FROM {DAYS})")
        return True

    def _changed_references(self) -> Sequence[_Reference]:
        """The joined tables of which some record changed; those records are in a temporary table."""
        self._con.execute(
            f"CREATE OR REPLACE TEMP TABLE {_OTHERS} AS SELECT path, id FROM {_NEW_REFERENCES} new FULL JOIN "
            f"(FROM {SCHEMA}.reference_mark WHERE entity = ? AND date_field = ?) old USING (path, id) "
            "WHERE new.mark IS DISTINCT FROM old.mark",
            [*self._fact.key],
        )
        changed = {path for (path,) in self._con.execute(f"SELECT DISTINCT path FROM {_OTHERS}").fetchall()}
        return [one for one in self._references if one.alias in changed]


def _read(rows: Rows, read: Iterable[exp.Expr]) -> tuple[list[str], list[_Reference]]:
    """The columns of the fact that the expressions read, and the records that they read besides."""
    columns: dict[str, dict[str, None]] = {rows.entity.name: {}}
    joins = rows.joins
    for tree in [*read, *(join.args["on"] for join in joins.values())]:
        for column in tree.find_all(exp.Column):
            columns.setdefault(column.table, {})[column.name] = None
    references = []
    for alias, join in joins.items():
        on = join.args["on"]
        field = on.expression.name if on.expression.table == rows.entity.name else None
        references.append(_Reference(alias, join.this.name, on.this.name, field, tuple(columns[alias])))
    return list(columns[rows.entity.name]), references
