"""The stages of an import, in order: land, clean, store, resolve, check, roll up, publish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

from salesloop.engine.model.entity import Model
from salesloop.engine.pipeline.batches import Importer, LandedDelivery
from salesloop.engine.pipeline.identity.crosswalk import take_up
from salesloop.engine.pipeline.lessons import learn
from salesloop.engine.pipeline.mappings import named_apart, save_mappings
from salesloop.engine.pipeline.planning import ImportPlan, ImportRequest, plan_import, refuse_nothing
from salesloop.engine.pipeline.progress import Cancel, Cancelled, Progress, Silent
from salesloop.engine.pipeline.quality import check_again, check_delivery
from salesloop.engine.pipeline.report import BatchReport, ImportReport, LeftOut
from salesloop.engine.pipeline.resolve import resolve
from salesloop.engine.pipeline.roll_up import roll_up
from salesloop.engine.pipeline.shadows import reveal
from salesloop.engine.store import Building, Workspace


def import_files(
    workspace: Workspace,
    requests: Sequence[ImportRequest],
    *,
    now: dt.datetime,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    dry_run: bool = False,
    wait: float = 0.0,
) -> ImportReport:
    """Import files as one change: one snapshot is published for all of them, or none.

    Tables that need no decision are imported with the proposed mapping; the others are in `left_out`. UserError where a
    file cannot be read or nothing can be imported; then nothing has changed. `dry_run` counts without changing anything.
    """
    plan = plan_import(workspace, requests, progress, cancel)
    return run_import(workspace, plan, now=now, progress=progress, cancel=cancel, dry_run=dry_run, wait=wait)


def run_import(
    workspace: Workspace,
    plan: ImportPlan,
    *,
    now: dt.datetime,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    dry_run: bool = False,
    wait: float = 0.0,
) -> ImportReport:
    """As `import_files`, with a plan that somebody may have looked at. Waits up to `wait` seconds for another writer."""
    return import_landed(workspace, plan, None, now=now, progress=progress, cancel=cancel, dry_run=dry_run, wait=wait)


def import_landed(
    workspace: Workspace,
    plan: ImportPlan,
    landed: Mapping[int, LandedDelivery] | None,
    *,
    now: dt.datetime,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    dry_run: bool = False,
    wait: float = 0.0,
) -> ImportReport:
    """As `run_import`, with tables that have landed already (`landed`, by position in the plan), or land now (None)."""
    refuse_nothing(plan)
    plan = _named_apart(workspace, plan)
    shown, stop = progress or Silent(), cancel or Cancel()
    with _building(workspace, now, dry_run, wait) as building:
        with _leaving_nothing(workspace, plan):
            if landed is None:
                landed = _land(workspace, plan, now, shown, stop, dry_run)
            with stop.interrupting(building.con):
                batches = _import(workspace, building, plan, landed, now, shown, stop)
            stop.check()
        published = not dry_run and any(not batch.known for batch in batches)
        if published:
            building.reason = "import " + " ".join(batch.batch_id for batch in batches if not batch.known)
            shown.stage("roll_up", 0, 1, _rows(batches))
            with stop.interrupting(building.con):
                roll_up(workspace, building)
            stop.check()
            shown.stage("publish", 0, 1, _rows(batches))
        elif not dry_run:
            building.discard()
    if not dry_run:
        learn(workspace, plan.to_import, workspace.config.day_of(now))
        save_mappings(workspace, [table.mapping for table in plan.to_import if table.mapping is not None])
    shown.stage("publish", 1, 1, _rows(batches))
    return ImportReport(
        building.number if published else workspace.snapshot_files.current_number(),
        published,
        tuple(batches),
        tuple(LeftOut(t.content.file, t.sheet, t.why) for t in plan.tables if t.why is not None),
        dry_run,
    )


def _named_apart(workspace: Workspace, plan: ImportPlan) -> ImportPlan:
    mappings = named_apart(workspace, [table.mapping for table in plan.tables])
    return ImportPlan(
        tuple(replace(table, mapping=mapping) for table, mapping in zip(plan.tables, mappings, strict=True))
    )


def _building(workspace: Workspace, now: dt.datetime, dry_run: bool, wait: float) -> AbstractContextManager[Building]:
    return workspace.rehearsing() if dry_run else workspace.writing(now, "import", wait=wait)


def _land(
    workspace: Workspace, plan: ImportPlan, now: dt.datetime, shown: Progress, stop: Cancel, dry_run: bool
) -> dict[int, LandedDelivery]:
    """Keep the bytes of every file before anything is made of them. By position of the table in the plan."""
    out: dict[int, LandedDelivery] = {}
    requests = list(dict.fromkeys(id(table.request) for table in plan.tables))
    for done, request in enumerate(requests):
        shown.stage("land", done, len(requests), 0)
        stop.check()
        places = [n for n, table in enumerate(plan.tables) if id(table.request) == request]
        out |= _land_file(workspace, plan, places, now, dry_run)
    shown.stage("land", len(requests), len(requests), 0)
    return out


@contextmanager
def _leaving_nothing(workspace: Workspace, plan: ImportPlan) -> Iterator[None]:
    """An import that is stopped in the block takes along what it was the first to land."""
    landed = workspace.landed
    before = landed.ids()
    try:
        yield
    except Cancelled:
        for landed_id in {landed.identify(table.request.path) for table in plan.tables} & (landed.ids() - before):
            landed.remove(landed_id)
        raise


def _land_file(
    workspace: Workspace, plan: ImportPlan, places: Sequence[int], now: dt.datetime, dry_run: bool
) -> dict[int, LandedDelivery]:
    tables = [plan.tables[n] for n in places]
    path = tables[0].request.path
    if dry_run:
        landed_id = workspace.landed.identify(path)
        return {n: LandedDelivery(landed_id, position) for position, n in enumerate(places, 1)}
    sheets = list(dict.fromkeys(table.sheet or "" for table in tables))
    batch = workspace.landed.land(path, sheets, now, name=tables[0].content.file)
    positions = {sheet: position for position, sheet in enumerate(batch.sheets, 1)}
    return {
        n: LandedDelivery(batch.batch_id, positions[table.sheet or ""]) for n, table in zip(places, tables, strict=True)
    }


def _import(
    workspace: Workspace,
    building: Building,
    plan: ImportPlan,
    landed: Mapping[int, LandedDelivery],
    now: dt.datetime,
    shown: Progress,
    stop: Cancel,
) -> list[BatchReport]:
    con, model = building.con, workspace.model
    reveal(con, model)
    decided = take_up(con, workspace)
    importer = Importer(con, workspace, plan, landed, now)
    by_place: dict[int, BatchReport] = {}
    for done, place in enumerate(chosen := _dimensions_first(plan, model)):
        stop.check()
        shown.stage("clean", done, len(chosen), _rows(by_place.values()))
        by_place[place] = importer.import_table(place)
        shown.stage("store", done + 1, len(chosen), _rows(by_place.values()))
    batches = [by_place[place] for place in sorted(by_place)]
    if all(batch.known for batch in batches):
        return batches
    stop.check()
    shown.stage("resolve", 0, 1, _rows(batches))
    fresh_ids = [batch.batch_id for batch in batches if not batch.known]
    resolve(con, model, workspace.config.currency, importer.changed | decided, fresh_ids)
    stop.check()
    shown.stage("check", 0, 1, _rows(batches))
    about = {place: mapping.entity for place in by_place if (mapping := plan.tables[place].mapping) is not None}
    fresh = {batch.batch_id: about[place] for place, batch in by_place.items() if not batch.known}
    check_delivery(con, workspace, batches=fresh, changed=importer.changed | decided, now=now)
    if decided:  # merged or split records are in no batch
        check_again(con, workspace, now, changed=decided)
    shown.stage("check", 1, 1, _rows(batches))
    return batches


def _dimensions_first(plan: ImportPlan, model: Model) -> list[int]:
    """Places of the tables to import. The lists of things come before what only mentions them, which then says little new."""
    places = [n for n, table in enumerate(plan.tables) if table.role == "import"]
    kinds = {n: model.entity(mapping.entity).kind for n in places if (mapping := plan.tables[n].mapping) is not None}
    return sorted(kinds, key=lambda n: (kinds[n] != "dimension", n))


def _rows(batches: Iterable[BatchReport]) -> int:
    return sum(counts.received for batch in batches for counts in batch.entities.values())
