"""Pages whose data are on the company's own engine: the same numbers, and what cannot be done there said in a sentence."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from salesloop.engine.store import Workspace
from salesloop.engine.store.config import write_config
from salesloop.engine.store.engines.address import parse_address
from salesloop.engine.store.remote.publish import publish, write_view
from tests.app.html import read
from tests.conftest import missing
from tests.metrics_suite.elsewhere import spark_address

PAGES = ("/", "/metrics/revenue/", "/metrics/revenue/breakdown/?by=category", "/metrics/revenue/rows/", "/customers/")


@pytest.mark.requirement("I15", "A03")
@pytest.mark.parametrize("kind", ["postgresql", "spark"])
def test_pages_show_the_same_numbers_from_another_engine(
    kind: str, company: Workspace, tmp_path: Path, settings: LazySettings, as_: Callable[[str], Client]
) -> None:
    own = {who: [shown(as_(who), page) for page in PAGES] for who in ("analyst", "manager", "rep")}
    assert "71.4%" in own["analyst"][2], "as worked out in test_metric_page"
    assert sum(len(figures) for figures in own["analyst"]) > 20, "there is something to compare"
    settings.WORKSPACE = moved(company, tmp_path, kind).path
    for who, pages in own.items():
        for page, expected in zip(PAGES, pages, strict=True):
            assert shown(as_(who), page) == expected, f"{who} sees something else on {page}"
    assert as_("nobody").get("/metrics/revenue/").status_code == 302


@pytest.mark.parametrize("kind", ["postgresql", "spark"])
def test_the_funnel_has_its_stages_in_the_order_in_which_deals_go_through_them(
    kind: str, company: Workspace, tmp_path: Path, settings: LazySettings, as_: Callable[[str], Client]
) -> None:
    own = Workspace.open(shutil.copytree(company.path, tmp_path / "own"))
    with own.writing(dt.datetime(2026, 11, 21, tzinfo=dt.UTC), "stages") as building:
        building.con.execute(
            "INSERT INTO stage_event BY NAME SELECT 'O' || n AS opportunity_id, stage, "
            "DATE '2026-11-02' + CAST(n + place AS INTEGER) AS entered_at FROM range(3) t(n), "
            "(VALUES ('报价', 2), ('赢单', 3), ('接洽', 1)) AS stages(stage, place)"
        )
    settings.WORKSPACE = moved(own, tmp_path, kind).path
    answer = as_("analyst").get("/overview/funnel/")
    assert answer.status_code == 200
    assert re.findall("接洽|报价|赢单", read(answer).text)[:3] == ["接洽", "报价", "赢单"]


def moved(company: Workspace, folder: Path, kind: str) -> Workspace:
    """A copy of the workspace whose tables are on another engine."""
    url = spark_address() if kind == "spark" else os.environ.get("SALESLOOP_TEST_POSTGRES")
    if not url:
        missing("no PostgreSQL: set SALESLOOP_TEST_POSTGRES to postgresql://user@host:port/database")
    shutil.copytree(company.path, folder / "moved")
    copy = Workspace.open(folder / "moved")
    zone, files = copy.config.timezone, folder / "files"
    for one in publish(copy.current(), copy.model, parse_address(url), zone, schema="salesloop_pages", folder=files):
        write_view(copy.path / "engine", one.view)
    write_config(copy.path, {**copy.config.model_dump(), "engine": url})
    return Workspace.open(copy.path)


def shown(client: Client, page: str) -> list[str]:
    """Every figure with decimals on a page, in its order: cards, tables, sentences; not the number of the snapshot."""
    return re.findall(r"-?\d[\d,]*\.\d+(?: ?万元|%)?", read(client.get(page)).text)
