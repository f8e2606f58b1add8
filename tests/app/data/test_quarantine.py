"""Rows that wait: seen with their reason, corrected and retried, given up, taken along as a file."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from salesloop.app.audit.services import entries
from salesloop.engine.store import Workspace
from tests.app.data.conftest import HEADER, ORDERS, csv_file, page, upload

Window = Callable[[str], Client]
Work = Callable[[], None]
BAD = [["SO-110", "2026-02-31", "C1", "E12", "100", "=1+1"], ["SO-111", "2026-11-19", "C2", "E12", "没谈", "1"]]


@pytest.fixture
def batch(as_: Window, own: Workspace, work: Work) -> str:
    """A batch with three rows in quarantine."""
    address = upload(as_("steward"), csv_file("补录.csv", [HEADER, *ORDERS, *BAD]))
    work()
    as_("steward").post(f"{address}run/")
    work()
    found = own.current().rows("SELECT DISTINCT batch_id FROM ledger.quarantine WHERE status = 'open'")
    return str(found[0]["batch_id"])


def statuses(own: Workspace) -> dict[int, str]:
    return {row["row"]: row["status"] for row in own.current().rows("SELECT row, status FROM ledger.quarantine")}


@pytest.mark.requirement("B07", "C03")
def test_a_row_is_shown_with_its_reason_and_cells(as_: Window, batch: str) -> None:
    shown = page(as_("steward"), "/data/?tab=quarantine")
    assert "「销售额」的值「面议」不是金额" in shown
    assert "第 4 行" in shown
    assert 'value="SO-103"' in shown
    assert shown.count("data-row") >= 3
    assert "隔离 3" in shown  # the tab and the navigation count them


def test_filters_narrow_the_rows(as_: Window, batch: str) -> None:
    only_dates = page(as_("steward"), "/data/?tab=quarantine&reason=unreadable_date")
    assert "2026-02-31" in only_dates
    assert "面议" not in only_dates
    assert "没有符合条件的行" in page(as_("steward"), "/data/?tab=quarantine&entity=payment")
    assert "面议" in page(as_("steward"), f"/data/?tab=quarantine&batch={batch}")
    assert "没有符合条件的行" in page(as_("steward"), "/data/?tab=quarantine&batch=' OR 1=1 --")


def test_a_corrected_row_comes_in_and_the_others_stay(as_: Window, own: Workspace, work: Work, batch: str) -> None:
    answer = as_("steward").post(
        f"/data/quarantine/{batch}/retry/", {"cell:4:金额": "3,000 元", "cell:4:订单编号": "SO-103"}
    )
    work()
    shown = as_("steward").get(answer["Location"], follow=True).content.decode()
    assert "1 行已通过并写入" in shown
    assert "还有 2 行待处理" in shown
    assert own.current().rows("SELECT amount FROM order_line WHERE order_id = 'SO-103'")[0]["amount"] == 3000
    assert statuses(own) == {4: "retried", 11: "open", 12: "open"}


def test_a_value_that_is_still_unreadable_keeps_the_row_waiting(
    as_: Window, own: Workspace, work: Work, batch: str
) -> None:
    answer = as_("steward").post(f"/data/quarantine/{batch}/retry/", {"cell:4:金额": "再议"})
    work()
    assert "没有行通过" in as_("steward").get(answer["Location"], follow=True).content.decode()
    assert statuses(own)[4] == "open"


def test_nothing_changed_or_an_unknown_column_is_told(as_: Window, own: Workspace, work: Work, batch: str) -> None:
    answer = as_("steward").post(f"/data/quarantine/{batch}/retry/", {"cell:4:金额": "面议"})
    assert answer.status_code == 422
    assert "没有改动任何单元格" in answer.content.decode()
    answer = as_("steward").post(f"/data/quarantine/{batch}/retry/", {"cell:4:没有这列": "1"})
    work()
    assert as_("steward").get(answer["Location"]).status_code == 422
    assert as_("steward").post("/data/quarantine/nothing-1/retry/", {"cell:4:金额": "1"}).status_code == 404


def test_a_row_is_given_up_with_a_reason(as_: Window, own: Workspace, work: Work, batch: str) -> None:
    address = f"/data/quarantine/{batch}/drop/"
    assert as_("steward").post(address, {"row": "11", "reason": " "}).status_code == 422
    answer = as_("steward").post(address, {"row": "11", "reason": "测试单"})
    work()
    assert "已放弃 1 行" in as_("steward").get(answer["Location"], follow=True).content.decode()
    assert statuses(own) == {4: "open", 11: "dropped", 12: "open"}
    assert entries(code="quarantine.dropped").get().data["reason"] == "测试单"
    assert "2026-02-31" in page(as_("steward"), "/data/?tab=quarantine&status=dropped")


def test_the_file_to_correct_runs_nothing_in_a_spreadsheet(as_: Window, batch: str) -> None:
    answer = as_("steward").get(f"/data/quarantine/{batch}/export.csv")
    text = answer.content.decode("utf-8-sig")
    assert text.splitlines()[0].endswith(",".join(HEADER))
    assert "'=1+1" in text
    assert as_("steward").get(f"/data/quarantine/{batch}/export.xlsx").content.startswith(b"PK")
    assert as_("steward").get(f"/data/quarantine/{batch}/export.exe").status_code == 404
    assert entries(code="quarantine.exported").count() == 2


def test_executives_see_the_rows_and_change_nothing(as_: Window, batch: str) -> None:
    shown = page(as_("executive"), "/data/?tab=quarantine")
    assert "面议" in shown
    assert "改正并重试" not in shown
    assert "隔离 3" not in shown
    assert as_("executive").post(f"/data/quarantine/{batch}/drop/", {"row": "11", "reason": "x"}).status_code == 403
