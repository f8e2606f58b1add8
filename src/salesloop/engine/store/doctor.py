"""Is the workspace well? Every check says what it looked at, and what to do where something is wrong."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Final, Literal

import duckdb

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Message, Messages
from salesloop.engine.store.files import sha256_of
from salesloop.engine.store.schema import given, resolved_fields
from salesloop.engine.store.snapshot import Snapshot
from salesloop.engine.store.workspace import Workspace
from salesloop.engine.store.writing import leftovers

_MESSAGES = Messages("salesloop.engine.store")
_SNAPSHOTS_TO_SPARE: Final = 3


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The outcome of one check. An error means that something is lost or wrong; a warning that something should be done."""

    check: str
    state: Literal["ok", "warning", "error"]
    message: Message


def examine(workspace: Workspace) -> Iterator[Diagnosis]:
    """Run every check, one after the other, without changing anything."""
    yield from _landed(workspace)
    yield from _snapshots(workspace)
    try:
        snapshot = workspace.current()
    except (UserError, duckdb.Error) as error:
        message = error.message if isinstance(error, UserError) else _unreadable(str(error))
        yield Diagnosis("current", "error", message)
    else:
        yield from _counts(snapshot)
        yield from _keys(workspace, snapshot)
        yield from _origins(workspace, snapshot)
    yield from _leftovers(workspace)
    yield from _space(workspace)
    yield from _app_database(workspace)


def _ok(check: str, key: str, **params: object) -> Diagnosis:
    return Diagnosis(check, "ok", _MESSAGES.message(key, **params))


def _error(check: str, key: str, **params: object) -> Diagnosis:
    return Diagnosis(check, "error", _MESSAGES.message(key, **params))


def _unreadable(problem: str) -> Message:
    return _MESSAGES.message("doctor_snapshot_unreadable", number="CURRENT", problem=problem.splitlines()[0])


def _landed(workspace: Workspace) -> Iterator[Diagnosis]:
    """The bytes of every delivery are those that were received."""
    batches, sound = workspace.landed.batches(), True
    for batch in batches:
        path = batch.original
        if not path.is_file() or sha256_of(path) != batch.sha256:
            sound = False
            yield _error("landed", "doctor_landed_changed", batch=batch.batch_id, name=batch.file_name, path=path.name)
    if sound:
        yield _ok("landed", "doctor_landed_ok", count=len(batches))


def _snapshots(workspace: Workspace) -> Iterator[Diagnosis]:
    numbers, sound = workspace.snapshot_files.numbers(), True
    for number in numbers:
        try:
            snapshot = workspace.snapshot(number)
            for entity in workspace.model.entities:
                snapshot.count(entity.name)
        except duckdb.Error as error:
            sound = False
            problem = str(error).splitlines()[0]
            yield _error("snapshots", "doctor_snapshot_unreadable", number=number, problem=problem)
    if sound:
        yield _ok("snapshots", "doctor_snapshots_ok", count=len(numbers))


def _counts(snapshot: Snapshot) -> Iterator[Diagnosis]:
    """Received = accepted + quarantined + unchanged, and every quarantined row is in the ledger."""
    wrong = snapshot.rows(
        "SELECT counts.batch_id, counts.entity FROM ledger.counts JOIN ledger.batch USING (batch_id) "
        "LEFT JOIN (SELECT batch_id, entity, count(DISTINCT row) AS kept FROM ledger.quarantine GROUP BY ALL) held "
        "ON held.batch_id = counts.batch_id AND held.entity = counts.entity "
        "WHERE undone IS NULL AND (received <> inserted + replaced + superseded + unchanged + quarantined "
        "OR coalesce(kept, 0) <> quarantined)"
    )
    for row in wrong:
        yield _error("counts", "doctor_counts_wrong", batch=row["batch_id"], entity=row["entity"])
    if not wrong:
        total = snapshot.rows("SELECT coalesce(sum(received), 0)::BIGINT AS n FROM ledger.counts")[0]["n"]
        yield _ok("counts", "doctor_counts_ok", count=total)


def _keys(workspace: Workspace, snapshot: Snapshot) -> Iterator[Diagnosis]:
    """A business key stands once in its table."""
    sound = True
    for entity in workspace.model.entities:
        if not snapshot.has(entity.name):
            continue
        resolved = resolved_fields(entity, workspace.model)  # the key is what was delivered
        key = ", ".join(f'"{given(name) if name in resolved else name}"' for name in entity.key)
        twice = snapshot.rows(
            f'SELECT count(*) AS n FROM (SELECT {key} FROM "{entity.name}" GROUP BY ALL HAVING count(*) > 1)'
        )
        if count := twice[0]["n"]:
            sound = False
            yield _error("keys", "doctor_keys_twice", entity=entity.label, count=count)
    if sound:
        yield _ok("keys", "doctor_keys_ok")


def _origins(workspace: Workspace, snapshot: Snapshot) -> Iterator[Diagnosis]:
    """Every imported batch still has the bytes that it came from."""
    landed = {batch.batch_id for batch in workspace.landed.batches()}
    batches = snapshot.rows("SELECT DISTINCT split_part(batch_id, '-', 1) AS id, file_name FROM ledger.batch")
    lost = [row for row in batches if row["id"] not in landed]
    for row in lost:
        yield _error("origins", "doctor_origin_lost", batch=row["id"], name=row["file_name"])
    if not lost:
        yield _ok("origins", "doctor_origins_ok", count=len(batches))


def _leftovers(workspace: Workspace) -> Iterator[Diagnosis]:
    paths = leftovers(workspace.snapshot_files.folder) + workspace.landed.leftovers()
    if paths:
        names = [path.name for path in paths]
        yield Diagnosis("leftovers", "warning", _MESSAGES.message("doctor_leftovers", names=names))
    else:
        yield _ok("leftovers", "doctor_no_leftovers")


def _space(workspace: Workspace) -> Iterator[Diagnosis]:
    """An import copies the snapshot before it changes it."""
    free = shutil.disk_usage(workspace.path).free
    largest = max(path.stat().st_size for path in workspace.snapshot_files.folder.iterdir())
    megabytes = {"free": free >> 20, "needed": _SNAPSHOTS_TO_SPARE * largest >> 20}
    if free < _SNAPSHOTS_TO_SPARE * largest:
        yield Diagnosis("space", "warning", _MESSAGES.message("doctor_space_short", **megabytes))
    else:
        yield _ok("space", "doctor_space_ok", **megabytes)


def _app_database(workspace: Workspace) -> Iterator[Diagnosis]:
    if not workspace.app_database.exists():
        yield _ok("app", "doctor_app_none")
        return
    try:
        with closing(sqlite3.connect(f"file:{workspace.app_database}?mode=ro", uri=True)) as con:
            verdict = con.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        verdict = str(error)
    if verdict == "ok":
        yield _ok("app", "doctor_app_ok")
    else:
        yield _error("app", "doctor_app_damaged", problem=verdict)
