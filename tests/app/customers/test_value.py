"""Predicted value of customers: pages, segments against the cost of winning one, files, API, and whose orders count."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from salesloop.app.audit.models import Entry
from salesloop.app.prediction.services import SavedModel, lifetime_in_force
from salesloop.app.workspace.services import as_of
from salesloop.engine.analyze.predict.lifetime.history import histories
from salesloop.engine.analyze.predict.lifetime.model import predict
from salesloop.engine.model.scope import Scope
from salesloop.engine.store import Workspace
from tests.app.html import read
from tests.app.prediction.conftest import at_buyers, buyers, model, trained

__all__ = ["at_buyers", "buyers", "model", "trained"]
Window = Callable[[str], Client]
pytestmark = pytest.mark.requirement("D06")
EVERYBODY = ("rep", "manager", "other_manager", "analyst", "steward", "executive", "admin", "outsider")


def lines(window: Client, query: str = "") -> list[dict[str, Any]]:
    answer = window.get(f"/api/v1/customers/value?limit=500{query}")
    assert answer.status_code == 200, answer.content
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.mark.parametrize("who", [*EVERYBODY, "nobody"])
def test_who_opens_the_pages(as_: Window, model: SavedModel, who: str) -> None:
    opened = 302 if who == "nobody" else 200
    for path in ("/customers/value/", "/customers/value/customers.csv", "/customers/value/customers.xlsx"):
        assert as_(who).get(path).status_code == opened, path
    assert as_(who).get("/customers/value/customers.pdf").status_code == (302 if who == "nobody" else 404)
    assert as_(who).get("/api/v1/customers/value").status_code == (401 if who == "nobody" else 200)


def test_without_a_model_the_page_says_what_to_do(as_: Window, at_buyers: None) -> None:
    assert "去训练" in read(as_("analyst").get("/customers/value/")).text
    assert "去训练" not in read(as_("manager").get("/customers/value/")).text
    assert as_("analyst").get("/customers/value/customers.csv").status_code == 404
    assert as_("analyst").get("/api/v1/customers/value").status_code == 404
    assert "预计价值" not in read(as_("analyst").get("/customers/of/K000/")).one("main").text


def test_the_numbers_are_those_of_the_model(as_: Window, buyers: Workspace, model: SavedModel) -> None:
    found = histories(buyers.current(), buyers.model, Scope.all(), as_of())
    model_now = lifetime_in_force()
    assert model_now is not None
    ahead = predict(model_now.trained.model, found)
    shown = lines(as_("analyst"))
    assert len(shown) == 400
    assert [one["coming"] for one in shown] == pytest.approx(sorted(ahead.coming, reverse=True))
    best = found.customers.index(shown[0]["customer_id"])
    assert (shown[0]["alive"], shown[0]["past"]) == (pytest.approx(ahead.alive[best]), pytest.approx(ahead.past[best]))
    least = lines(as_("analyst"), "&sort=alive")[0]
    assert least["alive"] == pytest.approx(ahead.alive.min())


def test_everybody_sees_only_their_own_customers(as_: Window, model: SavedModel) -> None:
    east, south = {f"K{n:03}" for n in range(200)}, {f"K{n:03}" for n in range(200, 400)}
    assert {one["customer_id"] for one in lines(as_("rep"))} == east
    assert {one["customer_id"] for one in lines(as_("manager"))} == east
    assert {one["customer_id"] for one in lines(as_("other_manager"))} == south
    assert lines(as_("outsider")) == []
    assert "这里没有买过的客户" in read(as_("outsider").get("/customers/value/")).text
    assert {one["customer_id"] for one in lines(as_("analyst"), "&where=org_unit=D2")} == south
    assert {one["customer_id"] for one in lines(as_("analyst"), "&where=employee=E12")} == east
    assert as_("manager").get("/customers/value/?where=org_unit=D2").status_code == 404


def test_segments_stand_against_the_cost_of_winning_one(as_: Window, model: SavedModel) -> None:
    """Every customer of the last 365 days is new. 300,000 for those of 华东 and 100,000 for those of 华南, by region; 大客户
    are a quarter of all, and stand against the company's cost."""
    window = as_("analyst")
    found = {one["customer_id"]: one for one in lines(window)}
    start = as_of() - dt.timedelta(days=364)
    metric = f"/api/v1/query?metrics=customer_acquisition_cost&from={start}&to={as_of()}"
    cost = float(window.get(metric).json()["rows"][0]["customer_acquisition_cost"])
    by_region = {
        row["region"]: float(row["customer_acquisition_cost"])
        for row in window.get(metric + "&by=region").json()["rows"]
    }
    page = read(window.get("/customers/value/?segment=segment"))
    rows = {row[0]: row for row in page.all("tbody")[0].rows}
    assert rows["大客户"][1] == "100"
    mean = sum(found[f"K{n:03}"]["total"] for n in range(0, 400, 4)) / 100
    assert float(rows["大客户"][6]) == pytest.approx(mean / cost, abs=0.06)
    assert "全公司近 365 天的获客成本" in page.text
    page = read(window.get("/customers/value/?segment=region"))
    rows = {row[0]: row for row in page.all("tbody")[0].rows}
    mean = sum(found[f"K{n:03}"]["total"] for n in range(200, 400)) / 200
    assert float(rows["华南"][6]) == pytest.approx(mean / by_region["华南"], abs=0.06)
    assert "每组用自己近 365 天的获客成本" in page.text


def test_the_page_of_a_customer_says_what_they_are_to_bring(as_: Window, model: SavedModel) -> None:
    text = read(as_("rep").get("/customers/of/K000/")).one("main").text
    assert "仍是客户的概率" in text
    assert "模型 v1" in text


def test_the_file_has_every_customer_and_is_logged(as_: Window, model: SavedModel) -> None:
    answer = as_("rep").get("/customers/value/customers.csv")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert len(rows) == 201
    assert rows[0][:3] == ["客户编码", "客户", "客户细分"]
    assert (rows[1][5], rows[1][7]) == ("华东", "张伟")
    assert rows[0][13].startswith("已带来（CNY）")
    entry = Entry.objects.get(code="rows.exported")
    assert (entry.data["kind"], entry.data["version"]) == ("csv", 1)


def test_a_model_that_is_no_better_says_so(as_: Window, model: SavedModel) -> None:
    SavedModel.objects.update(naive_error=model.error / 2)
    assert "不比“和上一段时间一样”更准" in read(as_("analyst").get("/customers/value/")).text
    assert "只作参考" in read(as_("rep").get("/customers/of/K000/")).text
    assert as_("analyst").get("/api/v1/customers/value").json()["better"] is False
