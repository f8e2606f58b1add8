"""From the overview down to the rows behind one number, on the page and in the files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from salesloop.engine.report.number import format_number
from tests.e2e.visitor import Visitor

Visit = Callable[..., Visitor]


@pytest.mark.requirement("I02")
def test_the_rows_behind_a_card_add_up_to_it(visit_demo: Visit) -> None:
    visitor = visit_demo("analyst")
    page = visitor.page
    card = page.locator("article.kpi", has=page.get_by_role("link", name="销售额", exact=True))
    on_the_card = card.locator(".figure").inner_text()
    card.get_by_role("link").click()
    visitor.settle()
    assert page.locator(".metric-head .figure").inner_text() == on_the_card

    page.get_by_text("换个维度").click()
    page.locator("#main").get_by_role("link", name="渠道", exact=True).click()
    page.wait_for_url("**by=channel*")
    visitor.settle()
    breakdown = page.get_by_role("group", name="渠道", exact=True)
    line = breakdown.locator("tbody tr", has=page.get_by_role("link", name="分销", exact=True))
    in_the_breakdown = line.locator("td.num").first.inner_text()
    line.get_by_role("link").click()
    expect(page.locator(".filter-chip")).to_contain_text("渠道 = 分销")
    figure = page.locator(".metric-head .figure").inner_text()
    assert figure == f"{in_the_breakdown}万元"

    page.get_by_role("link", name="明细", exact=True).click()
    page.wait_for_url("**/rows/**")
    counted = re.search(r"共 ([\d,]+) 条", page.locator("nav.pager").inner_text())
    assert counted
    text = _download(page, "CSV").decode("utf-8-sig")
    of_csv = list(csv.DictReader(io.StringIO(text)))
    assert len(of_csv) == int(counted[1].replace(",", ""))
    assert {row["渠道"] for row in of_csv} == {"分销"}
    total = sum(Decimal(row["销售额"]) for row in of_csv)
    shown_as = format_number(total, "money", "zh-Hans", currency="CNY")
    assert f"{shown_as.text}{shown_as.unit}" == figure

    head = [cell.strip() for cell in page.locator("thead th:visible").all_inner_texts()]
    shown = [row.split("\t") for row in page.locator("tbody").inner_text().splitlines() if row.strip()]
    assert [(row[head.index("订单编号")], row[head.index("销售额")]) for row in shown] == [
        (row["订单编号"], f"{Decimal(row['销售额']):,.2f}") for row in of_csv[: len(shown)]
    ]

    of_xlsx = _sheet(_download(page, "Excel"))
    assert [row["订单编号"] for row in of_xlsx] == [row["订单编号"] for row in of_csv]
    assert sum(Decimal(str(row["销售额"])) for row in of_xlsx) == total

    answer = page.request.get("/api/v1/query?metrics=revenue&from=2026-11-01&to=2026-11-21&where=channel%3D分销")
    assert Decimal(str(answer.json()["rows"][0]["revenue"])) == total


def _download(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=name, exact=True).click()
    return download.value.path().read_bytes()


def _sheet(content: bytes) -> list[dict[str, Any]]:
    """The rows of the first sheet by the names in its header."""
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    header, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, header), line, strict=True)) for line in lines]
