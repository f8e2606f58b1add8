"""Takes back an import: its rows leave, what they replaced returns."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import duckdb

from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.pipeline.identity.crosswalk import take_up
from salesloop.engine.pipeline.ledger import naive_utc
from salesloop.engine.pipeline.quality import check_again
from salesloop.engine.pipeline.records import put_back
from salesloop.engine.pipeline.resolve import resolve
from salesloop.engine.pipeline.roll_up import roll_up
from salesloop.engine.pipeline.shadows import reveal
from salesloop.engine.store import Workspace

_MESSAGES = Messages("salesloop.engine.pipeline")
_FORGOTTEN = ("quarantine", "cell", "repair", "confirmed", "profile", "monitor")
_THESE = "(SELECT unnest($batches))"


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What an undo did: the snapshot that it published, the batches taken back, rows removed and restored by entity."""

    snapshot: int
    batches: tuple[str, ...]
    removed: dict[str, int]
    restored: dict[str, int]


def undo_import(workspace: Workspace, batch_id: str, now: dt.datetime, *, wait: float = 0.0) -> UndoReport:
    """Undo one batch, or all batches of one file (`batch_id` is then the id of the landed delivery).

    The tables are then what they were without it; the ledger keeps the batch, marked undone. UserError where there is no
    such batch, where it is undone already, or where a later batch replaced or confirmed its rows: that must be undone first.
    """
    with workspace.writing(now, f"undo {batch_id}", wait=wait) as building:
        con = building.con
        batches = _find(con, batch_id)
        _refuse_if_built_upon(con, batch_id, batches)
        reveal(con, workspace.model)
        decided = take_up(con, workspace)
        removed, restored = {}, {}
        for entity in workspace.model.entities:
            if gone := _remove(con, entity, batches):
                removed[entity.name] = gone
            if back := _restore(con, workspace.model, entity, batches):
                restored[entity.name] = back
        _forget(con, batches, now)
        resolve(con, workspace.model, workspace.config.currency, {*removed, *restored, *decided})
        check_again(con, workspace, now, changed={*removed, *restored, *decided})
        roll_up(workspace, building)
    return UndoReport(building.number, tuple(batches), removed, restored)


def _find(con: duckdb.DuckDBPyConnection, batch_id: str) -> list[str]:
    found = con.execute(
        "SELECT batch_id, undone, file_name FROM ledger.batch "
        "WHERE batch_id = $id OR split_part(batch_id, '-', 1) = $id ORDER BY ALL",
        {"id": batch_id},
    ).fetchall()
    if not found:
        raise UserError(_MESSAGES.message("no_such_batch", batch=batch_id))
    standing = [name for name, undone, _ in found if undone is None]
    if not standing:
        raise UserError(_MESSAGES.message("undone_already", batch=batch_id), file=found[0][2])
    return standing


def _refuse_if_built_upon(con: duckdb.DuckDBPyConnection, batch_id: str, batches: list[str]) -> None:
    later = con.execute(
        f"SELECT DISTINCT batch_id, file_name FROM ledger.batch WHERE undone IS NULL "
        f"AND batch_id NOT IN {_THESE} AND batch_id IN ("
        f"SELECT replaced_by_batch FROM ledger.superseded WHERE batch_id IN {_THESE} "
        f"UNION ALL SELECT batch_id FROM ledger.confirmed WHERE of_batch IN {_THESE}) ORDER BY ALL",
        {"batches": batches},
    ).fetchall()
    if later:
        names = [f"{later_id} ({file_name})" for later_id, file_name in later]
        raise UserError(_MESSAGES.message("undo_later_first", batch=batch_id, later=names))


def _remove(con: duckdb.DuckDBPyConnection, entity: Entity, batches: list[str]) -> int:
    gone = con.execute(f'DELETE FROM "{entity.name}" WHERE _batch IN {_THESE}', {"batches": batches}).fetchall()
    return int(gone[0][0])


def _restore(con: duckdb.DuckDBPyConnection, model: Model, entity: Entity, batches: list[str]) -> int:
    """Put back the rows of other batches that these replaced, exactly as they were delivered."""
    replaced = (
        f"SELECT record FROM ledger.superseded "
        f"WHERE entity = $entity AND replaced_by_batch IN {_THESE} AND batch_id NOT IN {_THESE}"
    )
    return put_back(con, model, entity, replaced, {"entity": entity.name, "batches": batches})


def _forget(con: duckdb.DuckDBPyConnection, batches: list[str], now: dt.datetime) -> None:
    """Drop what the ledger says of the rows; keep the batches and their counts as history."""
    params = {"batches": batches}
    con.execute(f"DELETE FROM ledger.superseded WHERE batch_id IN {_THESE} OR replaced_by_batch IN {_THESE}", params)
    for table in _FORGOTTEN:
        con.execute(f"DELETE FROM ledger.{table} WHERE batch_id IN {_THESE}", params)
    con.execute(f"UPDATE ledger.quarantine SET status = 'open', retried_by = NULL WHERE retried_by IN {_THESE}", params)
    con.execute(f"UPDATE ledger.batch SET undone = $now WHERE batch_id IN {_THESE}", {**params, "now": naive_utc(now)})
