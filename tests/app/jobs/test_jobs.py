"""Jobs: cancelled, interrupted, failed, reported; and when the daily chores are due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from salesloop.app.data.models import Draft, Step
from salesloop.app.jobs import daily, services
from salesloop.app.jobs.models import Job, State
from salesloop.app.jobs.run import interrupted
from salesloop.app.jobs.worker import work_off, worker_runs
from salesloop.engine.store import Workspace
from salesloop.engine.store.lock import writer_lock
from tests.app.conftest import People
from tests.app.data.conftest import HEADER, ORDERS, csv_file, own, upload

__all__ = ["own"]
Window = Callable[[str], Client]


@pytest.fixture
def draft(as_: Window, own: Workspace) -> Draft:
    """An import whose fields are decided."""
    upload(as_("analyst"), csv_file("补录.csv", [HEADER, *ORDERS]))
    work_off()
    return Draft.objects.get()


def test_a_job_that_waits_is_cancelled_at_once(as_: Window, own: Workspace, draft: Draft) -> None:
    before = own.current().number
    as_("analyst").post(f"/data/import/{draft.pk}/run/")
    draft.refresh_from_db()
    assert draft.job is not None
    answer = as_("analyst").post(f"/jobs/{draft.job.pk}/cancel/", {"next": f"/data/import/{draft.pk}/"})
    assert answer["Location"] == f"/data/import/{draft.pk}/"
    work_off()
    draft.refresh_from_db()
    assert draft.job is not None
    assert draft.job.state == State.CANCELLED
    assert draft.step == Step.MAP  # the decisions are still there
    assert own.current().number == before
    assert "预览结果" in as_("analyst").get(f"/data/import/{draft.pk}/").content.decode()


def test_a_job_that_runs_stops_at_its_next_step_and_publishes_nothing(
    as_: Window, own: Workspace, draft: Draft
) -> None:
    before = own.current().number
    as_("analyst").post(f"/data/import/{draft.pk}/run/")
    Job.objects.filter(kind="import").update(cancel_requested=True)  # asked between the start and the first step
    work_off()
    assert Job.objects.get(kind="import").state == State.CANCELLED
    assert own.current().number == before


def test_the_page_of_a_job_stays_and_says_that_it_is_being_stopped(as_: Window, people: People) -> None:
    job = Job.objects.create(kind="undo", owner=people.analyst, state=State.RUNNING)
    answer = as_("analyst").post(f"/jobs/{job.pk}/cancel/", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "正在停止" in answer.content.decode()


def test_cancelling_leads_only_to_our_own_pages(as_: Window, own: Workspace, people: People) -> None:
    job = Job.objects.create(kind="undo", owner=people.analyst)
    assert as_("analyst").post(f"/jobs/{job.pk}/cancel/", {"next": "https://evil.example/"})["Location"] == "/"


def test_a_job_whose_process_died_is_marked_as_failed(as_: Window, own: Workspace, draft: Draft) -> None:
    job = Job.objects.create(kind="import", owner=draft.owner, state=State.RUNNING, params={"draft": draft.pk})
    Draft.objects.update(job=job)
    assert interrupted(Job.objects.all()) == 1
    shown = as_("analyst").get(f"/data/import/{draft.pk}/").content.decode()
    assert "后台程序在处理时停止了" in shown


def test_the_unexpected_has_an_id_and_no_traceback(as_: Window, own: Workspace, people: People) -> None:
    job = services.start("undo", people.analyst, {"next": "/data/"})  # without its batches: a mistake of ours
    work_off()
    job.refresh_from_db()
    assert job.state == State.FAILED
    told = as_("analyst").get(f"/data/work/{job.pk}/").content.decode()
    assert "错误编号" in told
    assert "KeyError" not in told
    assert "Traceback" not in told


def test_progress_shows_rows_rate_and_time_left(as_: Window, own: Workspace, people: People) -> None:
    started = timezone.now() - dt.timedelta(seconds=20)
    job = Job.objects.create(
        kind="import",
        owner=people.analyst,
        state=State.RUNNING,
        stage="清洗与核对",
        fraction=0.5,
        rows=120_000,
        started_at=started,
    )
    answer = as_("analyst").get(f"/jobs/{job.pk}/")
    shown = answer.content.decode()
    assert "HX-Refresh" not in answer
    for words in ("清洗与核对", "120,000 行", "每秒", "约剩 20 秒", "50%"):
        assert words in shown
    assert "后台程序没有运行" in shown  # nobody holds the worker's lock
    Job.objects.update(state=State.DONE)
    assert as_("analyst").get(f"/jobs/{job.pk}/")["HX-Refresh"] == "true"


def test_a_worker_is_known_by_its_lock(own: Workspace, settings: LazySettings) -> None:
    assert not worker_runs()
    with writer_lock(Path(settings.WORKSPACE) / ".salesloop" / "worker.lock"):
        assert worker_runs()
    assert not worker_runs()


def test_an_undeclared_kind_of_work_is_a_mistake(own: Workspace) -> None:
    with pytest.raises(ValueError, match="no slice declares"):
        services.start("no_such_work", None)


UTC = dt.UTC


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        # Shanghai is eight hours ahead: 07:30 there is 23:30 UTC of the day before.
        (dt.datetime(2026, 11, 20, 23, 29, 59, tzinfo=UTC), dt.datetime(2026, 11, 19, 23, 30, tzinfo=UTC)),
        (dt.datetime(2026, 11, 20, 23, 30, tzinfo=UTC), dt.datetime(2026, 11, 20, 23, 30, tzinfo=UTC)),
        (dt.datetime(2026, 11, 21, 12, 0, tzinfo=UTC), dt.datetime(2026, 11, 20, 23, 30, tzinfo=UTC)),
    ],
    ids=["just before", "at the time", "later that day"],
)
def test_the_chores_are_due_at_half_past_seven_in_the_companys_zone(
    moment: dt.datetime, due: dt.datetime, db: None
) -> None:
    assert daily.last_due(moment) == due


def test_the_chores_start_once_a_day_also_after_a_pause(own: Workspace) -> None:
    first = daily.start_if_due()
    assert first is not None
    assert daily.start_if_due() is None
    Job.objects.update(created_at=daily.last_due(timezone.now()) - dt.timedelta(minutes=1))
    assert daily.start_if_due() is not None


def test_the_chores_of_a_day_all_work(own: Workspace) -> None:
    daily.start_if_due()
    work_off()
    job = Job.objects.get(kind="chores")
    assert (job.state, job.result) == (State.DONE, {"failed": []})
