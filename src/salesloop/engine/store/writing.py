"""Building the next snapshot: copy, change, check-point, then publish in one step."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from salesloop.engine.model.entity import Model
from salesloop.engine.store.engines.quiet import Config, connect
from salesloop.engine.store.files import copy, move_durably
from salesloop.engine.store.schema import prepare
from salesloop.engine.store.snapshot import Snapshots

_BUILDING: Final = ".building"


@dataclass
class Building:
    """The next snapshot while it is built. `con` is read-write; nobody else sees the file."""

    con: duckdb.DuckDBPyConnection
    number: int
    reason: str
    discarded: bool = False

    def discard(self) -> None:
        """End without publishing: there was nothing to change."""
        self.discarded = True


@contextmanager
def build(snapshots: Snapshots, model: Model, now: dt.datetime, reason: str, keep: int) -> Iterator[Building]:
    """The caller holds the writer's lock. Publishes at the end of the block, unless it raised or discarded.

    A crash at any instant leaves the old snapshot current: the new file counts only once CURRENT names it, and CURRENT
    is replaced after the file is complete on disk.
    """
    remove_leftovers(snapshots.folder)
    parent = snapshots.current_number()
    number = max(snapshots.numbers()) + 1
    staged = snapshots.folder / f"warehouse-{number}.duckdb{_BUILDING}"
    with _copy_to_change(snapshots.path(parent), staged, model) as con:
        building = Building(con, number, reason)
        yield building
        if building.discarded:
            return
        published = now.astimezone(dt.UTC).replace(tzinfo=None)
        con.execute("INSERT INTO ledger.build VALUES (?, ?, ?, ?)", [number, parent, published, building.reason])
        con.execute("CHECKPOINT")
        con.close()
        move_durably(staged, snapshots.path(number))
        snapshots.point_at(number)
        prune(snapshots, keep)


@contextmanager
def rehearse(snapshots: Snapshots, model: Model, folder: Path) -> Iterator[Building]:
    """A copy of the current snapshot to try something on, in `folder`. It is never published and needs no lock."""
    parent = snapshots.current_number()
    with _copy_to_change(snapshots.path(parent), folder / "rehearsal.duckdb", model) as con:
        yield Building(con, parent, "rehearsal")


def create_empty(snapshots: Snapshots, model: Model) -> None:
    """Snapshot 0: every table, no row."""
    staged = snapshots.folder / f"warehouse-0.duckdb{_BUILDING}"
    with _writable(staged) as con:
        prepare(con, model)
        con.execute("CHECKPOINT")
        con.close()
        move_durably(staged, snapshots.path(0))
    snapshots.point_at(0)


def leftovers(folder: Path) -> list[Path]:
    """What a crash left half built."""
    return sorted(folder.glob(f"*{_BUILDING}*")) + sorted(folder.glob("CURRENT.*.tmp"))


def remove_leftovers(folder: Path) -> None:
    """Delete what a crash left half built. Only for the holder of the writer's lock."""
    for path in leftovers(folder):
        _remove(path)


def prune(snapshots: Snapshots, keep: int) -> None:
    """Delete all but the newest `keep` snapshots and the current one. Readers of a deleted one are not disturbed."""
    current = snapshots.current_number()
    for number in snapshots.numbers()[:-keep]:
        if number != current:
            _remove(snapshots.path(number))


@contextmanager
def _copy_to_change(source: Path, staged: Path, model: Model) -> Iterator[duckdb.DuckDBPyConnection]:
    copy(source, staged)
    with _writable(staged) as con:
        prepare(con, model)
        yield con


@contextmanager
def _writable(staged: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database file that is gone afterwards, with all that belongs to it, unless it was moved away."""
    config: Config = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": "1GB",
        "temp_directory": f"{staged}.tmp",  # what does not fit in memory
    }
    try:
        con = connect(config=config)
        try:
            # Without a write-ahead log: a file that was not finished is never read, and each statement would wait for the disk.
            name = str(staged).replace("'", "''")
            con.execute(f"ATTACH '{name}' AS warehouse (RECOVERY_MODE NO_WAL_WRITES)")
            con.execute("USE warehouse")
            yield con
        finally:
            con.close()
    finally:
        for path in staged.parent.glob(f"{staged.name}*"):
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
        return
    try:
        path.unlink(missing_ok=True)
    except PermissionError:  # Windows keeps a file that somebody reads; the next write tries again
        return
