"""For the other slices: where the history of a record stands. For the shell: what is done for the stewards once a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salesloop.app.accounts.services import User
from salesloop.app.quality.monitoring import tell_alarms
from salesloop.app.quality.plans import draw_due
from salesloop.app.quality.records import address, key_of
from salesloop.app.quality.sight import judged_for
from salesloop.app.workspace.services import workspace
from salesloop.engine.analyze.quality.record import record_of

__all__ = ["draw_due", "history_address", "tell_alarms"]


def history_address(user: User, entity: str, key: Mapping[str, Any]) -> str:
    """The page with everything known of one record; '' where the person does not answer for it."""
    texts = [str(key.get(name) or "") for name in workspace().model.entity(entity).key]
    answers = record_of(judged_for(user), workspace().model.entity(entity), texts) is not None
    return address(entity, key_of(entity, key)) if answers else ""
