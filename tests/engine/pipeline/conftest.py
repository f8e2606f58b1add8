"""A company whose tables are filled straight through the upsert, without files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from salesloop.engine.pipeline.delivery import CleanRows, Counts, Origin
from salesloop.engine.pipeline.ledger import BatchCard, naive_utc, record_batch, record_counts
from salesloop.engine.pipeline.resolve import resolve
from salesloop.engine.pipeline.shadows import reveal
from salesloop.engine.pipeline.upsert import upsert
from salesloop.engine.store import Workspace

NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC)
Rows = Sequence[Mapping[str, object]]


@dataclass
class Company:
    workspace: Workspace

    def deliver(self, batch: str, entity: str, rows: Rows, *, primary: bool = True) -> Counts:
        """Import `rows` (all with the same fields, in the order of the file) as a batch of one entity."""
        return self.deliver_all(batch, {entity: rows}, primary=primary)[entity]

    def deliver_all(
        self, batch: str, tables: Mapping[str, Rows], *, primary: bool = True, received: dt.datetime = NOW
    ) -> dict[str, Counts]:
        out = {}
        model = self.workspace.model
        with self.workspace.writing(NOW, f"import {batch}") as building:
            con = building.con
            origin = Origin(batch, batch.split(".")[0], naive_utc(received))
            record_batch(con, origin, BatchCard(f"{batch}.csv", "", "test", "delimited", "utf-8"), {})
            reveal(con, model)
            for name, rows in tables.items():
                entity = model.entity(name)
                fields = tuple(rows[0])
                typed = ", ".join(f'CAST(? AS {entity.field(f).warehouse_type}) AS "{f}"' for f in fields)
                body = " UNION ALL ".join(f"SELECT {n} AS _row, {typed}" for n in range(1, len(rows) + 1))
                con.execute(f"CREATE TEMP TABLE given AS {body}", [row[f] for row in rows for f in fields])
                found = upsert(con, model, CleanRows(entity, "given", fields, primary), origin)
                con.execute("DROP TABLE given")
                record_counts(con, batch, name, found.counts, found.confirmed)
                out[name] = found.counts
            resolve(con, model, self.workspace.config.currency, tables, [batch])
        return out

    def rows(self, entity: str, *fields: str) -> list[tuple[Any, ...]]:
        """The published values of some fields, sorted."""
        listed = ", ".join(f'"{field}"' for field in fields)
        found = self.workspace.current().rows(f'SELECT {listed} FROM "{entity}" ORDER BY ALL')
        return [tuple(row.values()) for row in found]

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every entity and flat tree with all its columns: the whole state that a query can see."""
        names = [entity.name for entity in self.workspace.model.entities]
        names += ["region_flat", "org_unit_flat", "channel_flat"]
        snapshot = self.workspace.current()
        return {
            name: sorted(
                (tuple(row[column] for column in sorted(row)) for row in snapshot.rows(f'SELECT * FROM "{name}"')),
                key=str,
            )
            for name in names
        }

    def superseded(self) -> list[tuple[Any, ...]]:
        """entity, what was amount or name, batch and row of what was replaced, and by which batch."""
        found = self.workspace.current().rows(
            "SELECT entity, coalesce(record ->> 'amount', record ->> 'name') AS was, batch_id, row, replaced_by_batch "
            "FROM ledger.superseded ORDER BY ALL"
        )
        return [tuple(row.values()) for row in found]


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(Workspace.create(tmp_path / "company"))
