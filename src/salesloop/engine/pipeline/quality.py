"""Quality as a part of every change of the tables: what a delivery changed is judged before it is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import duckdb

from salesloop.engine.analyze.quality.monitors import watch_delivery
from salesloop.engine.clean.quality import CheckResult, Circumstances, book_of, judge_delivery, run_checks
from salesloop.engine.clean.quality.profile import profile_delivery
from salesloop.engine.clean.quality.tables import table_results
from salesloop.engine.pipeline.ledger import naive_utc, record_quality
from salesloop.engine.pipeline.roll_up import roll_up
from salesloop.engine.store import Workspace


def circumstances(workspace: Workspace, now: dt.datetime) -> Circumstances:
    """The day in the workspace's time zone, and its settings."""
    return Circumstances.of(workspace.config, workspace.config.day_of(now))


def check_delivery(
    con: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    *,
    batches: Mapping[str, str],
    changed: Collection[str],
    now: dt.datetime,
) -> None:
    """Judge what the batches of an import changed, and write the outcome into the ledger of the building snapshot.

    `batches`: id → the entity that its sheet is about; `changed`: the entities that gained or changed records. Call it after
    resolving.
    """
    book, at = book_of(workspace), circumstances(workspace, now)
    results = judge_delivery(con, book, at, batches=batches, changed=changed)
    results += table_results(lambda sql: _rows(con, sql), book, at, entities=changed)
    record_quality(con, results, naive_utc(now))
    for batch_id, entity in batches.items():
        profile_delivery(con, book.model.entity(entity), batch_id)
        watch_delivery(con, book.model.entity(entity), batch_id, workspace.config.timezone)


def check_again(
    con: duckdb.DuckDBPyConnection, workspace: Workspace, now: dt.datetime, *, changed: Collection[str] | None = None
) -> list[CheckResult]:
    """Judge all records of the entities that changed, or of all: after an undo, or because somebody asked."""
    book, at = book_of(workspace), circumstances(workspace, now)
    results = run_checks(con, book, at, changed=changed)
    results += table_results(lambda sql: _rows(con, sql), book, at, entities=changed)
    record_quality(con, results, naive_utc(now))
    return results


def run_quality(workspace: Workspace, now: dt.datetime, *, wait: float = 0.0) -> list[CheckResult]:
    """Judge every record and publish the outcome as a snapshot of its own. Waits up to `wait` seconds for another writer."""
    with workspace.writing(now, "quality", wait=wait) as building:
        results = check_again(building.con, workspace, now)
        roll_up(workspace, building)
        return results


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    found = con.execute(sql)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
