"""Real companies' exports through the import page, as an analyst would bring them in: drop the files, look at what was
recognised, correct what a person has to, run. The counts reconcile, and the figures of the data's README stand on the pages.

Each set gets a workspace of its own. The files are read where they are (SALESLOOP_REAL_DATA).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from salesloop.engine.report.number import Format, format_number
from salesloop.engine.store import Workspace
from tests.e2e.conftest import PASSWORD, visiting
from tests.e2e.sites import run, serving
from tests.e2e.visitor import Site, Visitor


@dataclass(frozen=True)
class Figure:
    """A number of the data's README, for the days from `start` to `end` and the slice `where`."""

    metric: str
    value: str
    start: str
    end: str
    format: Format = "money"
    where: str = ""


def nothing(page: Page) -> None:
    """Everything was recognised."""


def employees_without_header(page: Page) -> None:
    """What a person knows from the warehouse's documentation: the columns of a file without header. That its quotas are
    stated for days (a few before the quarter that they are for) was recognised."""
    choose(page, "DimEmployee_dnoeth")
    page.get_by_label("这张表是").select_option(label="员工")
    page.get_by_role("button", name="识别", exact=True).click()
    expect(page.get_by_label("列2", exact=True)).to_be_visible()
    for column, field in {
        2: "employee.employee_id",
        3: "employee.manager_id",
        7: "employee.name",
        8: "employee.name",
        11: "employee.title",
        12: "employee.hire_date",
        15: "employee.email",
        16: "employee.phone",
        28: "org_unit.name",
    }.items():
        page.get_by_label(f"列{column}", exact=True).select_option(field)
    page.get_by_role("button", name="导入这张表", exact=True).click()
    choose(page, "FactSalesQuota")
    expect(page.get_by_label("期间长度")).to_have_value("day")
    expect(page.get_by_text("8 张表就绪")).to_be_visible()


@dataclass(frozen=True)
class Export:
    """Files of one folder. `ready`: tables that are recognised; `rows`: what lies in all that are imported, by file order.

    `counts` are received, accepted, quarantined and unchanged records of the table that matters most, which `titled` names.
    """

    folder: str
    files: tuple[str, ...]
    currency: str
    ready: int
    titled: str
    counts: tuple[int, int, int, int]
    figures: tuple[Figure, ...]
    correct: Callable[[Page], None] = nothing


FOUR_YEARS = ("2014-01-01", "2017-12-31")
EXPORTS = {
    "crm": Export(
        "crm_sales_opportunities",
        ("accounts.csv", "products.csv", "sales_teams.csv", "sales_pipeline.csv"),
        "USD",
        4,
        "sales_pipeline.csv",
        (8800, 8800, 0, 0),
        (
            Figure("won_amount", "10005534", "2016-10-01", "2017-12-31"),
            Figure("won_amount", "3086111", "2017-04-01", "2017-06-30"),
            Figure("deals_won", "4238", "2016-10-01", "2017-12-31", "count"),
        ),
    ),
    "superstore_cn": Export(
        "superstore_cn",
        ("示例-超市.xls",),
        "CNY",
        3,
        "订单",
        (10_000, 10_000, 0, 0),
        (
            Figure("revenue", "16117548.237", *FOUR_YEARS),
            Figure("revenue", "4692464.99", *FOUR_YEARS, where="region=华东"),
            Figure("returns_amount", "1961954.995", *FOUR_YEARS),
        ),
    ),
    "superstore_en": Export(
        "superstore_en",
        ("sample_superstore.xls",),
        "USD",
        3,
        "Orders",
        (9994, 9994, 0, 0),
        (
            Figure("gross_profit", "286397.0217", *FOUR_YEARS),
            Figure("revenue", "733215.26", "2017-01-01", "2017-12-31"),
            Figure("returns_amount", "180504.2779", *FOUR_YEARS),
        ),
    ),
    "northwind": Export(
        "northwind",
        (
            *("categories.csv", "customers.csv", "employee-territories.csv", "employees.csv", "order-details.csv"),
            *("orders.csv", "products.csv", "regions.csv", "shippers.csv", "suppliers.csv", "territories.csv"),
        ),
        "USD",
        6,
        "order-details.csv",
        (2155, 2155, 0, 0),
        (
            Figure("revenue", "1265793.0395", "1996-01-01", "1998-12-31"),
            Figure("gross_sales", "1354458.59", "1996-01-01", "1998-12-31"),
            Figure("orders", "830", "1996-01-01", "1998-12-31", "count"),
        ),
    ),
    "cn_orders": Export(
        "cn_orders_gbk",
        ("orders.csv",),
        "CNY",
        1,
        "orders.csv",
        (3478, 3478, 0, 0),
        (
            Figure("revenue", "10412.78", "2018-02-01", "2018-02-28"),
            Figure("orders", "315", "2018-01-01", "2018-01-31", "count"),
        ),
    ),
    "cn_logistics": Export(
        "cn_logistics_gbk",
        ("data_wuliu.csv",),
        "CNY",
        1,
        "data_wuliu.csv",
        (1161, 1159, 2, 0),
        (),
    ),
    "adventureworks": Export(
        "adventureworks_dw",
        (
            *("DimEmployee_dnoeth.csv", "DimReseller.parquet", "DimCustomer.parquet", "DimProduct.parquet"),
            *("DimProductSubcategory.parquet", "DimProductCategory.parquet", "DimSalesTerritory.parquet"),
            *("FactResellerSales.parquet", "FactInternetSales.parquet", "FactSalesQuota.parquet"),
        ),
        "USD",
        7,
        "FactResellerSales.parquet",
        (60_855, 60_855, 0, 0),
        (
            Figure("revenue", "109809274.20", "2010-01-01", "2014-12-31"),
            Figure("revenue", "80450596.98", "2010-01-01", "2014-12-31", where="org_unit=Sales"),
            Figure("target", "95714000", "2010-01-01", "2014-12-31"),
            Figure("attainment", "1.138", "2013-01-01", "2013-12-31", "percent", "org_unit=Sales"),
        ),
        employees_without_header,
    ),
}


@pytest.fixture(scope="module")
def empty_company(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Site:
    """A workspace without data, with its people; the analyst has logged in."""
    folder = Workspace.create(tmp_path_factory.mktemp("real") / "empty", currency="CNY").path
    run("tests.e2e.sites", str(folder), PASSWORD)
    with serving(folder) as url, ExitStack() as windows:
        site = Site(folder, url, PASSWORD)
        visiting(browser, site, windows)("linxiao")
        return site


@pytest.fixture
def analyst(request: pytest.FixtureRequest, empty_company: Site, browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    """The analyst of a copy of that company, whose base currency is the one asked for."""
    folder = shutil.copytree(empty_company.folder, tmp_path / "company", ignore=shutil.ignore_patterns("*.lock"))
    settings = folder / "salesloop.toml"
    settings.write_text(settings.read_text("utf-8").replace('"CNY"', f'"{request.param}"'), "utf-8")
    with serving(folder) as url, ExitStack() as windows:
        yield visiting(browser, Site(folder, url, PASSWORD, empty_company.sessions), windows)("linxiao")


@pytest.mark.slow
@pytest.mark.requirement("B01", "AC03")
@pytest.mark.parametrize(
    ("analyst", "export"), [(one.currency, one) for one in EXPORTS.values()], ids=list(EXPORTS), indirect=["analyst"]
)
def test_a_real_export_comes_in_through_the_page(analyst: Visitor, export: Export, real_data: Path) -> None:
    page = analyst.go("/data/import/")
    page.locator("#files").set_input_files([real_data / export.folder / name for name in export.files])
    page.get_by_role("button", name="上传并识别").click()
    expect(page.locator(".import-next")).to_contain_text(f"{export.ready} 张表就绪")
    export.correct(page)

    page.get_by_role("button", name="预览结果").click()
    expect(page.locator(".sum-line")).to_be_visible()
    previewed = counted(page)
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_role("heading", name="已导入，发布为快照 1")).to_be_visible()

    assert counted(page) == previewed
    received, accepted, quarantined, unchanged = previewed
    assert received == accepted + quarantined + unchanged
    expect(page.get_by_label("对不上")).to_have_count(0)
    assert first_row(page, export.titled) == export.counts

    for figure in export.figures:
        days = f"{figure.start}..{figure.end}"
        analyst.go(f"/metrics/{figure.metric}/?period={days}&where={figure.where}")
        shown = format_number(Decimal(figure.value), figure.format, "zh-Hans", currency=export.currency)
        expect(page.locator(".metric-head .figure")).to_contain_text(f"{shown.text}{shown.unit}")
        asked = {"metrics": figure.metric, "from": figure.start, "to": figure.end, "where": figure.where}
        answer = page.request.get("/api/v1/query", params={name: text for name, text in asked.items() if text}).json()
        exact = Decimal(str(answer["rows"][0][figure.metric]))
        assert exact.quantize(Decimal(figure.value), ROUND_HALF_UP) == Decimal(figure.value), figure


def choose(page: Page, table: str) -> None:
    """Open the table of this name in the list."""
    page.locator("a.import-table", has_text=table).click()
    expect(page.get_by_role("heading", name=table, exact=True)).to_be_visible()


def counted(page: Page) -> tuple[int, ...]:
    """Received, accepted, quarantined and unchanged of the whole import."""
    numbers = re.findall(r"[\d,]+", page.locator(".sum-line").inner_text())
    return tuple(int(number.replace(",", "")) for number in numbers)


def first_row(page: Page, title: str) -> tuple[int, ...]:
    """The same of the rows that the table of this title is made of."""
    card = page.locator("section.card", has=page.locator("h2", has_text=title))
    cells = card.locator("tbody tr").first.locator("td.num").all_inner_texts()
    received, accepted, _inserted, _replaced, _superseded, quarantined, unchanged = (
        int(cell.replace(",", "")) for cell in cells
    )
    return received, accepted, quarantined, unchanged
