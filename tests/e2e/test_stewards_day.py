"""A steward's day: an alarm, a dirty file, doubts, verdicts, a duplicate, an audit, the week's signature, the correction file."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from salesloop.engine.analyze.quality import learn
from salesloop.engine.collect.read import read_file
from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.pipeline.identity.queue import look
from salesloop.engine.store import Workspace
from tests.app.company import NOW, build_company
from tests.e2e.conftest import PASSWORD, Visit, visiting
from tests.e2e.sites import run, serving
from tests.e2e.visitor import Site
from tests.engine.analyze.deliveries import Source

CUSTOMERS = [
    ["客户编码", "客户名称", "业务员工号", "电话", "统一社会信用代码"],
    ["K1", "同名贸易", "E13", "13800138001", ""],
    ["K2", "同名贸易", "E12", "13800138002", ""],
    ["K3", "上海华信机械设备有限公司", "E13", "02158881234", ""],
    ["K4", "上海華信机械设备有限公司", "E13", "02158881234", ""],
    ["K5", "同名贸易", "E21", "13800138005", ""],
]
ORDERS = [["订单编号", "订单日期", "客户编码", "业务员工号", "金额", "成本金额"]]
ORDERS += [[f"SO-30{n}", "2026-11-18", "K3", "E12", "1000", "600"] for n in range(9)]
ORDERS[3][4] = "面议"
ORDERS[5][5] = "待定"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The small company after fifteen Mondays of shop orders, the last with a fifth of the rows; two customers are one."""
    folder = tmp_path_factory.mktemp("steward")
    workspace = build_company(folder)
    with workspace.writing(NOW, "import") as building:
        source = Source(building.con, workspace, first=dt.datetime(2026, 8, 10, 1), name="门店订单")
        for step in range(learn.ENOUGH):
            source.bring(rows=100 + step % 3)
        source.bring(rows=20)
    import_files(workspace, [ImportRequest(written(folder, "客户", CUSTOMERS), entity="customer")], now=NOW)
    look(workspace, now=NOW)
    run("tests.e2e.sites", str(workspace.path), PASSWORD)
    run("tests.e2e.alarmed", str(workspace.path))
    with serving(workspace.path) as url:
        yield Site(workspace.path, url, PASSWORD)


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    with ExitStack() as windows:
        yield visiting(browser, site, windows)


def written(folder: Path, name: str, rows: list[list[str]]) -> Path:
    file = folder / f"{name}.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return file


def score(page: Page) -> float:
    page.goto("/quality/")
    return float(page.locator(".score-figure .figure").inner_text().rstrip("% "))


def judge(page: Page, owner: str, button: str, why: str) -> None:
    """Say what holds of the double name of a customer of this owner."""
    page.goto("/quality/mend/?entity=customer&check=name_unique")
    record = page.locator(".mend > li", has_text=owner)
    record.get_by_text("判定", exact=True).click()
    record.get_by_label("理由").fill(why)
    record.get_by_role("button", name=button).click()


def open_notice(page: Page, text: str) -> None:
    page.goto("/notices/")
    page.get_by_role("button", name=re.compile(text)).click()


@pytest.mark.requirement("B12", "B21", "C01", "C02", "C03", "C05", "C06", "C07")
def test_the_stewards_day(visit: Visit, site: Site, tmp_path: Path) -> None:
    page, workspace = visit("hejingyi").page, Workspace.open(site.folder)

    # a delivery was off the usual
    expect(page.locator(".bell .badge")).to_have_text("1")
    open_notice(page, "送来的数据异常：「门店订单」")
    alarmed = page.locator("section.card", has_text="门店订单15.csv")
    expect(alarmed).to_contain_text("1 项异常")
    expect(alarmed.locator("tr", has_text="行数").first).to_contain_text("20")

    # a dirty file: a row waits, a cell cannot be read
    page.goto("/data/import/")
    page.locator("#files").set_input_files(written(tmp_path, "补录订单", ORDERS))
    page.get_by_role("button", name="上传并识别").click()
    page.get_by_role("button", name="预览结果").click()
    expect(page.locator(".sum-line")).to_contain_text("隔离")
    page.get_by_role("button", name="导入", exact=True).click()
    page.get_by_role("link", name="1 行待处理").click()
    page.get_by_label(re.compile("^金额")).fill("1000")
    page.get_by_role("button", name="改正并重试").click()
    expect(page.get_by_role("status")).to_contain_text("1 行已通过并写入")
    page.goto("/quality/cells/")
    doubt = page.locator(".mend > li", has_text="待定")
    doubt.get_by_role("textbox").fill("600")
    doubt.get_by_role("button", name="改正").click()
    expect(page.get_by_text("指标需要的单元格都读懂了")).to_be_visible()
    found = workspace.current().rows(
        "SELECT sum(amount) AS amount, sum(cost) AS cost FROM order_line WHERE order_id LIKE 'SO-30_'"
    )
    assert found == [{"amount": 9000, "cost": 5400}]

    # one record is right as it is, another goes back to its owner
    before = score(page)
    judge(page, "刘洋", "认可", "两家门店同名，已核对营业执照")
    expect(page.get_by_role("status")).to_contain_text("已认可")
    judge(page, "张伟", "退回", "请补门店名")
    expect(page.get_by_role("status")).to_contain_text("已退回")
    assert score(page) > before
    owner = visit("zhangwei").page
    open_notice(owner, "何静怡 退回了「同名贸易」")
    expect(owner.locator(".mend > li")).to_contain_text("请补门店名")

    # two customers are one
    page.goto("/data/duplicates/")
    page.locator("[data-row]", has_text="华信").get_by_role("button", name="合并").click()
    expect(page.locator(".toast-text")).to_contain_text("已合并 1 组")

    # a sample is drawn, compared and signed
    page.goto("/quality/audits/")
    page.get_by_label("数据", exact=True).select_option("order_line")
    page.get_by_label("条数").fill("3")
    page.get_by_role("button", name="开始抽查").click()
    for place in (1, 2, 3):
        expect(page.locator(".card-head", has_text=f"{place} / 3")).to_be_visible()
        if place == 2:
            page.locator("[name='true:amount']").fill("1")
        page.get_by_role("button", name="核对完毕，下一条").click()
    expect(page.locator(".figure")).to_contain_text("66.7")
    page.get_by_role("button", name="签字").click()
    expect(page.get_by_role("status")).to_contain_text("抽查已签字")

    # the week is signed, and the source gets its list
    page.goto("/quality/reviews/")
    page.locator(".weeks > li").first.get_by_role("button", name="签字").click()
    expect(page.get_by_role("status")).to_contain_text("这一周已签字")
    page.goto("/quality/mend/")
    with page.expect_download() as download:
        page.get_by_role("link", name="交给来源改正").click()
    download.value.save_as(tmp_path / "待改.xlsx")
    lines = [set(line.values()) for line in read_file(tmp_path / "待改.xlsx").tables[0].data.to_pylist()]
    assert any("K2" in line for line in lines), "what was returned is in the list"
    assert not any("K5" in line for line in lines), "what was accepted is not"
