"""For the slices: start long work, look at it, stop it. A slice declares its kinds of work as `jobs` of its AppConfig:
kind → dotted path of a function that takes a `Run` and gives the result as a JSON-ready mapping."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from salesloop.app.accounts.services import User
from salesloop.app.jobs.models import Job, State
from salesloop.app.jobs.run import Run, run_job
from salesloop.app.jobs.worker import worker_runs

__all__ = ["Job", "Run", "State", "cancel", "jobs_of", "start", "worker_runs"]


def start(
    kind: str, owner: User | None, params: Mapping[str, Any] | None = None, *, after: dt.timedelta = dt.timedelta(0)
) -> Job:
    """Queue a job. It begins when the worker is free, `after` so long at the earliest, and not before the caller's
    transaction is saved."""
    if not any(kind in getattr(config, "jobs", {}) for config in apps.get_app_configs()):
        raise ValueError(f"no slice declares the job {kind!r}")
    job = Job.objects.create(kind=kind, owner=owner, params=dict(params or {}))
    work = run_job.using(run_after=timezone.now() + after) if after else run_job
    transaction.on_commit(lambda: work.enqueue(job.pk))
    return job


def cancel(job: Job) -> None:
    """Stop a job: at once where it has not begun, else at its next step, or within the statement under way."""
    waiting = Job.objects.filter(pk=job.pk, state=State.QUEUED)
    if not waiting.update(state=State.CANCELLED, cancel_requested=True):
        Job.objects.filter(pk=job.pk, state=State.RUNNING).update(cancel_requested=True)


def jobs_of(user: User) -> QuerySet[Job]:
    """A person's own jobs; nobody else sees them."""
    return Job.objects.filter(owner=user)
