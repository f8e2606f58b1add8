"""The guided import from the upload to the undo, with a correction on the way."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from salesloop.app.data.models import Draft, Step
from salesloop.engine.collect.mapping import load_mappings
from salesloop.engine.store import Workspace
from tests.app.data.conftest import HEADER, ORDERS, csv_file, page, upload

Window = Callable[[str], Client]
Work = Callable[[], None]


def amounts(own: Workspace) -> dict[str, tuple[object, object]]:
    """Order → (amount, cost) of the orders that the test brings in."""
    found = own.current().rows("SELECT order_id, amount, cost FROM order_line WHERE order_id LIKE 'SO-1__'")
    return {row["order_id"]: (row["amount"], row["cost"]) for row in found}


def answers(own_draft: Draft, **changed: str) -> dict[str, str]:
    """The form of the first table as it stands, with some columns changed by name."""
    table = own_draft.tables[0]
    form = {"entity": table["entity"], "name": table["name"]}
    for number, column in enumerate(table["columns"]):
        fields = column["fields"]
        form[f"column-{number}"] = changed.get(column["name"], fields[0] if fields else "")
    return form


@pytest.mark.requirement("B01", "B05", "C02")
def test_an_import_with_a_correction_and_its_undo(as_: Window, own: Workspace, work: Work) -> None:
    client = as_("analyst")
    before = {entity: own.current().count(entity) for entity in ("order_line", "customer")}
    address = upload(client, csv_file("补录.csv", [HEADER, *ORDERS], "gb18030"))
    work()
    draft = Draft.objects.get()
    assert draft.tables[0]["entity"] == "order_line"
    assert "不导入" in page(client, address)  # nothing is known of 备用

    answer = client.post(f"{address}tables/0/", answers(draft, 备用="order_line.cost") | {"name": "补录订单"})
    assert answer.status_code == 302
    client.post(f"{address}preview/")
    work()
    preview = page(client, address)
    assert "这是试算" in preview
    assert "面议" in preview  # the reason names the value
    assert amounts(own) == {}

    client.post(f"{address}run/")
    work()
    done = page(client, address)
    assert "已导入" in done
    assert re.search(
        r"收到 <b>9</b>.*接受 <b class=\"good\">8</b>.*隔离 <b class=\"warn\">1</b>.*未变 <b>0</b>", done, re.DOTALL
    )
    brought = amounts(own)
    assert (brought["SO-101"], brought["SO-102"], brought["SO-109"]) == ((1000, 600), (2000, 1200), (900, 90))
    assert len(brought) == 8
    assert [m.name for m in load_mappings(own.path / "sources") if "备用" in m.header] == ["补录订单"]
    assert not list((own.state / "uploads").iterdir())

    answer = client.post(f"{address}undo/")
    work()
    back = client.get(answer["Location"], follow=True).content.decode()
    assert "导入已撤销，移除 8 行" in back
    assert "已撤销" in back
    assert amounts(own) == {}
    assert {entity: own.current().count(entity) for entity in before} == before


def test_a_corrected_mapping_is_used_when_the_header_comes_again(as_: Window, own: Workspace, work: Work) -> None:
    client = as_("analyst")
    address = upload(client, csv_file("一.csv", [HEADER, *ORDERS[:1]]))
    work()
    client.post(f"{address}tables/0/", answers(Draft.objects.get(), 备用="order_line.cost") | {"name": "我的订单"})
    client.post(f"{address}run/")
    work()
    again = upload(client, csv_file("二.csv", [HEADER, *ORDERS[1:2]]))
    work()
    assert "沿用映射“我的订单”" in page(client, again)
    client.post(f"{again}run/")
    work()
    assert amounts(own)["SO-102"] == (2000, 1200)


def test_the_same_file_again_changes_nothing(as_: Window, own: Workspace, work: Work) -> None:
    client = as_("analyst")
    shown = ""
    for _ in range(2):
        address = upload(client, csv_file("同.csv", [HEADER, *ORDERS[:2]]))
        work()
        client.post(f"{address}run/")
        work()
        shown = page(client, address)
    assert "没有新内容，数据不变" in shown
    assert "撤销这次导入" not in shown
    assert len(amounts(own)) == 2


def test_a_column_of_names_brings_its_records(as_: Window, own: Workspace, work: Work) -> None:
    client = as_("analyst")
    rows = [["单号", "日期", "甲方单位全称", "金额"], ["SO-150", "2026-11-20", "新客户甲", "500"]]
    address = upload(client, csv_file("甲方.csv", rows))
    work()
    draft = Draft.objects.get()
    assert client.post(f"{address}tables/0/", answers(draft, 甲方单位全称="customer.name")).status_code == 302
    client.post(f"{address}run/")
    work()
    assert "文件里有 1 行；一行里的客户、产品等各另算一条记录" in page(client, address)
    assert (
        own.current().rows("SELECT customer_id FROM order_line WHERE order_id = 'SO-150'")[0]["customer_id"]
        == "新客户甲"
    )
    assert own.current().rows("SELECT count(*) AS n FROM customer WHERE name = '新客户甲'")[0]["n"] == 1


def test_what_is_required_must_have_a_column_or_a_value(as_: Window, own: Workspace, work: Work) -> None:
    client = as_("analyst")
    rows = [["订单编号", "客户编码", "产品编码", "金额"], ["SO-160", "C1", "P1", "500"]]
    address = upload(client, csv_file("缺日期.csv", rows))
    work()
    draft = Draft.objects.get()
    if draft.tables[0]["entity"] != "order_line":
        client.post(f"{address}tables/0/", {"entity": "order_line"})
        work()
        draft.refresh_from_db()
    answer = client.post(f"{address}tables/0/", answers(draft))
    assert answer.status_code == 422
    assert "缺少必需的内容：订单日期" in answer.content.decode()
    answer = client.post(f"{address}tables/0/", answers(draft) | {"constant-order_line.order_date": "2026-11-20"})
    assert answer.status_code == 302
    client.post(f"{address}run/")
    work()
    found = own.current().rows("SELECT order_date FROM order_line WHERE order_id = 'SO-160'")
    assert str(found[0]["order_date"]) == "2026-11-20"


def test_two_columns_for_one_number_are_refused(as_: Window, own: Workspace, work: Work) -> None:
    client = as_("analyst")
    address = upload(client, csv_file("两列.csv", [HEADER, *ORDERS]))
    work()
    answer = client.post(f"{address}tables/0/", answers(Draft.objects.get(), 备用="order_line.amount"))
    assert answer.status_code == 422
    assert "都对应「销售额」" in answer.content.decode()


def test_a_table_may_be_left_out_or_be_something_else(as_: Window, own: Workspace, work: Work) -> None:
    client = as_("analyst")
    address = upload(
        client, csv_file("订单甲.csv", [HEADER, *ORDERS[:1]]), csv_file("杂项.csv", [["甲", "乙"], ["1", "2"]])
    )
    work()
    draft = Draft.objects.get()
    client.post(f"{address}tables/0/", {"choice": "skip"})
    assert client.post(f"{address}preview/").status_code == 302
    work()
    assert "没有选择要导入的表" in page(client, address)
    client.post(f"{address}tables/1/", {"entity": "campaign"})
    work()
    draft.refresh_from_db()
    assert draft.tables[1]["entity"] == "campaign"
    assert draft.tables[0]["choice"] == "skip"  # decided before, still so
    assert client.post(f"{address}tables/7/", {}).status_code == 404


def test_another_encoding_is_read_again(as_: Window, own: Workspace, work: Work) -> None:
    client = as_("analyst")
    address = upload(
        client, csv_file("大五碼.csv", [["訂單編號", "訂單日期", "金額"], ["SO-170", "2026-11-20", "5"]], "big5")
    )
    work()
    client.post(f"{address}files/0/", {"encoding": "big5"})
    work()
    draft = Draft.objects.get()
    assert draft.step == Step.MAP
    assert [column["name"] for column in draft.tables[0]["columns"]] == ["訂單編號", "訂單日期", "金額"]
    client.post(f"{address}files/0/", {"encoding": "klingon"})
    work()
    assert "没有名为「klingon」的编码" in page(client, address)


def test_the_preview_leads_back_to_the_columns(as_: Window, own: Workspace, work: Work) -> None:
    client = as_("analyst")
    address = upload(client, csv_file("回.csv", [HEADER, *ORDERS]))
    work()
    client.post(f"{address}preview/")
    work()
    client.post(f"{address}back/")
    assert "成为" in page(client, address)


@pytest.mark.parametrize(("language", "words"), [("en", "Quarantin"), ("zh-hant", "隔離"), ("zh-hans", "隔离")])
def test_reasons_are_in_the_readers_language(
    as_: Window, own: Workspace, work: Work, people: object, language: str, words: str
) -> None:
    people.analyst.language = language  # type: ignore[attr-defined]
    people.analyst.save()  # type: ignore[attr-defined]
    client = as_("analyst")
    address = upload(client, csv_file("语.csv", [HEADER, *ORDERS]))
    work()
    client.post(f"{address}preview/")
    work()
    shown = page(client, address)
    assert words in shown
    assert ("is not an amount" in shown) == (language == "en")
