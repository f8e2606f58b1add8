"""Which days of a fact are other than when they were summed up: found by content, whoever changed it and why."""

from __future__ import annotations

from collections.abc import Iterable
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


@dataclass(frozen=True)
class _Reference:
    """A joined table: its rows tell something of a fact's row. `field` of the fact refers to it, None where from afar."""

    alias: str
    table: str
    key: str
    field: str | None
    columns: tuple[str, ...]


class Changes:
    """Compares the marks (sums of hashes) of every day, and of every record referred to, with those of last time."""

    def __init__(self, con: duckdb.DuckDBPyConnection, fact: Fact) -> None:
        self._con, self._fact = con, fact
        rows = fact.rows()
        read: list[exp.Expr] = fact.slices(rows, fact.dimensions)
        for measure in fact.measures:
            read += [part for part in (specs.value(measure, rows), specs.condition(measure, rows)) if part is not None]
            if measure.unit == "currency" and rows.entity.has_money:
                read.append(rows.column("fx_rate"))
        self._columns, self._references = _read(rows, read)

    def find(self) -> int | None:
        """Fill the table of days with those that changed and give their number; None where all may have."""
        entity, date = self._fact.key
        columns = ", ".join(f'"{name}"' for name in self._columns)
        self._con.execute(
            f'CREATE OR REPLACE TEMP TABLE {_NEW_DAYS} AS SELECT CAST("{date}" AS DATE) AS day, '
            f'sum(CAST(hash({columns}) AS HUGEINT)) AS mark FROM "{entity}" WHERE "{date}" IS NOT NULL GROUP BY 1'
        )
        parts = [
            f"SELECT '{one.alias}' AS path, CAST(\"{one.key}\" AS VARCHAR) AS id, "
            f'hash({", ".join(chr(34) + name + chr(34) for name in one.columns)}) AS mark FROM "{one.table}"'
            for one in self._references
        ]
        nothing = "SELECT NULL::VARCHAR AS path, NULL::VARCHAR AS id, NULL::UBIGINT AS mark WHERE false"
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE {_NEW_REFERENCES} AS {' UNION ALL '.join([nothing, *parts])}")
        self._con.execute(
            f"CREATE OR REPLACE TEMP TABLE {DAYS} AS SELECT day FROM {_NEW_DAYS} new FULL JOIN "
            f"(FROM {SCHEMA}.day_mark WHERE entity = ? AND date_field = ?) old USING (day) "
            "WHERE new.mark IS DISTINCT FROM old.mark",
            [entity, date],
        )
        self._con.execute(
            f"CREATE OR REPLACE TEMP TABLE {_OTHERS} AS SELECT path, id FROM {_NEW_REFERENCES} new FULL JOIN "
            f"(FROM {SCHEMA}.reference_mark WHERE entity = ? AND date_field = ?) old USING (path, id) "
            "WHERE new.mark IS DISTINCT FROM old.mark",
            [entity, date],
        )
        changed = {path for (path,) in self._con.execute(f"SELECT DISTINCT path FROM {_OTHERS}").fetchall()}
        for one in self._references:
            if one.alias in changed:
                if one.field is None:
                    return None
                self._con.execute(
                    f'INSERT INTO {DAYS} SELECT DISTINCT CAST("{date}" AS DATE) FROM "{entity}" '
                    f'WHERE "{date}" IS NOT NULL AND "{one.field}" IN (SELECT id FROM {_OTHERS} WHERE path = ?)',
                    [one.alias],
                )
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE {DAYS} AS SELECT DISTINCT day FROM {DAYS}")
        ((found,),) = self._con.execute(f"SELECT count(*) FROM {DAYS}").fetchall()
        return int(found)

    def days(self) -> int:
        """How many days the fact has now."""
        ((found,),) = self._con.execute(f"SELECT count(*) FROM {_NEW_DAYS}").fetchall()
        return int(found)

    def remember(self) -> None:
        """From now on this is what changes are told by."""
        for kept, new in (("day_mark", _NEW_DAYS), ("reference_mark", _NEW_REFERENCES)):
            self._con.execute(f"DELETE FROM {SCHEMA}.{kept} WHERE entity = ? AND date_field = ?", [*self._fact.key])
            self._con.execute(f"INSERT INTO {SCHEMA}.{kept} SELECT ?, ?, * FROM {new}", [*self._fact.key])


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
