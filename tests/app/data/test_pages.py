"""Batches, quality, tables and snapshots."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from salesloop.app.audit.services import entries
from salesloop.engine.store import Workspace
from tests.app.data.conftest import HEADER, ORDERS, csv_file, page, upload

Window = Callable[[str], Client]
Work = Callable[[], None]


@pytest.mark.requirement("B06")
def test_batches_show_what_became_of_every_row(as_: Window) -> None:
    shown = page(as_("manager"), "/data/")
    for file in ("部门.csv", "员工花名册.csv", "订单.csv", "销售目标.csv", "商机.csv"):
        assert file in shown
    assert "对得上" in shown
    assert "对不上" not in shown
    assert "/undo/" not in shown  # a manager only reads
    assert "员工花名册.csv" in page(as_("manager"), "/data/?q=花名册")
    assert "没有这样的批次" in page(as_("manager"), "/data/?q=' OR '1'='1")


def test_who_imported_is_told(as_: Window, own: Workspace, work: Work) -> None:
    address = upload(as_("analyst"), csv_file("补录.csv", [HEADER, *ORDERS]))
    work()
    as_("analyst").post(f"{address}run/")
    work()
    assert "林晓" in page(as_("steward"), "/data/?q=补录").split("<main")[1]


def test_an_undo_that_others_build_upon_says_what_to_undo_first(as_: Window, own: Workspace, work: Work) -> None:
    for amount in ("1000", "1500"):
        rows = [HEADER, ["SO-101", "2026-11-18", "C1", "E12", amount, "1"]]
        address = upload(as_("analyst"), csv_file(f"第{amount}次.csv", rows))
        work()
        as_("analyst").post(f"{address}run/")
        work()
    first = own.current().rows("SELECT batch_id FROM ledger.batch WHERE file_name = '第1000次.csv'")[0]["batch_id"]
    answer = as_("analyst").post(f"/data/batches/{first}/undo/")
    work()
    told = as_("analyst").get(answer["Location"])
    assert told.status_code == 422
    assert "第1500次.csv" in told.content.decode()
    assert as_("analyst").post("/data/batches/nothing-1/undo/").status_code == 404


@pytest.mark.requirement("C03")
def test_a_failed_check_leads_to_its_rows(as_: Window, own: Workspace, work: Work) -> None:
    rows = [HEADER, ["SO-120", "2026-11-18", "C99", "E12", "1000", "1"]]
    address = upload(as_("analyst"), csv_file("未知客户.csv", rows))
    work()
    as_("analyst").post(f"{address}run/")
    work()
    shown = page(as_("analyst"), "/data/?tab=quality")
    assert "/data/quality/order_line/customer_id_known/" in shown
    failing = page(as_("analyst"), "/data/quality/order_line/customer_id_known/")
    assert "SO-120" in failing
    assert "SO-101" not in failing
    assert "SO-120" not in page(as_("other_manager"), "/data/quality/order_line/customer_id_known/")
    assert as_("analyst").get("/data/quality/order_line/no_such_check/").status_code == 404


def test_tables_come_with_their_dictionary(as_: Window) -> None:
    shown = page(as_("analyst"), "/data/?tab=tables")
    assert shown.index("订单明细") < shown.index("还没有数据")
    table = page(as_("analyst"), "/data/tables/order_line/")
    assert "order_date" in table
    assert "=1+1" in page(as_("analyst"), "/data/tables/customer/")


def test_rolling_back_needs_a_reason_and_can_be_rolled_back(as_: Window, own: Workspace, work: Work) -> None:
    client = as_("steward")
    before = own.current().number
    address = upload(client, csv_file("补录.csv", [HEADER, *ORDERS]))
    work()
    client.post(f"{address}run/")
    work()
    after = own.current().number
    assert after == before + 1
    assert client.post(f"/data/snapshots/{before}/rollback/", {"reason": ""}).status_code == 422
    shown = client.post(f"/data/snapshots/{before}/rollback/", {"reason": "导错了"}, follow=True).content.decode()
    assert f"已回退到快照 {before}" in shown
    assert own.current().number == before
    client.post(f"/data/snapshots/{after}/rollback/", {"reason": "看错了"})
    assert own.current().number == after
    assert entries(code="snapshot.rolled_back").count() == 2
    assert client.post("/data/snapshots/999/rollback/", {"reason": "x"}).status_code == 422
