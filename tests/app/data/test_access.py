"""Every address of the data pages and jobs, and who may open it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from salesloop.app.data.models import Draft
from salesloop.app.jobs.services import Job
from tests.app.conftest import People

Window = Callable[[str], Client]
EVERYBODY = ("rep", "manager", "analyst", "steward", "executive", "admin")
READERS = {"manager", "executive", "analyst", "steward", "admin"}
WORKERS = {"analyst", "steward", "admin"}

PAGES = {
    "/data/": READERS,
    "/data/?tab=batches": READERS,
    "/data/?tab=quarantine": WORKERS | {"executive"},
    "/data/?tab=quality": READERS,
    "/data/?tab=tables": READERS,
    "/data/?tab=snapshots": WORKERS,
    "/data/tables/order_line/": READERS,
    "/data/quality/customer/no_such_check/": set(),
    "/data/tables/no_such_table/": set(),
    "/data/quarantine/nothing-1/export.csv": set(),
    "/data/import/": WORKERS,
    "/data/import/999/": set(),
    "/data/work/999/": set(),
    "/jobs/999/": set(),
}
POSTS = {
    "/data/snapshots/1/rollback/": WORKERS,
    "/data/batches/x-1/undo/": WORKERS,
    "/data/quarantine/x-1/retry/": WORKERS,
    "/data/quarantine/x-1/drop/": WORKERS,
    "/data/import/upload/": WORKERS,
    "/data/import/999/tables/0/": WORKERS,
    "/data/import/999/files/0/": WORKERS,
    "/data/import/999/preview/": WORKERS,
    "/data/import/999/run/": WORKERS,
    "/data/import/999/back/": WORKERS,
    "/data/import/999/discard/": WORKERS,
    "/data/import/999/undo/": WORKERS,
    "/jobs/999/cancel/": set(EVERYBODY),
}


@pytest.mark.requirement("B01")
@pytest.mark.parametrize("who", EVERYBODY)
def test_pages_open_for_those_they_are_for(as_: Window, who: str) -> None:
    for address, allowed in PAGES.items():
        status = as_(who).get(address).status_code
        assert status == 200 if who in allowed else status in (403, 404), (address, status)


@pytest.mark.parametrize("who", EVERYBODY)
def test_changes_are_refused_to_others(as_: Window, who: str) -> None:
    for address, allowed in POSTS.items():
        if who not in allowed:
            assert as_(who).post(address).status_code == 403, address


@pytest.mark.parametrize("address", POSTS)
def test_changes_are_never_made_by_a_link_nor_without_a_login(as_: Window, address: str) -> None:
    assert as_("admin").get(address).status_code == 405
    assert as_("nobody").post(address)["Location"].startswith("/account/login/?next=")


def test_the_entry_of_the_navigation_is_for_readers_only(as_: Window) -> None:
    assert 'data-go="d"' in as_("manager").get("/").content.decode()
    assert 'data-go="d"' not in as_("rep").get("/").content.decode()


def test_an_import_and_its_work_belong_to_the_person_who_began_it(as_: Window, people: People) -> None:
    job = Job.objects.create(kind="undo", owner=people.analyst, params={"next": "/data/"})
    draft = Draft.objects.create(owner=people.analyst, folder="x", job=job)
    for address in (f"/data/import/{draft.pk}/", f"/data/work/{job.pk}/", f"/jobs/{job.pk}/"):
        assert as_("analyst").get(address).status_code == 200, address
        assert as_("steward").get(address).status_code == 404, address
    assert as_("steward").post(f"/jobs/{job.pk}/cancel/").status_code == 404


def test_rows_stay_within_the_scope(as_: Window) -> None:
    seen = as_("manager").get("/data/tables/order_line/").content.decode()
    assert "SO-1<" in seen
    assert "SO-4<" not in seen  # of the other region
    assert "SO-4<" in as_("other_manager").get("/data/tables/order_line/").content.decode()
