"""Every repair is recorded with what stood there before, and can be switched off in the settings or in the mapping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import pytest

from salesloop.engine.clean import clean
from salesloop.engine.clean.rules import RULES, rules_off
from salesloop.engine.model.errors import UserError
from salesloop.engine.store.config import WorkspaceConfig
from tests.engine.clean.labelled import Cell, Column, columns
from tests.engine.clean.labelled.score import read_column
from tests.engine.clean.tables import MODEL, Outcome, mapping, raw_table

AS_IT_STANDS: Mapping[str, Any] = {
    "header_unit": "not multiplied",
    "whole_percents": "not divided",
    "float_code": "with its .0",
    "text_mark": "with its mark",
    "full_width": "with its wide characters",
    "blanks": "with its blanks",
    "division": "no place",
}
"""Repairs of whole columns: without them a cell is what it says, and can still be read."""


def example(rule: str) -> tuple[Column, Cell | None]:
    """A labelled column with the rule and, where the rule is of cells, one such cell."""
    for column in columns():
        for cell in column.cells:
            if rule in cell.rules and cell.limit is None:
                return column, cell
    return next(column for column in columns() if rule in column.rules), None


@pytest.mark.requirement("C03")
@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_is_off_is_not_applied(rule: str) -> None:
    column, cell = example(rule)
    reading = read_column(column, frozenset({rule}))
    assert rule not in reading.rules
    for outcome in reading.outcomes:
        assert rule not in outcome.rules
        if rule in outcome.cell.rules:
            assert (outcome.value, outcome.reason) == (None, "repair_off"), outcome.cell.text
        elif rule not in column.rules:
            assert outcome.right or outcome.cell.limit is not None, outcome.cell.text
    if cell is None:
        assert AS_IT_STANDS[rule]
        assert [o.value for o in reading.outcomes] != [o.value for o in read_column(column).outcomes]


HOW = {"订单号": "order_id", "日期": "order_date", "金额": "amount", "备注": "ship_mode", "客户": "customer_id"}
LINES = {
    "订单号": ["'001", "'002", "'003"],
    "日期": ["2025-03-05", "45721", "2025年3月"],
    "金额": ["￥1.2万", "12", "（5）"],
    "备注": ["顺丰　（空运）", "自提", ""],
    "客户": ["甲", "乙", "丙"],
}


def read(settings: WorkspaceConfig, off: tuple[str, ...] = ()) -> Outcome:
    con = duckdb.connect()
    how = mapping("order_line", HOW, repairs_off=off)
    return Outcome(con, clean(con, raw_table(LINES), how, MODEL, settings))


@pytest.mark.requirement("C03")
def test_every_repair_of_an_import_is_recorded() -> None:
    assert read(WorkspaceConfig()).repairs() == [
        ("order_line", 2, "金额", "amount", "currency", "￥1.2万", "12000.0000"),
        ("order_line", 2, "金额", "amount", "scale", "￥1.2万", "12000.0000"),
        ("order_line", 3, "日期", "order_date", "excel_serial", "45721", "2025-03-05"),
        ("order_line", 4, "日期", "order_date", "first_day", "2025年3月", "2025-03-01"),
        ("order_line", 4, "金额", "amount", "negative", "（5）", "-5.0000"),
        ("order_line", None, "备注", "ship_mode", "blanks", "顺丰　（空运）", "顺丰 (空运)"),
        ("order_line", None, "备注", "ship_mode", "full_width", "顺丰　（空运）", "顺丰 (空运)"),
        ("order_line", None, "订单号", "order_id", "text_mark", "'001", "001"),
    ]


@pytest.mark.parametrize("place", ["settings", "mapping"])
def test_a_required_cell_that_only_a_switched_off_rule_reads_waits_with_its_row(place: str) -> None:
    off = ("scale", "text_mark", "full_width")
    settings = WorkspaceConfig(repairs_off=off if place == "settings" else ())
    out = read(settings, off if place == "mapping" else ())
    (waiting,) = out.quarantine()
    assert (waiting["row"], waiting["field"], waiting["value"], waiting["reason"]) == (
        2,
        "amount",
        "￥1.2万",
        "repair_off",
    )
    assert out.column("order_line", "order_id") == ["'002", "'003"]
    assert {rule for *_, rule, _, _ in out.repairs()} == {"excel_serial", "first_day", "negative", "blanks"}


def test_an_optional_cell_keeps_its_row_and_is_marked() -> None:
    lines = LINES | {"交期": ["45721", "2025-03-06", ""]}
    con = duckdb.connect()
    how = mapping("order_line", HOW | {"交期": "due_date"}, repairs_off=["excel_serial"])
    out = Outcome(con, clean(con, raw_table(lines), how, MODEL, WorkspaceConfig()))
    assert ("order_line", 2, "交期", "due_date", "45721", "repair_off") in out.cells()
    assert out.column("order_line", "due_date")[0] is None


def test_an_unknown_rule_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UserError, match=r"magic.*scale") as caught:
        rules_off(WorkspaceConfig(repairs_off=("magic",)))
    assert "salesloop.toml" in str(caught.value)
