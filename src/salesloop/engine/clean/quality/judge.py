"""Runs the checks of records over the published tables: how many fail, and which.

Counts are one pass over a table; where something failed, a second one writes the keys of the failing records into
`failing.<entity>`, with one bit of `failed` for each check (`ledger.judged` says which). After a small delivery only the
records that changed are judged anew, together with what depends on more than the record itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import duckdb

from salesloop.engine.clean.quality.book import CheckBook
from salesloop.engine.clean.quality.declared import MESSAGES
from salesloop.engine.clean.quality.rules import Circumstances, Columns, RowRule, rules_of, verdicts
from salesloop.engine.clean.values.cells import ident
from salesloop.engine.model.entity import Entity, Severity
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Message, Text

MOST_LISTED: Final = 64
"""As many bits as `failed` has."""


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
class Judging:
    """The rules of one entity over one state of its table."""

    entity: Entity
    rules: Sequence[RowRule]
    fingerprint: str

    @property
    def listed(self) -> list[RowRule]:
        return [rule for rule in self.rules if rule.listed]

    @property
    def inputs(self) -> frozenset[str]:
        """The other entities that the rules read."""
        return frozenset[str]().union(*(rule.inputs for rule in self.rules))


def run_checks(
    con: duckdb.DuckDBPyConnection, book: CheckBook, at: Circumstances, *, changed: Collection[str] | None = None
) -> list[CheckResult]:
    """Judge all records of every entity that has any, or had when it was last judged, and list those that fail.

    With `changed` only these entities, and those whose checks read them. `con` writes to the building snapshot. UserError where
    an entity has more checks than can be listed.
    """
    columns = columns_of_tables(con)
    earlier = {name for (name,) in con.execute("SELECT entity FROM ledger.judged").fetchall()}
    out: list[CheckResult] = []
    for entity in book.model.entities:
        judging = judging_of(entity, book, columns, at)
        concerned = changed is None or entity.name in changed or judging.inputs & set(changed)
        if concerned and (entity.name in earlier or has_rows(con, entity.name)):
            counts = judge_table(con, judging)
            remember(con, judging)
            out += results(judging, counts)
    return out


def judging_of(entity: Entity, book: CheckBook, columns: Columns, at: Circumstances) -> Judging:
    """The rules of an entity. UserError where there are more than can be listed."""
    rules = rules_of(entity, book.model, book.of_rows(entity.name), columns, at)
    listed = sum(rule.listed for rule in rules)
    if listed > MOST_LISTED:
        raise UserError(MESSAGES.message("too_many_checks", entity=entity.label, count=listed))
    lasting = [(r.name, r.severity, r.holds if r.lasting else "", sorted(r.inputs)) for r in rules]
    return Judging(entity, rules, hashlib.sha256(repr(lasting).encode()).hexdigest()[:16])


def judge_table(con: duckdb.DuckDBPyConnection, judging: Judging) -> list[tuple[int, int]]:
    """Count over the whole table, and list its failing records anew."""
    with looked_up(con, judging.rules):
        counts = count(con, judging.rules, ident(judging.entity.name))
        list_failing(con, judging, f"FROM {ident(judging.entity.name)} t", counts)
    return counts


@contextmanager
def looked_up(con: duckdb.DuckDBPyConnection, rules: Sequence[RowRule]) -> Iterator[None]:
    """The lookups of the rules as temporary tables of their names, so that no pass computes them a second time."""
    lookups = {alias: select for rule in rules for alias, (select, _) in rule.lookups.items()}
    try:
        for alias, select in lookups.items():
            con.execute(f"CREATE OR REPLACE TEMP TABLE {alias} AS {select}")
        yield
    finally:
        for alias in lookups:
            con.execute(f"DROP TABLE IF EXISTS temp.{alias}")


def count(con: duckdb.DuckDBPyConnection, rules: Sequence[RowRule], source: str) -> list[tuple[int, int]]:
    """(failed, checked) of each rule over the rows of `source` (SQL of a relation with the columns of the table), within `looked_up`."""
    if not rules:
        return []
    counts = ", ".join(f"count(*) FILTER (NOT c{n}), count(c{n})" for n in range(len(rules)))
    row = con.execute(f"SELECT {counts} FROM ({verdicts(rules, f'FROM {source} t')})").fetchall()[0]
    return [(row[2 * n], row[2 * n + 1]) for n in range(len(rules))]


def failing_of(judging: Judging, rules: Sequence[RowRule], source: str) -> str:
    """SELECT of key and `failed` for the rows of `source` that fail any of `rules` (listed ones of the judging)."""
    key = keys_of(judging.entity)
    keyed = ", ".join(f"t.{ident(name)}" for name in judging.entity.key)
    bits = {rule.name: bit for bit, rule in enumerate(judging.listed)}
    mask = " | ".join(
        f"CASE WHEN NOT c{n} THEN {1 << bits[rule.name]}::UBIGINT ELSE 0::UBIGINT END" for n, rule in enumerate(rules)
    )
    fails = " OR ".join(f"NOT c{n}" for n in range(len(rules)))
    return f"SELECT {key}, {mask} AS failed FROM ({verdicts(rules, source, f'{keyed}, ')}) WHERE {fails}"


def list_failing(
    con: duckdb.DuckDBPyConnection, judging: Judging, source: str, counts: Sequence[tuple[int, int]]
) -> None:
    """Write `failing.<entity>` anew. Only rules that something failed are looked at a second time."""
    con.execute("CREATE SCHEMA IF NOT EXISTS failing")
    failed = [rule for rule, (found, _) in zip(judging.rules, counts, strict=True) if rule.listed and found]
    if failed:
        con.execute(f"CREATE OR REPLACE TABLE {failing_table(judging.entity)} AS {failing_of(judging, failed, source)}")
        return
    con.execute(
        f"CREATE OR REPLACE TABLE {failing_table(judging.entity)} AS "
        f"SELECT {keys_of(judging.entity)}, 0::UBIGINT AS failed FROM {ident(judging.entity.name)} LIMIT 0"
    )


def remember(con: duckdb.DuckDBPyConnection, judging: Judging) -> None:
    """What the bits of `failed` mean, and under which definitions the counts were made."""
    con.execute("DELETE FROM ledger.judged WHERE entity = ?", [judging.entity.name])
    names = [rule.name for rule in judging.listed]
    con.execute("INSERT INTO ledger.judged VALUES (?, ?, ?)", [judging.entity.name, judging.fingerprint, names])


def results(judging: Judging, counts: Sequence[tuple[int, int]]) -> list[CheckResult]:
    """The counts with what they count."""
    return [
        CheckResult(judging.entity.name, rule.name, rule.severity, rule.label, failed, checked)
        for rule, (failed, checked) in zip(judging.rules, counts, strict=True)
    ]


def failing_table(entity: Entity) -> str:
    """The SQL name of the table of an entity's failing records: its key, and the bits of the checks that it fails."""
    return f"failing.{ident(entity.name)}"


def keys_of(entity: Entity) -> str:
    """The key of an entity as a list of columns."""
    return ", ".join(ident(name) for name in entity.key)


def columns_of_tables(con: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """The columns of each published table."""
    out: dict[str, set[str]] = {}
    rows = con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal "
        "AND database_name = current_database()"
    ).fetchall()
    for table, column in rows:
        out.setdefault(table, set()).add(column)
    return out


def has_rows(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether a table is there and holds anything."""
    known = con.execute(
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'main' AND database_name = current_database() "
        "AND table_name = ?",
        [table],
    ).fetchall()
    return bool(known) and bool(con.execute(f"SELECT EXISTS (FROM {ident(table)})").fetchall()[0][0])
