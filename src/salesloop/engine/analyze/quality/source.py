"""A snapshot as questions about quality see it: which tables list failing records, and whose records are whose."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Final, Literal, get_args

import pyarrow as pa

from salesloop.engine.analyze.quality.verdicts import Verdict, Word, as_table, mark_sql, same_key, verdicts_of
from salesloop.engine.clean.quality import CheckBook, book_of
from salesloop.engine.clean.quality.rows import COLUMNS
from salesloop.engine.clean.values.cells import ident
from salesloop.engine.metrics.cache import ANSWERS, BYTES, Cache
from salesloop.engine.metrics.visibility import SCOPE_EMPLOYEES, SCOPE_ORG_UNITS, scope_tables
from salesloop.engine.model.entity import Entity
from salesloop.engine.model.scope import Scope
from salesloop.engine.store import Snapshot, Workspace

SOURCE: Final = "coalesce(nullif(t.source_system, ''), b.mapping, '')"
SOURCE_JOIN: Final = "LEFT JOIN ledger.batch b ON b.batch_id = t._batch"
"""The source of a record `t`: the system that it names, else the mapping by which its delivery was read."""

State = Literal["open", "accepted", "rejected"]
WORDS: Final[tuple[Word, ...]] = get_args(Word)
_OWNERS: Final = {"employee_id": SCOPE_EMPLOYEES, "org_unit_id": SCOPE_ORG_UNITS}

_CELL: Final = 100
"""Bytes that a value takes in a list of rows, about."""
_answers: Final[Cache[list[dict[str, Any]]]] = Cache(
    ANSWERS, BYTES, lambda rows: sum(len(row) for row in rows) * _CELL + _CELL
)


@dataclass(frozen=True)
class Judged:
    """A snapshot with the checks by which it was judged, for one scope.

    Owners are those of the published record: where somebody changes the department, their records go with them.
    `verdicts` are those in force: a record does not fail a check for which it was accepted, as long as it stays as it is.
    """

    snapshot: Snapshot
    book: CheckBook
    scope: Scope
    verdicts: tuple[Verdict, ...] = ()

    def rows(self, sql: str, more: Mapping[str, pa.Table] | None = None) -> list[dict[str, Any]]:
        """The answer of a SELECT that may use `owned` and `failing`, not to be changed: it is kept for whoever asks the same again.

        `more` are small tables, such as the values of parameters.
        """
        own = dict(more or {})
        key = (*self._asker, sql, repr({name: table.to_pydict() for name, table in own.items()}))
        return _answers.get(key, lambda: self.snapshot.rows(sql, scope_tables(self.scope) | self.given | own))

    @cached_property
    def _asker(self) -> tuple[Hashable, ...]:
        """What an answer depends on besides its question. Verdicts by their digest: there may be thousands."""
        return (self.snapshot.identity, self.scope, sha256(repr(self.verdicts).encode()).digest())

    @property
    def given(self) -> dict[str, pa.Table]:
        """What stewards said, as the tables that `failing` and `without_accepted` name."""
        return {f"_said_{entity}": table for entity, table in self.said.items()}

    @cached_property
    def said(self) -> dict[str, pa.Table]:
        """Entity → its key, and the bits of the checks for which the record is `accepted` or `rejected` and unchanged since."""
        return {
            entity.name: self._said(entity)
            for entity in self.entities()
            if any(each.entity == entity.name for each in self.verdicts)
        }

    def _said(self, entity: Entity) -> pa.Table:
        key = ", ".join(f"t.{ident(name)}" for name in entity.key)
        given = as_table([each for each in self.verdicts if each.entity == entity.name], self.bits[entity.name])
        bits = ", ".join(f"coalesce(bit_or(v.bit) FILTER (v.word = '{word}'), 0)::UBIGINT AS {word}" for word in WORDS)
        mark = mark_sql(entity, self.columns[entity.name])
        return self.snapshot.engine.execute(
            f"SELECT {key}, {bits} FROM _given v JOIN {ident(entity.name)} t ON {same_key(entity)} AND {mark} = v.mark "
            f"GROUP BY {key}",
            {"_given": given},
        )

    def failing(self, entity: Entity, state: State = "open") -> str:
        """SQL: a relation with the key and `failed` (bits) of the records that fail, by what was said of them.

        `open` leaves out what was accepted, `accepted` and `rejected` are just these. `failed` may be 0. Ask by `rows`.
        """
        table = f"failing.{ident(entity.name)}"
        if entity.name not in self.said:
            return table if state == "open" else f"(SELECT * REPLACE (0::UBIGINT AS failed) FROM {table} LIMIT 0)"
        using = ", ".join(ident(name) for name in entity.key)
        bits = "failed & ~coalesce(s.accepted, 0::UBIGINT)" if state == "open" else f"failed & s.{state}"
        join = "LEFT JOIN" if state == "open" else "JOIN"
        return f"(SELECT g.* REPLACE (g.{bits} AS failed) FROM {table} g {join} {ident('_said_' + entity.name)} s USING ({using}))"

    @cached_property
    def columns(self) -> dict[str, set[str]]:
        """The columns of each published table."""
        out: dict[str, set[str]] = {}
        for row in self.snapshot.rows(COLUMNS):
            out.setdefault(row["table_name"], set()).add(row["column_name"])
        return out

    @cached_property
    def bits(self) -> dict[str, dict[str, int]]:
        """Entity → check → value of its bit in `failing.<entity>.failed`. Empty where a snapshot was never judged."""
        known = self.snapshot.rows(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'ledger' AND table_name = 'judged'"
        )
        if not known:
            return {}
        found = self.snapshot.rows("SELECT entity, checks FROM ledger.judged")
        return {row["entity"]: {name: 1 << bit for bit, name in enumerate(row["checks"])} for row in found}

    def without_accepted(self, entity: Entity, bit: int, rows: str) -> str:
        """SQL: `rows` (a query with the key) without those that were accepted for the check with this bit."""
        if entity.name not in self.said:
            return rows
        same = " AND ".join(f"s.{ident(name)} = r.{ident(name)}" for name in entity.key)
        return (
            f"SELECT r.* FROM ({rows}) r WHERE NOT EXISTS (SELECT 1 FROM {ident('_said_' + entity.name)} s "
            f"WHERE {same} AND s.accepted & {bit}::UBIGINT <> 0)"
        )

    def weight(self, entity: str, *severities: str) -> int:
        """The bits of the checks of these severities together."""
        checks = self.book.of(entity)
        return sum(
            bit
            for name, bit in self.bits.get(entity, {}).items()
            if name in checks and checks[name].severity in severities
        )

    def entities(self) -> list[Entity]:
        """The entities that have rows and were judged."""
        return [
            entity for entity in self.book.model.entities if entity.name in self.bits and self.snapshot.has(entity.name)
        ]

    def owners(self, entity: Entity) -> tuple[str, ...]:
        """The columns that say who answers for a record. A person's own master record, or their target, is not theirs to mend."""
        present = self.columns.get(entity.name, set())
        return () if set(_OWNERS) & set(entity.key) else tuple(name for name in _OWNERS if name in present)

    def owned(self, entity: Entity, alias: str = "t") -> str:
        """SQL: whether a record belongs to the scope. What has no owner belongs to everybody's scope only.

        Stricter than who may see a record: a list of what to mend names whoever answers for it.
        """
        if self.scope.everything:
            return "true"
        parts = [
            f"{alias}.{ident(name)} IN (SELECT {ident(name)} FROM {_OWNERS[name]})" for name in self.owners(entity)
        ]
        return f"({' OR '.join(parts)})" if parts else "false"


def judged(
    source: Workspace | Snapshot,
    scope: Scope,
    book: CheckBook | None = None,
    verdicts: tuple[Verdict, ...] | None = None,
) -> Judged:
    """The current snapshot of a workspace (with its own checks and verdicts), or a snapshot with those given."""
    if isinstance(source, Snapshot):
        if book is None:
            raise ValueError("a bare snapshot needs the checks that judged it")
        return Judged(source, book, scope, verdicts or ())
    return Judged(
        source.current(), book or book_of(source), scope, verdicts_of(source) if verdicts is None else verdicts
    )
