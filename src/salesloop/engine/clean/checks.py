"""Checks over the published tables: rules that the entities declare, references, rates, the future, duplicates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import duckdb
import pyarrow as pa

from salesloop.engine.clean.plan import MESSAGES
from salesloop.engine.clean.values.cells import ident, literal
from salesloop.engine.model.entity import Entity, Model, Severity
from salesloop.engine.model.text import Message, Text

_NAME_FORM: Final = r"[\s\p{P}\p{S}]"
_UNIQUE_FIELDS: Final = {"customer": ("name", "credit_code")}
"""Fields that people expect to tell two rows apart although they are no key."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How many rows of an entity a check spoke of, and how many failed it. `label` says what should hold."""

    entity: str
    check: str
    severity: Severity
    label: Text | Message
    failed: int
    checked: int


@dataclass(frozen=True, slots=True)
class _Check:
    """`holds` is SQL over the row `t` and the joins; NULL where the check does not speak of the row."""

    name: str
    severity: Severity
    label: Text | Message
    holds: str
    join: str = ""


def run_checks(con: duckdb.DuckDBPyConnection, model: Model, *, today: dt.date) -> list[CheckResult]:
    """All checks of all entities that have rows, one pass per table. `today` is the date in the workspace's time zone."""
    columns = _columns(con)
    out = []
    for entity in model.entities:
        checks = list(_checks(entity, model, columns, today))
        if not checks or not _has_rows(con, entity.name):
            continue
        counts = (f"count(*) FILTER (NOT c{n}), count(c{n})" for n in range(len(checks)))
        row = con.execute(f"SELECT {', '.join(counts)} FROM ({_verdicts(entity, checks, '')})").fetchall()[0]
        out += [
            CheckResult(entity.name, check.name, check.severity, check.label, row[2 * n], row[2 * n + 1])
            for n, check in enumerate(checks)
        ]
    return out


def failing_rows(
    con: duckdb.DuckDBPyConnection, model: Model, entity: str, check: str, *, today: dt.date, limit: int = 100
) -> pa.Table:
    """The first rows, with all their published columns, that fail one check. KeyError where there is no such check."""
    declared = model.entity(entity)
    checks = {one.name: one for one in _checks(declared, model, _columns(con), today)}
    verdicts = _verdicts(declared, [checks[check]], "t.*, ")
    found = f"SELECT * EXCLUDE (c0) FROM ({verdicts}) WHERE NOT c0 LIMIT {int(limit)}"
    return con.cursor().sql(found).to_arrow_table()


def check_label_and_query(
    columns: dict[str, set[str]], model: Model, entity: str, check: str, *, today: dt.date
) -> tuple[Text | Message, str] | None:
    """What should hold, and the SQL of the rows (with all published columns) that fail it; None without such a check.

    `columns`: the columns of each published table, for whoever has no connection of their own.
    """
    declared = model.entity(entity)
    for one in _checks(declared, model, columns, today):
        if one.name == check:
            return one.label, f"SELECT * EXCLUDE (c0) FROM ({_verdicts(declared, [one], 't.*, ')}) WHERE NOT c0"
    return None


def _verdicts(entity: Entity, checks: Sequence[_Check], before: str) -> str:
    verdicts = ", ".join(f"({check.holds}) AS c{n}" for n, check in enumerate(checks))
    joins = " ".join(dict.fromkeys(check.join for check in checks if check.join))
    return f"SELECT {before}{verdicts} FROM {ident(entity.name)} t {joins}"


def _checks(entity: Entity, model: Model, columns: dict[str, set[str]], today: dt.date) -> Iterator[_Check]:
    present = columns.get(entity.name, set())
    if not present:
        return
    for check in entity.checks:
        yield _Check(check.name, check.severity, check.label, check.expression)
    for name, target in entity.references.items():
        if name in present and target in columns:
            yield _reference(entity, name, model.entity(target))
    if "fx_rate" in present:
        yield _Check("rate_known", "warning", MESSAGES.message("check_rate"), "t.fx_rate IS NOT NULL")
    for name in _happened(entity):
        label = MESSAGES.message("check_future", field=entity.field(name).label)
        day = f"CAST(t.{ident(name)} AS DATE) <= DATE {literal(today.isoformat())}"
        yield _Check(f"{name}_not_in_future", "warning", label, day)
    for name in _UNIQUE_FIELDS.get(entity.name, ()):
        yield _unique(entity, name)


def _reference(entity: Entity, name: str, target: Entity) -> _Check:
    alias = f"known_{name}"
    key = ident(target.key[0])
    join = f"LEFT JOIN (SELECT DISTINCT {key} AS _found FROM {ident(target.name)}) {alias} ON {alias}._found = t.{ident(name)}"
    label = MESSAGES.message("check_reference", field=entity.field(name).label, target=target.label)
    holds = f"CASE WHEN t.{ident(name)} <> '' THEN {alias}._found IS NOT NULL END"
    return _Check(f"{name}_known", "warning", label, holds, join)


def _happened(entity: Entity) -> list[str]:
    """The fields that say when something happened; the first day of a period (targets) may lie ahead."""
    names = [entity.event_date, entity.entry_time] if entity.kind == "fact" else []
    return [name for name in names if name is not None and name != "period_start"]


def _unique(entity: Entity, name: str) -> _Check:
    """All rows but the first of those that agree in a field, whatever blanks, punctuation and case."""
    form = f"nullif(lower(regexp_replace(t.{ident(name)}, {literal(_NAME_FORM)}, '', 'g')), '')"
    first = f"row_number() OVER (PARTITION BY {form} ORDER BY {', '.join(f't.{ident(k)}' for k in entity.key)}) = 1"
    label = MESSAGES.message("check_duplicate", field=entity.field(name).label)
    return _Check(f"{name}_unique", "warning", label, f"CASE WHEN {form} IS NOT NULL THEN {first} END")


def _columns(con: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    out: dict[str, set[str]] = {}
    rows = con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal "
        "AND database_name = current_database()"
    ).fetchall()
    for table, column in rows:
        out.setdefault(table, set()).add(column)
    return out


def _has_rows(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(con.execute(f"SELECT EXISTS (FROM {ident(table)})").fetchall()[0][0])
