"""The steward's page of duplicates: side by side, decided, published, undone; who may do what."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client

from salesloop.app.audit.services import entries
from salesloop.app.jobs.services import Job, State
from salesloop.engine.pipeline.identity.journal import read_history
from salesloop.engine.store import Workspace
from tests.app.data.conftest import csv_file, page, upload

Window = Callable[[str], Client]
ADDRESS = "/data/duplicates/"
EVERYBODY = ("rep", "manager", "analyst", "steward", "executive", "admin")
READERS = {"analyst", "steward", "admin"}
DECIDERS = {"steward", "admin"}
CUSTOMERS = [
    ["客户编码", "客户名称", "电话", "所属行业"],
    ["K1", "上海华信机械设备有限公司", "021-58881234", "机械"],
    ["K2", "上海華信机械设备有限公司", "021-58881234", "设备"],
    ["K3", "广州南方食品股份有限公司", "", "食品"],
]


@pytest.fixture
def doubled(own: Workspace, as_: Window, work: Callable[[], None]) -> Workspace:
    """The company with two customers that are one, imported and matched through the page."""
    address = upload(as_("steward"), csv_file("客户.csv", CUSTOMERS))
    work()
    as_("steward").post(f"{address}run/")
    work()
    return own


def case(seen: str) -> dict[str, list[str]]:
    """What the form of the first case on the page would send."""
    found: dict[str, list[str]] = {}
    form = seen[seen.index('<form method="post" action="/data/duplicates/accept/"') :]
    for name, value in re.findall(
        r'<input type="hidden" name="(entity|id)" value="([^"]*)"', form[: form.index("</form>")]
    ):
        found.setdefault(name, []).append(value)
    return found


def customers(workspace: Workspace) -> set[str]:
    return {row["customer_id"] for row in workspace.current().rows("SELECT customer_id FROM customer")}


@pytest.mark.requirement("C02")
def test_an_import_brings_doubles_into_the_queue(doubled: Workspace, as_: Window) -> None:
    seen = page(as_("steward"), ADDRESS)
    assert "上海华信机械设备有限公司" in seen
    assert "021-58881234" in seen
    assert case(seen) == {"entity": ["customer"], "id": ["K1", "K2"]}
    assert "重复 1" in page(as_("steward"), "/data/")
    assert customers(doubled) >= {"K1", "K2"}


@pytest.mark.requirement("C02", "B20")
def test_merging_with_a_chosen_value_and_undoing_it(doubled: Workspace, as_: Window, work: Callable[[], None]) -> None:
    before = customers(doubled)
    sent = {"entity": "customer", "id": ["K1", "K2"], "survivor": "K1", "field:industry": "K2", "next": ADDRESS}
    answer = as_("steward").post("/data/duplicates/accept/", sent, follow=True)
    seen = answer.content.decode()
    assert "没有疑似重复的记录" in seen
    assert "有决定还没有进入数字" in seen
    work()
    assert customers(doubled) == before - {"K2"}
    assert doubled.current().rows("SELECT name, industry FROM customer WHERE customer_id = 'K1'") == [
        {"name": "上海华信机械设备有限公司", "industry": "设备"}
    ]
    assert "有决定还没有进入数字" not in page(as_("steward"), ADDRESS)
    old = as_("analyst").get("/customers/of/K2/?period=2026-11", follow=True)
    assert old.redirect_chain == [("/customers/of/K1/?period=2026-11", 302)], "links to the old customer still work"
    assert "K2 已并入「上海华信机械设备有限公司」" in old.content.decode()
    assert as_("rep").get("/customers/of/K2/").status_code == 404, "whoever may not see the one does not see the other"
    provenance = page(as_("analyst"), "/data/duplicates/merged/customer/?id=K1")
    assert "设备<span" in provenance.replace("\n", "")
    (undo,) = set(
        re.findall(r"/data/duplicates/decisions/\w+/undo/", page(as_("steward"), "/data/duplicates/history/"))
    )
    as_("admin").post(undo)
    work()
    assert customers(doubled) == before
    assert as_("analyst").get("/customers/of/K2/").status_code == 200
    assert "孙浩已撤销" in page(as_("analyst"), "/data/duplicates/history/")
    assert case(page(as_("steward"), ADDRESS))["id"] == ["K1", "K2"]
    assert set(entries(code="duplicates").values_list("code", flat=True)) == {
        "duplicates.merged",
        "duplicates.undone",
    }


def test_all_ticked_cases_are_merged_in_one_snapshot(doubled: Workspace, as_: Window, work: Callable[[], None]) -> None:
    number = doubled.current().number
    ticked = urlencode([("entity", "customer"), ("id", "K1"), ("id", "K2"), ("survivor", "K2")])
    assert QueryDict(re.findall(r'name="case" value="([^"]+)"', page(as_("steward"), ADDRESS))[0].replace("&amp;", "&"))
    assert as_("steward").post("/data/duplicates/accept-all/", {"case": [ticked]}).status_code == 302
    work()
    assert (doubled.current().number, customers(doubled) & {"K1", "K2"}) == (number + 1, {"K2"})
    assert as_("steward").post("/data/duplicates/accept-all/").status_code == 422


@pytest.mark.requirement("C02")
def test_a_rejected_pair_is_not_asked_again(doubled: Workspace, as_: Window, work: Callable[[], None]) -> None:
    as_("steward").post("/data/duplicates/reject/", {"entity": "customer", "id": ["K1", "K2"], "survivor": "K1"})
    assert "没有疑似重复的记录" in page(as_("steward"), ADDRESS)
    assert not Job.objects.filter(kind="merge", state=State.QUEUED).exists()  # nothing to publish
    (decision,) = read_history(doubled).decisions
    assert (decision.verdict, decision.by) == ("different", "hejingyi")
    assert customers(doubled) >= {"K1", "K2"}


@pytest.mark.parametrize("who", EVERYBODY)
def test_pages_open_for_those_they_are_for(as_: Window, who: str) -> None:
    for address in (ADDRESS, "/data/duplicates/history/", "/data/duplicates/export.csv"):
        assert as_(who).get(address).status_code == (200 if who in READERS else 403), address
    for address in (
        "/data/duplicates/merged/customer/?id=nobody",
        "/data/duplicates/merged/nothing/",
        "/data/duplicates/export.pdf",
    ):
        assert as_(who).get(address).status_code == (404 if who in READERS else 403), address
    if who in READERS - DECIDERS:
        assert 'data-press="m"' not in page(as_(who), ADDRESS)


POSTS = ["accept/", "accept-all/", "reject/", "publish/", "decisions/nothing/undo/"]


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_stewards_decide(own: Workspace, as_: Window, who: str) -> None:
    for address in POSTS:
        status = as_(who).post(ADDRESS + address).status_code
        assert status in ((302, 422) if who in DECIDERS else (403,)), (address, status)
    assert read_history(own).decisions == ()


@pytest.mark.parametrize("address", POSTS)
def test_decisions_are_never_made_by_a_link_nor_without_a_login(as_: Window, address: str) -> None:
    assert as_("admin").get(ADDRESS + address).status_code == 405
    assert as_("nobody").post(ADDRESS + address)["Location"].startswith("/account/login/?next=")
    assert as_("nobody").get(ADDRESS)["Location"].startswith("/account/login/?next=")
