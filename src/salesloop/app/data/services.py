"""For the slices and the shell: what waits in quarantine."""

from __future__ import annotations

from functools import lru_cache

from salesloop.app.accounts.services import User
from salesloop.app.workspace.services import snapshot
from salesloop.engine.store import Snapshot

__all__ = ["waiting_for"]


def waiting_for(user: User) -> int:
    """Rows in quarantine that this person may put right."""
    return _open_rows(snapshot()) if user.has_perm("data.correct") else 0


@lru_cache(maxsize=4)
def _open_rows(current: Snapshot) -> int:
    found = current.rows("SELECT count(*) AS rows FROM ledger.quarantine WHERE status = 'open'")
    return int(found[0]["rows"])
