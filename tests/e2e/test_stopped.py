"""Long questions that are stopped in the browser end on the company's own engine: by the button, and by leaving the page."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser

from tests.app.company import build_company
from tests.app.test_company_engine import moved
from tests.e2e.conftest import PASSWORD, visiting
from tests.e2e.sites import run, serving
from tests.e2e.visitor import Site, Visitor

SCHEMA = "salesloop_slow"
LONG = 120
BUSY = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'salesloop' AND state = 'active'"


class Slow:
    """A company whose order lines wait for so many seconds before they come."""

    def __init__(self, connection: psycopg.Connection, analyst: Visitor) -> None:
        self._connection, self.analyst = connection, analyst

    def wait(self, seconds: int) -> None:
        self._connection.execute(f"UPDATE {SCHEMA}.wait SET seconds = {seconds}")

    def busy(self, wanted: bool) -> bool:
        """Whether the engine computes for us, or not, before long."""
        until = time.monotonic() + LONG / 4
        while time.monotonic() < until:
            ((count,),) = self._connection.execute(BUSY).fetchall()
            if (count > 0) is wanted:
                return True
            time.sleep(0.2)
        return False


@pytest.fixture
def slow(postgres_url: str, tmp_path: Path, browser: Browser) -> Iterator[Slow]:
    folder = moved(build_company(tmp_path / "company"), tmp_path, "postgresql").path
    mapping = folder / "engine" / "order_line.yaml"
    mapping.write_text(mapping.read_text("utf-8").replace("salesloop_pages.", f"{SCHEMA}."), "utf-8")
    run("tests.e2e.sites", str(folder), PASSWORD)
    with psycopg.connect(postgres_url, autocommit=True) as connection, serving(folder) as url, ExitStack() as windows:
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
        connection.execute(f"CREATE TABLE {SCHEMA}.wait AS SELECT 0 AS seconds")
        connection.execute(f"CREATE TABLE {SCHEMA}.lines AS SELECT * FROM salesloop_pages.order_line")
        connection.execute(
            f"CREATE VIEW {SCHEMA}.order_line AS SELECT lines.* FROM {SCHEMA}.lines "
            f"CROSS JOIN (SELECT pg_sleep(seconds) FROM {SCHEMA}.wait) AS waited"
        )
        analyst = visiting(browser, Site(folder, url, PASSWORD), windows)("linxiao")
        analyst.go("/findings/")
        yield Slow(connection, analyst)


@pytest.mark.requirement("I15")
def test_a_long_question_ends_on_the_engine(slow: Slow) -> None:
    assert slow.busy(wanted=False)
    slow.wait(LONG)
    page = slow.analyst.page

    page.get_by_role("button", name="现在检查").click()
    page.get_by_role("button", name="停止").wait_for()
    assert slow.busy(wanted=True), "the rules are asked of the engine"
    page.get_by_role("button", name="停止").click()
    page.get_by_text("检查已停止，没有记录任何发现。").wait_for()
    assert slow.busy(wanted=False), "stopped by the button"

    page.evaluate("location.href = '/metrics/revenue/?period=2026-03'")
    assert slow.busy(wanted=True), "the page is being computed"
    page.goto("about:blank")
    assert slow.busy(wanted=False), "nobody waits for the page any more"

    page.goto(slow.analyst.site.url + "/findings/")
    page.evaluate("location.href = '/reports/weekly/file.pdf?period=2026-W40'")
    assert slow.busy(wanted=True), "the report is being made"
    page.goto("about:blank")
    assert slow.busy(wanted=False), "nobody waits for the file any more"
