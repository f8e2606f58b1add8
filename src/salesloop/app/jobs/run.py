"""Carries a job out, in the worker."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task

from salesloop.app.jobs.models import Job, State
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.store.engines.stopping import Stopped

log = logging.getLogger("salesloop.jobs")
MESSAGES = Messages("salesloop.app.jobs")
_WRITE_EVERY = 0.25  # seconds: people see four steps a second, and the database stays calm
_LISTEN_EVERY = 1.0  # seconds between two looks whether somebody wants it to stop


class Run:
    """A job while it runs: its parameters, where it reports how far it is, and how it hears that it should stop."""

    def __init__(self, job: Job) -> None:
        from salesloop.engine.pipeline.progress import Cancel  # the whole import machinery: only the worker needs it

        self.job = job
        self.params: dict[str, Any] = job.params
        self.cancel = Cancel()
        self._stage = ""
        self._written = 0.0

    def at(self, stage: str, fraction: float, rows: int = 0) -> None:
        """Say where the work is, and hear whether it should stop."""
        if stage == self._stage and time.monotonic() - self._written < _WRITE_EVERY:
            return
        self._stage, self._written = stage, time.monotonic()
        Job.objects.filter(pk=self.job.pk).update(stage=stage, fraction=fraction, rows=rows)
        self._hear()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hear a wish to stop also while a single step of the work takes long."""
        ended = threading.Event()
        listener = threading.Thread(target=self._listen, args=(ended,), daemon=True)
        listener.start()
        try:
            yield
        finally:
            ended.set()
            listener.join()

    def _listen(self, ended: threading.Event) -> None:
        while not ended.wait(_LISTEN_EVERY):
            try:
                self._hear()
            except DatabaseError:
                log.warning("job %s: could not look whether it should stop", self.job.pk, exc_info=True)
            finally:
                connection.close()  # a thread has its own

    def _hear(self) -> None:
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            self.cancel.ask()


@task()
def run_job(pk: int) -> None:
    """Run a queued job to its end, however it ends."""
    if not Job.objects.filter(pk=pk, state=State.QUEUED).update(state=State.RUNNING, started_at=timezone.now()):
        return  # cancelled while it waited, or taken already
    job = Job.objects.get(pk=pk)
    run = Run(job)
    try:
        with run.listening(), run.cancel.here():
            result = _work(job.kind)(run)
    except UserError as error:
        stopped = isinstance(error, Stopped)
        _finish(job, State.CANCELLED if stopped else State.FAILED, error={} if stopped else _kept(error))
    except Exception:
        name = secrets.token_hex(4).upper()
        log.exception("error %s: job %s (%s)", name, pk, job.kind)
        _finish(job, State.FAILED, error=_kept(UserError(MESSAGES.message("unexpected", id=name))))
    except BaseException:
        interrupted(Job.objects.filter(pk=pk))
        raise
    else:
        _finish(job, State.DONE, result=result or {}, fraction=1.0)


def interrupted(jobs: Any) -> int:
    """Mark running jobs (a queryset) as failed because their process ended; how many."""
    error = _kept(UserError(MESSAGES.message("interrupted")))
    count: int = jobs.filter(state=State.RUNNING).update(state=State.FAILED, error=error, finished_at=timezone.now())
    return count


def _work(kind: str) -> Any:
    paths = {name: path for config in apps.get_app_configs() for name, path in getattr(config, "jobs", {}).items()}
    return import_string(paths[kind])


def _finish(job: Job, state: State, **fields: Any) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, finished_at=timezone.now(), **fields)


def _kept(error: UserError) -> dict[str, Any]:
    where = {name: value if isinstance(value, int) else str(value) for name, value in error.where.items()}
    return {"message": error.message.to_json(), "where": where}
