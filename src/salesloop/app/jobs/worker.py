"""The worker: one process a workspace that runs the jobs one after another and starts the daily chores."""

from __future__ import annotations

import logging
import os
import signal
import threading
from pathlib import Path
from types import FrameType
from typing import NoReturn

from django.conf import settings
from django.db import connection
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from salesloop.app.jobs import daily
from salesloop.app.jobs.models import Job
from salesloop.app.jobs.run import interrupted
from salesloop.engine.store.lock import WriterBusy, writer_lock

log = logging.getLogger("salesloop.jobs")
_POLL_SECONDS = 0.4
_LOOK_FOR_CHORES = 20.0
_FOR_EVER = 10.0**9


def work(*, with_parent: bool = False) -> None:
    """Run jobs until the process is told to stop. A second worker of the same workspace waits until the first ends.

    `with_parent`: stop as soon as standard input closes, which it does when the parent process ends, however it ends.
    """
    if with_parent:
        threading.Thread(target=_stop_with_parent, daemon=True).start()
    worker = _worker(batch=False)
    _stop_on_signals(worker)
    with writer_lock(_lock_file(), wait=_FOR_EVER):
        _recover()
        stopped = threading.Event()
        chores = threading.Thread(target=_start_chores, args=(stopped,), daemon=True)
        chores.start()
        try:
            worker.run()
        finally:
            stopped.set()


def work_off() -> None:
    """Run the jobs that are queued now, then return."""
    _worker(batch=True).run()


def worker_runs() -> bool:
    """Whether a worker serves this workspace now."""
    try:
        with writer_lock(_lock_file()):
            return False
    except WriterBusy:
        return True


def _lock_file() -> Path:
    return Path(settings.WORKSPACE) / ".salesloop" / "worker.lock"


def _worker(*, batch: bool) -> Worker:
    return Worker(
        queue_names=["default"],
        interval=_POLL_SECONDS,
        batch=batch,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"{os.getpid()}",
        excluded_queue_names=[],
    )


def _recover() -> None:
    """What still counts as running belongs to a process that is gone: we hold its lock."""
    count = interrupted(Job.objects.all())
    DBTaskResult.objects.running().delete()
    if count:
        log.warning("%s job(s) were interrupted by the end of their worker", count)


def _stop_on_signals(worker: Worker) -> None:
    def stop(number: int, frame: FrameType | None) -> NoReturn:
        worker.running = False
        raise SystemExit(0)  # ends a sleep; a running job is marked as interrupted and publishes nothing

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


def _stop_with_parent() -> None:
    """A published snapshot is never half written, so that the process may end at any instant."""
    while os.read(0, 1024):  # not through sys.stdin: its lock would be held when the interpreter ends
        pass
    os._exit(0)


def _start_chores(stopped: threading.Event) -> None:
    while not stopped.is_set():
        try:
            daily.start_if_due()
        except Exception:
            log.exception("the daily chores could not be queued")
        finally:
            connection.close()
        stopped.wait(_LOOK_FOR_CHORES)
