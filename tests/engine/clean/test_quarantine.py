"""Rows that cannot be true wait with the reason; everything else is kept, and every doubt is written down."""

from __future__ import annotations

import pytest

from salesloop.engine.clean.plan import MESSAGES
from salesloop.engine.model.text import LANGS, Message
from tests.engine.clean.tables import cleaned, mapping, raw_table

LINES = {
    "订单号": ["A1", "", "A3", "1.00021E+11", "A5", "A6"],
    "日期": ["2025-03-05", "2025-03-05", "2018-02-29", "2025-03-05", "", "2025-03-05"],
    "金额": ["￥1.2万", "2", "3", "面议", "#REF!", "5"],
    "数量": ["3箱", "1", "1", "1", "1", "若干"],
    "折扣": ["9折", "0", "0", "0", "0", "150%"],
    "状态": ["已完成", "", "", "", "", "没见过"],
    "单价": ["7", "1", "1", "1", "1", "贵"],
}
HOW = mapping(
    "order_line",
    {
        "订单号": "order_id",
        "日期": "order_date",
        "金额": "amount",
        "数量": "quantity",
        "折扣": "discount",
        "状态": "status",
        "单价": "unit_price",
    },
)


@pytest.mark.requirement("C02", "C06")
def test_each_waiting_row_has_its_first_reason_and_all_the_others() -> None:
    with cleaned(raw_table(LINES), HOW) as out:
        waiting = {row["row"]: row for row in out.quarantine()}
        assert {n: (r["reason"], r["column_name"], r["field"], r["value"]) for n, r in waiting.items()} == {
            3: ("missing_required", "订单号", "order_id", None),
            4: ("unreadable_date", "日期", "order_date", "2018-02-29"),
            5: ("excel_rounded", "订单号", "order_id", "1.00021E+11"),
            6: ("missing_required", "日期", "order_date", None),
            7: ("check_failed", None, "discount", "1.5"),
        }
        assert {row["entity"] for row in waiting.values()} == {"order_line"}
        also = [[m["key"] for m in waiting[n]["params"].get("also", [])] for n in (3, 5, 6)]
        assert also == [[], ["unreadable_money"], ["excel_error"]]
        assert out.column("order_line", "order_id") == ["A1"]
        assert (out.cleaned.primary.rows, out.cleaned.primary.quarantined) == (1, 5)


def test_a_waiting_row_is_kept_as_it_was_delivered() -> None:
    with cleaned(raw_table(LINES), HOW) as out:
        assert out.quarantine()[1]["raw"] == {
            "订单号": "A3",
            "日期": "2018-02-29",
            "金额": "3",
            "数量": "1",
            "折扣": "0",
            "状态": "",
            "单价": "1",
        }


def test_reasons_are_sentences_in_three_languages_that_name_place_value_and_remedy() -> None:
    with cleaned(raw_table(LINES), HOW) as out:
        rows = out.quarantine()
        sentences = {lang: [_message(row).text(lang) for row in rows] for lang in LANGS}
        assert all("{" not in sentence for lang in LANGS for sentence in sentences[lang])
        assert sentences["zh-Hans"][1].startswith("「订单日期」的值「2018-02-29」不是存在的日期。可以写：2025-03-05")
        assert sentences["en"][1].startswith("“2018-02-29” in Order date is not a date that exists. Write 2025-03-05")
        assert "訂單" in sentences["zh-Hant"][1]
        others = [Message.from_json(m) for row in rows for m in row["params"].get("also", [])]
        assert "“面议” in Amount is not an amount" in others[0].text("en")


def _message(row: dict[str, object]) -> Message:
    stored = {"key": row["reason"], "params": row["params"], "catalogue": MESSAGES.package}
    return Message.from_json(stored)


def test_an_unreadable_cell_that_is_not_required_is_emptied_and_recorded() -> None:
    table = LINES | {name: [cells[0], cells[5]] for name, cells in LINES.items()} | {"折扣": ["9折", "0"]}
    with cleaned(raw_table(table), HOW) as out:
        assert out.quarantine() == []
        line = out.records("order_line")[1]
        assert (line["quantity"], line["unit_price"], line["status"]) == (None, None, None)
        assert out.cells() == [
            ("order_line", 3, "单价", "unit_price", "贵", "unreadable_money"),
            ("order_line", 3, "数量", "quantity", "若干", "unreadable_quantity"),
            ("order_line", 3, "状态", "status", "没见过", "unknown_choice"),
        ]


def test_repairs_of_kept_rows_are_recorded_with_before_and_after() -> None:
    with cleaned(raw_table(LINES), HOW) as out:
        assert out.repairs() == [
            ("order_line", 2, "折扣", "discount", "discount_zhe", "9折", "0.1"),
            ("order_line", 2, "数量", "quantity", "unit", "3箱", "3.0000"),
            ("order_line", 2, "金额", "amount", "currency", "￥1.2万", "12000.0000"),
            ("order_line", 2, "金额", "amount", "scale", "￥1.2万", "12000.0000"),
        ]


def test_decisions_for_a_whole_column_are_recorded_once() -> None:
    table = {"单": ["1", "2"], "日": ["2025-1-1"] * 2, "额": ["1.5", "2"]}
    how = mapping("order_line", {"单": "order_id", "日": "order_date", "额": "amount"})
    with cleaned(raw_table(table, units={"额": "万元"}), how) as out:
        assert out.repairs() == [("order_line", None, "额", "amount", "header_unit", "万元", "× 10000")]


def test_a_cell_in_numerals_keeps_what_stood_there() -> None:
    table = {"单": ["1", "2"], "日": ["2025-1-1"] * 2, "额": ["壹仟贰佰元整", "一百二百"]}
    how = mapping("order_line", {"单": "order_id", "日": "order_date", "额": "amount"})
    with cleaned(raw_table(table), how) as out:
        assert out.repairs() == [("order_line", 2, "额", "amount", "chinese_numeral", "壹仟贰佰元整", "1200.0000")]


def test_rows_whose_cells_cannot_be_told_apart_wait_as_they_are() -> None:
    table = {"单": ["1"], "日": ["2025-1-1"], "额": ["1"]}
    how = mapping("order_line", {"单": "order_id", "日": "order_date", "额": "amount"})
    with cleaned(raw_table(table, broken=[(3, "2,2025-1-1,1,234")]), how) as out:
        (row,) = out.quarantine()
        assert (row["row"], row["reason"], row["raw"]) == (3, "ragged_row", {"raw": "2,2025-1-1,1,234"})
        assert _message(row).text("en")
        assert (out.cleaned.primary.received, out.cleaned.primary.quarantined) == (2, 1)


def test_waiting_rows_mention_nothing() -> None:
    table = {"单": ["1", "2"], "日": ["2025-1-1", "待定"], "额": ["1", "1"], "客户": ["甲", "乙"]}
    how = mapping(
        "order_line",
        {
            "单": "order_id",
            "日": "order_date",
            "额": "amount",
            "客户": ["customer_id", "customer.customer_id", "customer.name"],
        },
    )
    with cleaned(raw_table(table), how) as out:
        assert out.column("customer", "customer_id") == ["甲"]


def test_an_impossible_mention_waits_under_its_own_entity() -> None:
    table = {"单": ["1", "2"], "日": ["2025-1-1"] * 2, "额": ["1", "1"], "客户": ["甲", "乙"], "集团": ["甲", "甲"]}
    how = mapping(
        "order_line",
        {
            "单": "order_id",
            "日": "order_date",
            "额": "amount",
            "客户": ["customer.customer_id", "customer.name"],
            "集团": "customer.parent_customer_id",
        },
    )
    with cleaned(raw_table(table), how) as out:
        (row,) = out.quarantine()
        assert (row["entity"], row["row"], row["reason"], row["field"]) == (
            "customer",
            2,
            "check_failed",
            "customer_id",
        )
        customers = out.entity("customer")
        assert (customers.received, customers.rows, customers.quarantined) == (2, 1, 1)
        assert out.cleaned.primary.quarantined == 0


def test_a_payment_that_cannot_be_read_waits_and_one_that_was_not_made_does_not() -> None:
    table = {
        "单": ["1", "2", "3"],
        "日": ["2025-1-1"] * 3,
        "额": ["1"] * 3,
        "付款日": ["2025-1-2", "待定", ""],
        "实付": ["5", "7", "9"],
    }
    columns = {
        "单": "order_id",
        "日": "order_date",
        "额": "amount",
        "付款日": "payment.paid_date",
        "实付": "payment.amount",
    }
    with cleaned(raw_table(table), mapping("order_line", columns)) as out:
        (row,) = out.quarantine()
        assert (row["entity"], row["row"], row["reason"], row["value"]) == ("payment", 3, "unreadable_date", "待定")
        payments = out.entity("payment")
        assert (payments.rows, payments.quarantined) == (1, 1)
        assert out.cleaned.primary.rows == 3
        assert out.cells() == []
