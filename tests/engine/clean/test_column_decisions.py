"""What one cell cannot tell is decided once for the whole column, from all its cells."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from salesloop.engine.clean.values import Identifier, Moment, Percent, choice, money
from salesloop.engine.clean.values.recipe import ColumnRule
from salesloop.engine.clean.values.unit import parse_unit
from salesloop.engine.model.fields import Choice
from salesloop.engine.model.text import Text
from tests.engine.clean.reading import read
from tests.engine.clean.tables import cleaned, mapping, raw_table

DATE = Moment("date", "Asia/Shanghai")


def test_one_day_above_twelve_orders_the_column() -> None:
    found = read(DATE, ["3/5/2025", "25/5/2025", "1/1/2025"])
    assert found.values == [dt.date(2025, 5, 3), dt.date(2025, 5, 25), dt.date(2025, 1, 1)]
    assert found.states == ["date_order", None, None]  # 1/1 is the same either way


def test_without_evidence_the_month_comes_first() -> None:
    assert read(DATE, ["3/5/2025"]).values == [dt.date(2025, 3, 5)]


def test_a_column_that_proves_both_orders_keeps_to_the_usual_one_and_refuses_the_rest() -> None:
    found = read(DATE, ["25/5/2025", "5/25/2025"])
    assert found.values == [None, dt.date(2025, 5, 25)]
    assert found.states == ["!unreadable", None]


def test_two_digit_years_come_first_unless_other_places_vary_less() -> None:
    assert read(DATE, ["25/3/5", "24/12/31"]).values == [dt.date(2025, 3, 5), dt.date(2024, 12, 31)]
    american = ["3/5/25", "4/6/25", "12/31/24", "1/2/25"]
    assert read(DATE, list(american)).values == [
        dt.date(2025, 3, 5),
        dt.date(2025, 4, 6),
        dt.date(2024, 12, 31),
        dt.date(2025, 1, 2),
    ]


def test_a_comma_before_three_digits_groups_unless_the_column_writes_decimal_commas() -> None:
    assert read(money(), ["1,234", "2,500"]).values == [1234, 2500]
    assert read(money(), ["1,234", "12,50", "7,1", "8,25"]).values == [
        Decimal("1.234"),
        Decimal("12.5"),
        Decimal("7.1"),
        Decimal("8.25"),
    ]
    # One slip of the finger among grouped thousands does not turn the column over.
    assert read(money(), ["1,234", "2,500", "12,50"]).values == [1234, 2500, Decimal("12.5")]
    assert read(money(), ["1,234.50", "12,50", "9,75"]).values == [Decimal("1234.5"), Decimal("12.5"), Decimal("9.75")]


def test_a_text_that_repeats_speaks_for_each_of_its_cells() -> None:
    """Columns of few texts are read text by text; ten cells 1,234 still outweigh three with decimal commas."""
    amounts: list[str | None] = [*["1,234"] * 10, "12,50", "7,1", "8,25"]
    orders: dict[str, list[str | None]] = {
        "订单号": [f"A{n}" for n in range(13)],
        "日期": ["2025-03-05"] * 13,
        "金额": amounts,
    }
    how = mapping("order_line", {"订单号": "order_id", "日期": "order_date", "金额": "amount"})
    with cleaned(raw_table(orders), how) as out:
        read_so = [line["amount"] for line in out.records("order_line")]
    assert read_so == [1234] * 10 + [Decimal("12.5"), Decimal("7.1"), Decimal("8.25")]
    assert read(money(), amounts).values == read_so


def test_points_group_where_some_cell_shows_it() -> None:
    assert read(money(), ["1.234", "1.234,56"]).values == [1234, Decimal("1234.56")]
    assert read(money(), ["1.234", "1.5"]).values == [Decimal("1.234"), Decimal("1.5")]


def test_bare_percents_are_recognised_by_their_size() -> None:
    assert read(Percent(), ["5", "10", "0", "15"]).values == [0.05, 0.1, 0.0, 0.15]
    assert read(Percent(), ["5", "10"]).column_rules == (ColumnRule("whole_percents", "12", "0.12"),)
    # One typing error among fractions stays what it says; a check will find it.
    assert read(Percent(), ["0.05", "0.1", "15"]).values == [0.05, 0.1, 15.0]
    assert read(Percent(), ["10%", "0.1"]).values == [0.1, 0.1]


def test_floats_lose_their_point_only_where_the_whole_column_has_it() -> None:
    assert read(Identifier(), ["17850.0", "13047.0", "", "NULL"]).values == ["17850", "13047", None, None]
    assert read(Identifier(), ["17850.0", "A1"]).values == ["17850.0", "A1"]
    assert read(Identifier(), ["1.0", "2.1"]).values == ["1.0", "2.1"]


@pytest.mark.parametrize(
    ("header", "factor", "currency", "percent"),
    [
        ("万元", 10000, None, False),
        ("萬元", 10000, None, False),
        ("元", 1, None, False),
        ("千元", 1000, None, False),
        ("亿元", 10**8, None, False),
        ("百万元", 10**6, None, False),
        ("单位：万元", 10000, None, False),
        ("人民币万元", 10000, "CNY", False),
        ("万美元", 10000, "USD", False),
        ("USD", 1, "USD", False),
        ("USD k", 1000, "USD", False),
        ("RMB'000", 1000, "CNY", False),
        ("'000", 1000, None, False),
        ("million", 10**6, None, False),
        ("万台", 10000, None, False),
        ("千克", 1, None, False),
        ("kg", 1, None, False),
        ("箱", 1, None, False),
        ("m", 1, None, False),
        ("$m", 10**6, None, False),
        ("k", 1000, None, False),
        ("%", 1, None, True),
        ("％", 1, None, True),
    ],
)
def test_units_of_headers(header: str, factor: int, currency: str | None, percent: bool) -> None:
    unit = parse_unit(header)
    assert unit is not None
    assert (unit.factor, unit.currency, unit.percent) == (Decimal(factor), currency, percent)


def test_a_header_unit_multiplies_what_states_no_scale_itself() -> None:
    found = read(money(parse_unit("万元")), ["1.23456789", "3亿", "120000元", "￥2", "（3）", ""])
    assert found.values == [Decimal("12345.6789"), 300_000_000, 120_000, 20_000, -30_000, None]
    assert found.column_rules == (ColumnRule("header_unit", "万元", "× 10000"),)
    assert read(Percent(unit=parse_unit("%")), ["0.5", "12", "12%"]).values == [0.005, 0.12, 0.12]


def test_choices_answer_to_values_labels_and_aliases_in_both_scripts() -> None:
    states = (
        Choice(value="completed", label=Text("已完成", "Completed"), aliases=("交易成功", "done")),
        Choice(value="open", label=Text("进行中", "Open")),
    )
    texts = ["completed", "已完成", "DONE", " 交易成功 ", "進行中", "Ｏｐｅｎ", "交易 成功", "", "没见过", "#REF!"]
    found = read(choice(states), list(texts))
    assert found.values == [*["completed"] * 4, "open", "open", "completed", None, None, None]
    assert found.states[-3:] == [None, "!unknown_choice", "!excel_error"]


def test_amounts_tell_their_currency_where_they_name_one() -> None:
    found = read(money(), ["USD 5", "5港币", "￥5", "$5", "5", "€1.5k"])
    assert found.currencies == ["USD", "HKD", None, None, None, "EUR"]
