"""A snapshot as questions about quality see it: which tables list failing records, and whose records are whose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pyarrow as pa

from salesloop.engine.clean.quality import CheckBook, book_of
from salesloop.engine.clean.quality.rows import COLUMNS
from salesloop.engine.clean.values.cells import ident
from salesloop.engine.metrics.visibility import SCOPE_EMPLOYEES, SCOPE_ORG_UNITS, scope_tables
from salesloop.engine.model.entity import Entity
from salesloop.engine.model.scope import Scope
from salesloop.engine.store import Snapshot, Workspace

SOURCE: Final = "coalesce(nullif(t.source_system, ''), b.mapping, '')"
SOURCE_JOIN: Final = "LEFT JOIN ledger.batch b ON b.batch_id = t._batch"
"""The source of a record `t`: the system that it names, else the mapping by which its delivery was read."""

_OWNERS: Final = {"employee_id": SCOPE_EMPLOYEES, "org_unit_id": SCOPE_ORG_UNITS}


@dataclass(frozen=True)
class Judged:
    """A snapshot with the checks by which it was judged, for one scope.

    Owners are those of the published record: where somebody changes the department, their records go with them.
    """

    snapshot: Snapshot
    book: CheckBook
    scope: Scope

    def rows(self, sql: str, more: Mapping[str, pa.Table] | None = None) -> list[dict[str, Any]]:
        """The answer of a SELECT that may use `owned`."""
        return self.snapshot.rows(sql, scope_tables(self.scope) | dict(more or {}))

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


def judged(source: Workspace | Snapshot, scope: Scope, book: CheckBook | None = None) -> Judged:
    """The current snapshot of a workspace (with its own checks), or a snapshot with the checks given."""
    if isinstance(source, Snapshot):
        if book is None:
            raise ValueError("a bare snapshot needs the checks that judged it")
        return Judged(source, book, scope)
    return Judged(source.current(), book or book_of(source), scope)
