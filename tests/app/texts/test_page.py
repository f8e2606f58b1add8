"""The page of the voice of the customer: themes, words and texts of what a person may see, all in the address."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client

from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace
from tests.app.company import NOW
from tests.app.html import Element, read

Window = Callable[[str], Client]
TEXTS = [
    ["V1", "拜访", "2026-11-10 09:00", "C1", "E12", "太贵了，还要再商量"],
    ["V2", "拜访", "2026-11-11 09:00", "C1", "E12", "交期延期，很不满"],
    ["V3", "电话", "2026-11-12 09:00", "C3", "E13", "价格合理"],
    ["V4", "电话", "2026-11-13 09:00", "C4", "E21", "包装破损"],
    ["V5", "电话", "2026-08-13 09:00", "C4", "E21", "报价收到"],
]


@pytest.fixture(scope="module")
def heard(company: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("heard") / "workspace"
    shutil.copytree(company.path, folder)
    file = folder.parent / "拜访.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["拜访编号", "拜访类型", "拜访时间", "客户编码", "业务员工号", "客户反馈"], *TEXTS])
    workspace = Workspace.open(folder)
    import_files(workspace, [ImportRequest(file, entity="activity")], now=NOW)
    return workspace


@pytest.fixture(autouse=True)
def own(heard: Workspace, settings: LazySettings, _workspace: None) -> None:
    settings.WORKSPACE = heard.path


def page(window: Client, query: str = "") -> Element:
    return read(window.get(f"/texts/heard/?{query}"))


def themes(found: Element) -> dict[str, str]:
    tables = found.all("table")
    return {row[0].removesuffix(" 只看这个"): row[1] for row in tables[0].one("tbody").rows} if tables else {}


def said(found: Element) -> list[str]:
    return [part.text for part in found.all("p", class_="said")]


@pytest.mark.requirement("B17")
def test_themes_with_their_texts_beside_the_numbers(as_: Window) -> None:
    found = page(as_("analyst"))
    assert themes(found) == {"价格": "2", "交期与物流": "1", "包装": "1"}
    price = next(row for row in found.all("table")[0].one("tbody").rows if row[0] == "价格")
    assert any(cell.startswith("5.2") for cell in price), (
        price
    )  # of C1 10,000 + 12,000, of C3 20,000 + 10,000 in the last 90 days
    assert said(found)[0] == "包装破损"


def test_a_person_hears_their_own_customers_and_their_manager_the_team(as_: Window) -> None:
    assert said(page(as_("rep"))) == ["交期延期，很不满", "太贵了，还要再商量"]
    assert len(said(page(as_("manager")))) == 3
    assert said(page(as_("other_manager"))) == ["包装破损"]
    assert said(page(as_("outsider"))) == []


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("theme=price", 2),
        ("theme=nonsense", 4),
        ("q=合理", 1),
        ("source=activity", 4),
        ("source=ticket", 0),
        ("where=customer%3DC1", 2),
        ("where=org_unit%3DD2", 1),
        ("period=2026-08", 1),
        ("theme=price&q=破损", 0),
        ("page=99", 4),
    ],
)
def test_everything_is_in_the_address(as_: Window, query: str, count: int) -> None:
    assert len(said(page(as_("analyst"), query))) == count


def test_by_a_dimension_it_says_who_says_what(as_: Window) -> None:
    rows = page(as_("manager"), "by=employee").all("table")[-1].rows
    assert rows == [["张伟", "2", "交期与物流 1 价格 1"], ["王芳", "1", "价格 1"]]


def test_a_wrong_file_of_themes_is_explained_and_no_page_breaks(as_: Window, heard: Workspace) -> None:
    file = heard.path / "standards" / "themes.yaml"
    file.write_text("themes: 5", encoding="utf-8")
    try:
        answer = as_("analyst").get("/texts/heard/")
        assert answer.status_code == 422
        assert "standards/themes.yaml" in read(answer).text
    finally:
        file.unlink()


@pytest.mark.parametrize("address", ["/texts/", "/texts/heard/"])
def test_who_may_open_it(as_: Window, address: str) -> None:
    assert as_("nobody").get(address)["Location"].startswith("/account/login/")
    for who in ("rep", "manager", "analyst", "steward", "executive", "admin", "outsider"):
        assert as_(who).get(address).status_code == 200
    assert as_("rep").get(f"{address}?where=org_unit%3DD2").status_code == 404  # a place out of sight


def test_markup_in_a_text_is_only_text(as_: Window) -> None:
    assert b"<b>x" not in as_("analyst").get("/texts/?q=<b>x").content
