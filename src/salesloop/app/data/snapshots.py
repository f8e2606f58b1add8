"""The published states of the warehouse, and going back to one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from salesloop.app.accounts.services import User
from salesloop.app.audit.services import log
from salesloop.app.data.words import size_words
from salesloop.app.workspace.services import snapshot, workspace
from salesloop.engine.clean.values.cells import literals
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.data")
WHY = {
    "import": gettext_noop("导入"),
    "undo": gettext_noop("撤销导入"),
    "drop": gettext_noop("放弃隔离的行"),
    "init": gettext_noop("新建工作区"),
    "duplicates": gettext_noop("合并重复记录"),
}


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """One kept snapshot: `why` in words and `files` that it was about."""

    number: int
    published_at: dt.datetime
    parent: int | None
    why: str
    files: list[str]
    size: str
    is_current: bool


def snapshots() -> list[SnapshotRow]:
    """Kept snapshots, the newest first."""
    infos = workspace().snapshots()
    names = _file_names([part for info in infos for part in info.reason.split()[1:]])
    out = []
    for info in infos:
        verb, *batches = info.reason.split() or [""]
        files = list(dict.fromkeys(names.get(batch, batch) for batch in batches))
        why = _(WHY.get(verb, verb))
        out.append(
            SnapshotRow(info.number, info.published_at, info.parent, why, files, size_words(info.size), info.is_current)
        )
    return out


def roll_back(actor: User, number: int, reason: str) -> None:
    """Make a kept snapshot current again. UserError without a reason, or where it is not kept."""
    if not reason.strip():
        raise UserError(_MESSAGES.message("no_reason"))
    before = snapshot().number
    workspace().rollback(number)
    log(actor, "snapshot.rolled_back", str(number), {"from": before, "reason": reason.strip()})


def _file_names(batches: list[str]) -> dict[str, str]:
    if not batches:
        return {}
    found = snapshot().rows(
        f"SELECT batch_id, split_part(batch_id, '-', 1) AS landed, file_name FROM ledger.batch "
        f"WHERE batch_id IN ({literals(batches)}) OR split_part(batch_id, '-', 1) IN ({literals(batches)})"
    )
    return {row["landed"]: row["file_name"] for row in found} | {row["batch_id"]: row["file_name"] for row in found}
