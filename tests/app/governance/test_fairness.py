"""Whether standards are fair: any metric with targets, how the standard is worked out, and what people said against it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace
from tests.app.company import NOW
from tests.app.html import read

Window = Callable[[str], Client]
pytestmark = pytest.mark.requirement("F04")
QUARTER = [
    ["order_id", "order_date", "customer_id", "employee_id", "amount", "cost", "status"],
    ["Q-1", "2026-08-05", "C1", "E12", "1000", "600", "completed"],
    ["Q-2", "2026-08-06", "C3", "E13", "3000", "1500", "completed"],
]
TARGETS = [
    ["metric", "employee_id", "period", "period_start", "value"],
    ["cogs", "E12", "quarter", "2026-07-01", "1200"],
    ["cogs", "E13", "quarter", "2026-07-01", "1000"],
    ["revenue", "E12", "quarter", "2026-07-01", "2000"],
]


@pytest.fixture
def judged(company: Workspace, tmp_path: Path, settings: LazySettings) -> None:
    """The company with a third quarter: cost of 600 and 1,500 against targets of 1,200 and 1,000."""
    shutil.copytree(company.path, tmp_path / "own", ignore=shutil.ignore_patterns("writer.lock"))
    requests = []
    for entity, rows in (("order_line", QUARTER), ("target", TARGETS)):
        with (tmp_path / f"{entity}.csv").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rows)
        requests.append(ImportRequest(tmp_path / f"{entity}.csv", entity=entity))
    import_files(Workspace.open(tmp_path / "own"), requests, now=NOW)
    settings.WORKSPACE = tmp_path / "own"


def people(window: Client, query: str) -> dict[str, tuple[str, str, str]]:
    """Name → actual, target, attainment."""
    page = read(window.get(f"/governance/fairness/{query}"))
    rows = next((body.rows for body in page.all("tbody")), [])
    return {row[0]: (row[2], row[3], row[4]) for row in rows}


def test_any_metric_with_targets_can_be_judged(as_: Window, judged: None) -> None:
    """Where less is better the target is divided by the actual: 1,200 ÷ 600 and 1,000 ÷ 1,500."""
    page = read(as_("analyst").get("/governance/fairness/?metric=cogs"))
    assert [option.text for option in page.one("select", name="metric").all("option")] == ["销售额", "销售成本"]
    found = people(as_("analyst"), "?metric=cogs")
    assert {name: row[2] for name, row in found.items()} == {"张伟": "200.0%", "王芳": "66.7%"}
    assert {name: row[2] for name, row in people(as_("analyst"), "?metric=revenue").items()} == {"张伟": "50.0%"}
    assert list(people(as_("rep"), "?metric=cogs")) == ["张伟"]
    assert people(as_("other_manager"), "?metric=cogs") == {}


def test_the_standard_explains_itself(as_: Window, judged: None) -> None:
    text = read(as_("rep").get("/governance/fairness/?metric=cogs")).one("main").text
    assert "目标 ÷ 实际（越低越好的指标）" in text
    assert "活跃客户数" in text
    assert "实际 ÷ 目标" in read(as_("rep").get("/governance/fairness/?metric=revenue")).one("main").text


def test_an_unknown_metric_falls_back_to_the_usual_one(as_: Window, judged: None) -> None:
    assert as_("analyst").get("/governance/fairness/?metric=no_such&potential=x").status_code == 200
    assert people(as_("analyst"), "?metric=no_such") == people(as_("analyst"), "?metric=revenue")


def test_an_appeal_stands_beside_the_standard_with_its_answer(as_: Window, judged: None) -> None:
    page = read(as_("rep").get("/governance/fairness/?metric=cogs"))
    link = next(a.attributes["href"] for a in page.all("a") if "觉得不公平" in a.text)
    form = read(as_("rep").get(link))
    said = {
        "kind": "metric",
        "target": "cogs",
        "title": "我的辖区多是小客户",
        "why": "成本天然更高",
        "evidence": form.one("input", name="evidence").attributes["value"],
        "proposal": "",
    }
    assert as_("rep").post(link, said).status_code == 302
    assert "我的辖区多是小客户" in read(as_("analyst").get("/governance/fairness/?metric=cogs")).one("main").text
    assert "我的辖区多是小客户" not in read(as_("analyst").get("/governance/fairness/?metric=revenue")).one("main").text
