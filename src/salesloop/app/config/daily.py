"""What is done once a day: look for findings, measure what is due, remind people. Each chore fails by itself."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from django.core.management import call_command

from salesloop.app.actions.measuring import measure_due
from salesloop.app.actions.reminders import remind
from salesloop.app.data.uploads import forget_old
from salesloop.app.findings.services import run_rules
from salesloop.app.governance.services import remind_of_reviews
from salesloop.app.jobs.services import Run
from salesloop.app.quality.services import draw_due, tell_alarms
from salesloop.app.talks.services import publish_all as publish_talks
from salesloop.app.talks.services import remind as remind_of_talks
from salesloop.app.workspace.services import now, today, workspace
from salesloop.engine.governance.noticing import notice
from salesloop.engine.store.engines.stopping import Stopped

log = logging.getLogger("salesloop.jobs")

CHORES: dict[str, Callable[[dt.datetime, dt.date], object]] = {
    "findings": lambda moment, _day: run_rules(moment),
    "audits": draw_due,
    "alarms": lambda _moment, day: tell_alarms(day),
    "effects": measure_due,
    "reminders": lambda _moment, day: remind(day),
    "talks": lambda _moment, day: remind_of_talks(day),
    "entered talks": lambda _moment, _day: publish_talks(),
    "definitions": lambda moment, _day: notice(workspace(), moment),
    "reviews": remind_of_reviews,
    "uploads": lambda moment, _day: forget_old(moment),
    "queue": lambda _moment, _day: call_command("prune_db_task_results", verbosity=0),
}


def run(running: Run) -> dict[str, Any]:
    """All chores of today; `failed` names those that did not work."""
    failed = []
    for done, (name, chore) in enumerate(CHORES.items()):
        running.at(name, done / len(CHORES))
        running.cancel.check()
        try:
            chore(now(), today())
        except Stopped:
            raise
        except Exception:
            log.exception("the daily chore %s failed", name)
            failed.append(name)
    return {"failed": failed}
