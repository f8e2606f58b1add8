"""When the daily chores are due."""

from __future__ import annotations

import datetime as dt

from cronsim import CronSim
from django.utils import timezone

from salesloop.app.jobs.models import Job
from salesloop.app.workspace.services import workspace

AT = "30 7 * * *"  # in the company's time zone


def last_due(moment: dt.datetime) -> dt.datetime:
    """The latest time at or before `moment` at which the chores were due."""
    local = moment.astimezone(workspace().config.zone)
    found: dt.datetime = next(CronSim(AT, local + dt.timedelta(seconds=1), reverse=True))
    return found


def start_if_due() -> Job | None:
    """Queue the chores unless they were queued since they were last due: at the time itself, or late after a pause."""
    from salesloop.app.jobs.services import start

    if Job.objects.filter(kind="chores", created_at__gte=last_due(timezone.now())).exists():
        return None
    return start("chores", None)
