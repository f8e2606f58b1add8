"""Second chances for rows in quarantine: after a correction of the mapping, of the dictionary or of single values.

The whole delivery is read again from what landed, with the corrections laid over it. Only so do rows keep their place
(the number of a line in its order, say); all rows that were fine before turn out unchanged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from salesloop.engine.collect.mapping import Mapping, load_mappings
from salesloop.engine.collect.raw import FileContent
from salesloop.engine.collect.read import read_file
from salesloop.engine.collect.stopping import Stop, go_on
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.pipeline.batches import LandedDelivery
from salesloop.engine.pipeline.corrections import Corrections
from salesloop.engine.pipeline.importing import import_landed
from salesloop.engine.pipeline.planning import ImportPlan, ImportRequest, PlannedTable
from salesloop.engine.pipeline.progress import Cancel, Progress
from salesloop.engine.pipeline.report import ImportReport
from salesloop.engine.pipeline.roll_up import roll_up
from salesloop.engine.store import Workspace

_MESSAGES = Messages("salesloop.engine.pipeline")


@dataclass(frozen=True, slots=True)
class _Known:
    """What the ledger says of a batch."""

    batch_id: str
    file_name: str
    sheet: str
    mapping: str
    encoding: str | None
    completed_from: tuple[str, ...]

    @property
    def landed_id(self) -> str:
        return self.batch_id.split("-")[0]

    @property
    def position(self) -> int:
        return int(self.batch_id.split("-")[1].split(".")[0])


def retry_quarantine(
    workspace: Workspace,
    batch_id: str,
    *,
    now: dt.datetime,
    mapping: Mapping | None = None,
    corrections: Corrections | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    dry_run: bool = False,
    wait: float = 0.0,
) -> ImportReport:
    """Import a batch's delivery again with `corrections`, and with `mapping` or else the one of its name as it is now.

    Rows that pass leave quarantine; the others stay. UserError where the batch or its mapping is not there, or where a
    correction names a row or column that the table does not have.
    """
    known = _known(workspace, batch_id)
    used = mapping or _saved(workspace, known)
    heard = cancel or Cancel()
    content = read_landed(workspace, known.landed_id, known.file_name, known.encoding, heard.check)
    table = next((one for one in content.tables if known.sheet in ("", one.name)), content.tables[0])
    request = ImportRequest(workspace.landed.batch(known.landed_id).original, name=known.file_name)
    planned = [PlannedTable(request, content, table, "import", used, corrections=corrections or {})]
    landed = [LandedDelivery(known.landed_id, known.position)]
    for landed_id in dict.fromkeys((known.landed_id, *known.completed_from)):
        others = [one for one in _lookups(workspace, landed_id) if one.table.name != table.name]
        planned += others
        landed += [LandedDelivery(landed_id, 0)] * len(others)
    plan = ImportPlan(tuple(planned))
    delivered = dict(enumerate(landed))
    return import_landed(
        workspace, plan, delivered, now=now, progress=progress, cancel=cancel, dry_run=dry_run, wait=wait
    )


def drop_quarantine(
    workspace: Workspace, batch_id: str, now: dt.datetime, *, rows: Sequence[int] | None = None, wait: float = 0.0
) -> int:
    """Give up waiting rows of a batch (`rows`, or all): they stay in the ledger and no longer ask for attention.

    The number of rows dropped.
    """
    _known(workspace, batch_id)
    with workspace.writing(now, f"drop {batch_id}", wait=wait) as building:
        chosen = "" if rows is None else "AND row IN (SELECT unnest($rows))"
        params: dict[str, object] = {"batch": batch_id} | ({} if rows is None else {"rows": list(rows)})
        dropped = building.con.execute(
            f"UPDATE ledger.quarantine SET status = 'dropped' WHERE batch_id = $batch AND status = 'open' {chosen}",
            params,
        ).fetchall()[0][0]
        if dropped:
            roll_up(workspace, building)
        else:
            building.discard()
    return int(dropped)


def _known(workspace: Workspace, batch_id: str) -> _Known:
    found = workspace.current().rows(
        "SELECT batch_id, file_name, sheet, mapping, encoding, completed_from FROM ledger.batch "
        "WHERE undone IS NULL AND batch_id = (SELECT id FROM asked)",
        {"asked": pa.table({"id": [batch_id]})},
    )
    if not found:
        raise UserError(_MESSAGES.message("no_such_batch", batch=batch_id))
    row = found[0]
    return _Known(**(row | {"completed_from": tuple(row["completed_from"] or ())}))


def _saved(workspace: Workspace, known: _Known) -> Mapping:
    for mapping in load_mappings(workspace.path / "sources"):
        if mapping.name == known.mapping:
            return mapping
    raise UserError(_MESSAGES.message("mapping_gone", mapping=known.mapping), file=known.file_name)


def read_landed(
    workspace: Workspace, landed_id: str, name: str, encoding: str | None, stop: Stop = go_on
) -> FileContent:
    """A landed delivery read again from its bytes, as the import did that called it `name`."""
    return read_file(workspace.landed.batch(landed_id).original, name=name, encoding=encoding, stop=stop)


def _lookups(workspace: Workspace, landed_id: str) -> list[PlannedTable]:
    batch = workspace.landed.batch(landed_id)
    request = ImportRequest(batch.original, name=batch.file_name)
    content = read_file(batch.original, name=batch.file_name)
    return [PlannedTable(request, content, table, "lookup") for table in content.tables]
