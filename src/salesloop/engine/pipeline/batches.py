"""One table of a delivery through cleaning and upsert, with everything that the ledger must say about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import duckdb

from salesloop.engine.clean import Cleaned, clean
from salesloop.engine.collect.join import complete
from salesloop.engine.collect.mapping import Mapping as SourceMapping
from salesloop.engine.collect.raw import RawTable
from salesloop.engine.model.text import Message
from salesloop.engine.pipeline import waiting
from salesloop.engine.pipeline.corrections import blanks_a_doubt, corrected, record_corrections
from salesloop.engine.pipeline.delivery import CleanRows, Counts, Origin
from salesloop.engine.pipeline.ledger import (
    BatchCard,
    naive_utc,
    next_batch_id,
    record_batch,
    record_counts,
    record_readings,
    standing_batch,
)
from salesloop.engine.pipeline.planning import ImportPlan, PlannedTable
from salesloop.engine.pipeline.recognise import confirmed_by, is_contradicted, recall, record_reading
from salesloop.engine.pipeline.report import BatchReport
from salesloop.engine.pipeline.upsert import upsert
from salesloop.engine.store import Workspace


@dataclass(frozen=True, slots=True)
class LandedDelivery:
    """The landed id of a file and the place of the table in it, from 1."""

    landed_id: str
    position: int

    def __str__(self) -> str:
        return f"{self.landed_id}-{self.position}"


class Importer:
    """Imports the tables of one plan into the building connection `con`; `changed` are the entities that did change."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        workspace: Workspace,
        plan: ImportPlan,
        landed: Mapping[int, LandedDelivery],
        now: dt.datetime,
    ) -> None:
        self._con = con
        self._workspace = workspace
        self._plan = plan
        self._landed = landed
        self._received_at = naive_utc(now)
        self.changed: set[str] = set()

    def import_table(self, place: int) -> BatchReport:
        """Clean and store the table at `place` of the plan."""
        planned = self._plan.tables[place]
        delivery = str(self._landed[place])
        mapping = planned.mapping
        if mapping is None:
            raise ValueError("only tables with a mapping are imported")
        delivered = self._completed(planned)
        raw = corrected(delivered, planned.corrections)
        cleaned = self._clean(raw, mapping)
        try:
            origin = Origin(next_batch_id(self._con, delivery), delivery, self._received_at)
            card = BatchCard(
                planned.content.file,
                planned.sheet or "",
                mapping.name,
                planned.content.format,
                planned.content.encoding,
                self._completed_from(planned),
            )
            report = self._store(planned, raw, cleaned, origin, card)
            if not report.known:
                record_corrections(self._con, mapping.entity, delivered, planned.corrections, origin)
            return report
        finally:
            cleaned.drop(self._con)

    def _clean(self, raw: RawTable, mapping: SourceMapping) -> Cleaned:
        """The rows that say something new, read, and the others recognised."""
        con, model, config = self._con, self._workspace.model, self._workspace.config
        cleaned = clean(con, raw, mapping, model, config, recall(con, model.entity(mapping.entity)))
        if not is_contradicted(con, model, cleaned):
            return cleaned
        cleaned.drop(con)
        return clean(con, raw, mapping, model, config)

    def _store(
        self, planned: PlannedTable, raw: RawTable, cleaned: Cleaned, origin: Origin, card: BatchCard
    ) -> BatchReport:
        con = self._con
        before = standing_batch(con, origin.delivery)
        entities, confirmed = self._upsert(cleaned, origin)
        held = waiting.hold(con, cleaned.quarantine, origin)
        for entity, counts in entities.items():
            fresh = held.get(entity, 0)  # the others wait since an earlier import of these bytes
            waited = counts.quarantined - fresh
            entities[entity] = replace(counts, quarantined=fresh, unchanged=counts.unchanged + waited)
        released = waiting.release(con, cleaned.quarantine, origin)
        said = released or blanks_a_doubt(con, planned.corrections, origin)
        nothing_new = not said and all(counts.unchanged == counts.received for counts in entities.values())
        known = before is not None and nothing_new
        if not known:
            record_batch(con, origin, card, raw.skipped)
            record_readings(con, cleaned.cells, cleaned.repairs, origin)
            record_reading(con, cleaned, origin)
            for entity, counts in entities.items():
                record_counts(con, origin.batch_id, entity, counts, confirmed.get(entity, {}))
        return BatchReport(
            before if before is not None and nothing_new else origin.batch_id,
            card.file_name,
            planned.sheet,
            card.mapping,
            entities,
            dict(raw.skipped),
            known,
            waiting.count(con, origin.delivery),
            waiting.troubles(con, cleaned.quarantine),
            _notes(planned, raw, cleaned),
        )

    def _upsert(self, cleaned: Cleaned, origin: Origin) -> tuple[dict[str, Counts], dict[str, dict[str, int]]]:
        entities: dict[str, Counts] = {}
        confirmed: dict[str, dict[str, int]] = {}
        for records in cleaned.entities:
            name, entity = records.entity, self._workspace.model.entity(records.entity)
            cells = "_cells" if records.primary else None
            rows = CleanRows(entity, records.relation, records.fields, records.primary, cells)
            done = upsert(self._con, self._workspace.model, rows, origin)
            counts = replace(
                done.counts,
                received=records.received,
                unchanged=done.counts.unchanged + records.known,
                quarantined=records.quarantined,
            )
            entities[name] = entities.get(name, Counts()) + counts
            recognised = confirmed_by(self._con, cleaned) if records.known else {}
            for batch, rows_confirmed in (*done.confirmed.items(), *recognised.items()):
                total = confirmed.setdefault(name, {})
                total[batch] = total.get(batch, 0) + rows_confirmed
            if counts.inserted or counts.replaced:
                self.changed.add(name)
        return entities, confirmed

    def _completed(self, planned: PlannedTable) -> RawTable:
        others = {table.table.name: table.table for table in self._plan.tables if table is not planned}
        if planned.mapping is None or not planned.mapping.joins:
            return planned.table
        return complete(planned.table, planned.mapping, others)

    def _completed_from(self, planned: PlannedTable) -> tuple[str, ...]:
        names = {join.table for join in planned.mapping.joins} if planned.mapping else set()
        return tuple(
            self._landed[place].landed_id
            for place, table in enumerate(self._plan.tables)
            if table.table.name in names and table is not planned
        )


def _notes(planned: PlannedTable, raw: RawTable, cleaned: Cleaned) -> tuple[Message, ...]:
    return (*planned.content.notes, *raw.notes, *cleaned.notes)
