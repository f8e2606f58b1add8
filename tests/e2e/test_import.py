"""The guided import in a real browser, against a real server with its real worker."""

from __future__ import annotations

import csv
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from salesloop.engine.store import Workspace
from tests.app.company import build_company
from tests.e2e.conftest import PASSWORD, Visit, visiting
from tests.e2e.sites import environment, run, serving
from tests.e2e.visitor import Site

HEADER = ["订单编号", "订单日期", "客户编码", "业务员工号", "金额", "备用"]
ROWS = [[f"SO-2{n:02d}", "2026-11-18", "C1", "E12", f"{n}000", f"{n}00"] for n in range(1, 11)]
ROWS[4][4] = "面议"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A company that these journeys may change, behind `salesloop serve` with its worker."""
    folder = build_company(tmp_path_factory.mktemp("import")).path
    run("tests.e2e.sites", str(folder), PASSWORD)
    with serving(folder) as url:
        yield Site(folder, url, PASSWORD)


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """Windows on that company."""
    with ExitStack() as windows:
        yield visiting(browser, site, windows)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    file = tmp_path / "门店补录.csv"
    with file.open("w", encoding="gb18030", newline="") as out:
        csv.writer(out).writerows([HEADER, *ROWS])
    return file


def drop(page: Page, file: Path) -> None:
    """Drag a file from the desktop onto the drop zone."""
    content = list(file.read_bytes())
    transfer = page.evaluate_handle(
        "([name, bytes]) => { const t = new DataTransfer(); t.items.add(new File([new Uint8Array(bytes)], name)); return t; }",
        [file.name, content],
    )
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event("[data-drop-zone]", event, {"dataTransfer": transfer})


def serious(page: Page) -> list[str]:
    """What axe finds wrong with the page."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']][:3]}" for one in found]


@pytest.mark.requirement("B01", "B05")
def test_import_with_a_correction(visit: Visit, site: Site, export: Path) -> None:
    page, workspace = visit("linxiao").page, Workspace.open(site.folder)
    before = workspace.current().count("order_line")
    page.goto("/data/")
    page.get_by_role("link", name="导入数据").click()
    drop(page, export)
    expect(page.locator("[data-drop-files] li")).to_contain_text("门店补录.csv")
    page.get_by_role("button", name="上传并识别").click()

    column = page.get_by_label("备用", exact=True)
    expect(column).to_have_value("")
    column.select_option(label="销售成本")
    page.get_by_role("button", name="保存改动").click()
    expect(page.get_by_label("备用", exact=True)).to_have_value("order_line.cost")

    page.get_by_role("button", name="预览结果").click()
    expect(page.locator(".sum-line")).to_have_text(re.compile(r"将收到\s*10\s*= 接受\s*9\s*\+ 隔离\s*1\s*\+ 未变\s*0"))
    expect(page.get_by_text("「销售额」的值「面议」不是金额")).to_be_visible()
    assert workspace.current().count("order_line") == before

    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("已导入，发布为快照"))).to_be_visible()
    assert workspace.current().count("order_line") == before + 9

    page.get_by_role("link", name="1 行待处理").click()
    page.get_by_label(re.compile("^金额")).fill("5,000")
    page.get_by_role("button", name="改正并重试").click()
    expect(page.get_by_role("status")).to_contain_text("1 行已通过并写入")
    assert workspace.current().count("order_line") == before + 10

    page.goto("/data/")
    batches = page.locator("article.batch", has_text="门店补录.csv")
    expect(batches).to_have_count(2)  # the import and the retry
    batches.nth(0).get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("导入已撤销")
    assert workspace.current().count("order_line") == before + 9


@pytest.mark.requirement("B01")
def test_an_encoding_in_doubt_is_shown_both_ways_and_a_person_decides(visit: Visit, tmp_path: Path) -> None:
    header, names = "order_id,order_date,customer_name,amount", {"陳明": "big5", "宏达": "gb18030"}
    files = [tmp_path / f"{encoding}.csv" for encoding in names.values()]
    for file, (name, encoding) in zip(files, names.items(), strict=True):
        file.write_bytes(f"{header}\nSO-301,2026-11-20,{name},500\n".encode(encoding))
    page = visit("linxiao", width=390).page
    page.goto("/data/import/")
    page.locator("#files").set_input_files(files)
    page.get_by_role("button", name="上传并识别").click()
    expect(page.get_by_text("2 个文件的编码待确认")).to_be_visible()
    assert serious(page) == []
    for name in names:  # what the detector believes stands first
        asked = page.locator(".encoding-ask", has_text=name)
        expect(asked.locator(".reading")).to_have_count(2)
        expect(asked.locator(".reading.chosen pre")).to_contain_text(f"SO-301,2026-11-20,{name},500")

    simplified = page.locator(".encoding-ask", has_text="宏达")
    simplified.get_by_role("button", name="就按繁体中文（Big5）读").click()  # the wrong one, to see that it is obeyed
    expect(page.get_by_text("1 个文件的编码待确认")).to_be_visible()
    page.locator("a.import-table", has_text="gb18030.csv").click()
    expect(page.locator(".column-name", has_text="customer_name")).to_contain_text(
        "宏达".encode("gb18030").decode("big5")
    )
    page.get_by_label("编码", exact=True).select_option(label="简体中文（GBK、GB18030）")
    page.get_by_role("button", name="重读").click()
    page.locator("a.import-table", has_text="gb18030.csv").click()
    expect(page.locator(".column-name", has_text="customer_name")).to_contain_text("宏达")
    page.get_by_role("button", name="就按繁体中文（Big5）读").click()
    expect(page.locator(".encoding-ask")).to_have_count(0)
    expect(page.get_by_text("2 张表就绪")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_data_page_is_accessible_and_fits_a_phone(visit: Visit, export: Path, theme: str) -> None:
    page = visit("linxiao", width=390, theme=theme).page
    page.goto("/data/import/")
    assert serious(page) == []
    page.locator("#files").set_input_files(export)
    page.get_by_role("button", name="上传并识别").click()
    expect(page.get_by_role("button", name="预览结果")).to_be_visible()
    seen = {"fields": page.url}
    assert serious(page) == []
    page.get_by_role("button", name="预览结果").click()
    expect(page.locator(".sum-line")).to_be_visible()
    assert serious(page) == []
    seen |= {tab: f"/data/?tab={tab}" for tab in ("batches", "quarantine", "quality", "tables", "snapshots")}
    seen["table"] = "/data/tables/order_line/"
    for name, url in seen.items():
        page.goto(url)
        assert serious(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name


def test_the_whole_import_works_from_the_keyboard(visit: Visit, export: Path) -> None:
    page = visit("linxiao").page
    page.goto("/data/import/")
    page.locator("#files").set_input_files(export)  # a file dialog belongs to the system
    press_to(page, "上传并识别")
    expect(page.get_by_role("button", name="预览结果")).to_be_visible()
    press_to(page, "预览结果")
    expect(page.locator(".sum-line")).to_be_visible()
    press_to(page, "放弃")
    expect(page.get_by_role("status")).to_contain_text("已放弃这次导入")


def press_to(page: Page, name: str) -> None:
    """Tab until the button of this name has the focus, then press Enter."""
    page.locator("body").focus()
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.textContent?.trim()") == name:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} cannot be reached with the keyboard")


def test_the_worker_ends_with_its_server(tmp_path: Path) -> None:
    """Even where the server is killed: a worker left behind would block the next one."""
    folder = Workspace.create(tmp_path / "other").path
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "salesloop.cli", "-w", str(folder), "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL)
    lock = folder / ".salesloop" / "worker.lock"
    try:
        until(lambda: lock.exists() and lock.read_text().isdecimal())
    finally:
        server.kill()
        server.wait()
    worker = int(lock.read_text())
    until(lambda: not alive(worker))


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")
    return not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def until(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("waited too long")
