"""The rules that keep numbers right, each with a world in which a planner without the rule answers something else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from salesloop.engine.model.scope import Scope
from tests.engine.metrics.world import World

Make = Callable[..., World]


def order(number: str, day: str, amount: float | str, line: int = 1, **more: Any) -> dict[str, Any]:
    return {"order_id": number, "line_no": line, "order_date": day, "amount": amount, **more}


def visit(number: str, moment: str, **more: Any) -> dict[str, Any]:
    return {"activity_id": number, "type": "visit", "event_time": moment, **more}


def test_two_facts_of_different_grain_do_not_multiply_each_other(world: Make) -> None:
    # E1: 2 order lines (30) and 3 visits. A join of lines and visits would make 6 rows: revenue 90, visits 6.
    small = world(
        order_line=[order("1", "2026-11-01", 10, employee_id="E1"), order("1", "2026-11-01", 20, 2, employee_id="E1")],
        activity=[visit(str(n), "2026-11-02 10:00", employee_id="E1") for n in range(3)],
        selling_expense=[
            {"expense_id": str(n), "expense_date": "2026-11-03", "employee_id": "E1", "amount": 1, "type": "travel"}
            for n in range(5)
        ],
    )
    (row,) = small.ask("revenue,visits,selling_expense,orders", by="employee", grain="month").to_pylist()
    assert (row["revenue"], row["visits"], row["selling_expense"], row["orders"]) == (Decimal(30), 3, Decimal(5), 1)


def test_a_slice_known_to_one_fact_only_stays_in_the_answer(world: Make) -> None:
    small = world(
        order_line=[order("1", "2026-11-01", 10, employee_id="E1")],
        activity=[visit("1", "2026-11-02 10:00", employee_id="E2")],
    )
    rows = small.ask("revenue,visits,revenue_per_visit", by="employee").to_pylist()
    assert [(r["employee_id"], r["revenue"], r["visits"], r["revenue_per_visit"]) for r in rows] == [
        ("E1", Decimal(10), 0, None),  # no visit: the ratio has a zero below
        ("E2", Decimal(0), 1, 0.0),
    ]


def test_a_metric_called_like_its_table_is_compared(world: Make) -> None:
    # The step of the metric market_size reads the table market_size: the compared step must read it too, not the step.
    sizes = [
        {"period_start": "2023-01-01", "period_end": "2023-12-31", "amount": 365},
        {"period_start": "2024-01-01", "period_end": "2024-12-31", "amount": 732},
    ]
    small = world(market_size=sizes)
    (row,) = small.ask("market_size", period="2024-01-01..2024-12-31", compare="previous,year").to_pylist()
    assert (row["market_size"], row["market_size_previous"], row["market_size_year"]) == (732, 365, 365)


def test_all_metrics_are_answered_and_compared_in_one_question(world: Make) -> None:
    # As the list of metrics asks: no step of one may stand in the way of another's.
    small = world(order_line=[order("1", "2026-11-01", 10)])
    names = [name for name, metric in small.registry.metrics.items() if metric.type != "target" and not metric.hidden]
    (row,) = small.ask(",".join(names), period="2026-11-01..2026-11-10", compare="previous,year").to_pylist()
    assert len(names) > 100
    assert {f"{name}{which}" for name in names for which in ("", "_previous", "_year")} <= set(row)


def test_each_measure_keeps_its_own_date(world: Make) -> None:
    # The deal was created in October and won in November.
    deal = {"opportunity_id": "1", "stage": "won", "status": "won", "amount": 5,
            "created_date": "2026-10-01", "close_date": "2026-11-02"}  # fmt: skip
    rows = world(opportunity=[deal]).ask("deals_created,deals_won", grain="month").to_pylist()
    assert [(r["period"], r["deals_created"], r["deals_won"]) for r in rows] == [
        (dt.date(2026, 10, 1), 1, 0),
        (dt.date(2026, 11, 1), 0, 1),
    ]


@pytest.mark.requirement("D24")
def test_a_missing_month_does_not_shift_the_comparison(world: Make) -> None:
    # Nothing was sold in February: lag() would compare March with January.
    small = world(
        order_line=[order("1", "2026-01-05", 100), order("2", "2026-03-05", 150), order("3", "2026-04-05", 75)]
    )
    rows = small.ask("revenue", grain="month", compare="previous", period="2026-01-01..2026-04-30").to_pylist()
    found = {r["period"].month: (r["revenue"], r["revenue_previous"], r["revenue_previous_change"]) for r in rows}
    assert found == {
        1: (Decimal(100), None, None),  # December lies before the first day with data: unknown, not zero
        2: (Decimal(0), Decimal(100), -1.0),
        3: (Decimal(150), Decimal(0), None),  # nothing to divide by
        4: (Decimal(75), Decimal(150), -0.5),
    }


def test_a_missing_month_a_year_ago_is_not_replaced_by_another(world: Make) -> None:
    small = world(
        order_line=[
            order("0", "2024-12-05", 1),
            order("1", "2025-01-05", 100),
            order("2", "2026-01-05", 120),
            order("3", "2026-02-05", 130),
        ]
    )
    rows = small.ask("revenue", grain="month", compare="year", period="2026-01-01..2026-02-28").to_pylist()
    assert [(r["revenue"], r["revenue_year"], r["revenue_year_change"]) for r in rows] == [
        (Decimal(120), Decimal(100), pytest.approx(0.2)),
        (Decimal(130), Decimal(0), None),
    ]


@pytest.mark.requirement("D24")
def test_an_unfinished_month_is_compared_with_the_same_days(world: Make) -> None:
    small = world(
        order_line=[
            order("1", "2026-11-10", 50),
            order("2", "2026-10-10", 40),
            order("3", "2026-10-25", 900),  # after the 21st: not yet to be compared
            order("4", "2025-11-20", 25),
            order("5", "2025-11-22", 900),
            order("0", "2025-01-01", 1),
        ]
    )
    with_grain = small.ask("revenue", grain="month", compare="previous,year", period="2026-11-01..2026-11-30")
    without = small.ask("revenue", compare="previous,year", period="2026-11-01..2026-11-30")
    for result in (with_grain, without):
        (row,) = result.to_pylist()
        assert (row["revenue"], row["revenue_previous"], row["revenue_year"]) == (Decimal(50), Decimal(40), Decimal(25))
        assert (row["revenue_previous_change"], row["revenue_year_change"]) == (0.25, 1.0)
        assert result.meta.partial
    # Once the month is over the whole of October counts.
    over = small.ask("revenue", compare="previous", period="2026-11-01..2026-11-30", today=dt.date(2026, 12, 1))
    assert over.one("revenue_previous") == Decimal(940)
    assert not over.meta.partial


def test_an_unfinished_quarter_and_year_are_cut_at_the_same_day(world: Make) -> None:
    small = world(
        order_line=[
            order("0", "2025-01-01", 1), order("1", "2025-08-21", 10), order("2", "2025-08-22", 100),
            order("3", "2025-11-21", 1000), order("4", "2025-11-22", 10000), order("5", "2026-08-21", 7),
            order("6", "2026-08-22", 70), order("7", "2026-11-21", 3),
        ]
    )  # fmt: skip
    quarter = small.ask("revenue", grain="quarter", compare="previous,year", period="2026-10-01..2026-12-31")
    (row,) = quarter.to_pylist()
    assert (row["revenue"], row["revenue_previous"], row["revenue_year"]) == (Decimal(3), Decimal(7), Decimal(1000))
    year = small.ask("revenue", grain="year", compare="previous", period="2026-01-01..2026-12-31")
    assert year.to_pylist()[0]["revenue_previous"] == Decimal(1111)


@pytest.mark.parametrize(
    ("period", "previous"),
    [
        ("2026-10-01..2026-10-31", "2026-09-01..2026-09-30"),  # a whole month → the month before
        ("2026-02-01..2026-02-28", "2026-01-01..2026-01-31"),
        ("2026-01-01..2026-10-15", "2025-01-01..2025-10-15"),  # year to date → the same part of last year
        ("2026-09-05..2026-09-11", "2026-08-29..2026-09-04"),  # any seven days → the seven before
    ],
)
def test_what_a_range_without_grain_is_compared_with(world: Make, period: str, previous: str) -> None:
    # One order of 1 on every day: the sum is the number of days.
    days = [dt.date(2025, 1, 1) + dt.timedelta(days=n) for n in range(700)]
    small = world(order_line=[order(str(n), day.isoformat(), 1) for n, day in enumerate(days[:690:1])])
    first, _, last = previous.partition("..")
    expected = (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days + 1
    row = small.ask("revenue", compare="previous", period=period).to_pylist()[0]
    assert row["revenue_previous"] == expected
    assert row["revenue_previous"] == small.value("revenue", period=previous)


def test_fiscal_quarters_are_compared_with_fiscal_quarters(world: Make) -> None:
    # The year begins in April: its first quarter is April to June.
    small = world(
        settings={"calendar": "fiscal", "fiscal_start_month": 4},
        order_line=[
            order("1", "2025-04-10", 10),
            order("2", "2025-06-30", 20),
            order("3", "2025-07-01", 5),
            order("4", "2026-04-01", 60),
        ],
    )
    rows = small.ask("revenue", grain="quarter", compare="year", period="2026-04-01..2026-06-30").to_pylist()
    assert [(r["period"], r["revenue"], r["revenue_year"]) for r in rows] == [
        (dt.date(2026, 4, 1), Decimal(60), Decimal(30))
    ]
    years = small.ask("revenue", grain="year").to_pylist()
    assert [(r["period"], r["revenue"]) for r in years] == [
        (dt.date(2025, 4, 1), Decimal(35)),
        (dt.date(2026, 4, 1), Decimal(60)),
    ]


def test_weeks_of_a_445_calendar(world: Make) -> None:
    # 4-4-5 from the week start nearest to 1 January: 2026 begins on Monday 29 December 2025, its second month on 26 January.
    small = world(
        settings={"calendar": "4-4-5"},
        order_line=[order("1", "2025-12-29", 1), order("2", "2026-01-25", 10), order("3", "2026-01-26", 100)],
    )
    assert small.values("revenue", grain="month") == {
        dt.date(2025, 12, 29): Decimal(11),
        dt.date(2026, 1, 26): Decimal(100),
    }


def test_the_29th_of_february_has_a_year_before(world: Make) -> None:
    small = world(
        order_line=[
            order("0", "2023-01-01", 0),
            order("1", "2023-02-28", 10),
            order("2", "2024-02-28", 20),
            order("3", "2024-02-29", 40),
        ]
    )
    days = small.ask("revenue", grain="day", compare="year", period="2024-02-28..2024-02-29").to_pylist()
    assert [(r["period"].day, r["revenue"], r["revenue_year"]) for r in days] == [
        (28, Decimal(20), Decimal(10)),
        (29, Decimal(40), Decimal(10)),
    ]
    month = small.ask("revenue", compare="year", period="2024-02-01..2024-02-29").to_pylist()[0]
    assert (month["revenue"], month["revenue_year"]) == (Decimal(60), Decimal(10))


def test_rows_without_a_slice_are_unassigned_and_still_in_the_total(world: Make) -> None:
    small = world(
        product=[{"product_id": "P1", "name": "壶", "category": "厨房"}, {"product_id": "P2", "name": "灯"}],
        order_line=[
            order("1", "2026-11-01", 1, product_id="P1"),
            order("2", "2026-11-01", 2, product_id="P2"),  # its product has no category
            order("3", "2026-11-01", 4),  # no product at all
            order("4", "2026-11-01", 8, product_id="P9"),  # a product nobody knows
        ],
    )
    rows = small.ask("revenue", by="category").to_pylist()
    assert [(r["category"], r["category_id"], r["revenue"]) for r in rows] == [
        (None, None, Decimal(14)),
        ("厨房", "厨房", Decimal(1)),
    ]
    names = {r["product_id"]: (r["product"], r["revenue"]) for r in small.ask("revenue", by="product").to_pylist()}
    assert names == {
        "P1": ("壶", Decimal(1)),
        "P2": ("灯", Decimal(2)),
        None: (None, Decimal(4)),
        "P9": ("P9", Decimal(8)),
    }


def test_rows_without_a_slice_meet_in_two_facts(world: Make) -> None:
    # NULL = NULL is not true: a plain join would give two unassigned rows.
    small = world(order_line=[order("1", "2026-11-01", 10)], activity=[visit("1", "2026-11-01 10:00")])
    (row,) = small.ask("revenue,visits", by="employee").to_pylist()
    assert (row["employee_id"], row["revenue"], row["visits"]) == (None, Decimal(10), 1)


def test_a_zero_below_gives_no_number(world: Make) -> None:
    small = world(order_line=[order("1", "2026-11-01", 0, cost=0)])
    assert small.value("gross_margin") is None
    assert small.value("revenue") == 0


def test_ratios_are_ratios_of_sums(world: Make) -> None:
    # Margins are 10 % of 1,000 and 90 % of 10: the mean would be 50 %, the margin of both is 10.8 %.
    small = world(order_line=[order("1", "2026-11-01", 1000, cost=900), order("2", "2026-11-01", 10, cost=1)])
    assert small.value("gross_margin") == pytest.approx(109 / 1010, rel=1e-15)


def test_different_customers_are_counted_over_the_slices(world: Make) -> None:
    # A bought in both categories: 2 + 1 over the slices, 2 in all.
    small = world(
        product=[{"product_id": "1", "name": "1", "category": "a"}, {"product_id": "2", "name": "2", "category": "b"}],
        order_line=[
            order("1", "2026-11-01", 1, product_id="1", customer_id="A"),
            order("2", "2026-11-02", 1, product_id="2", customer_id="A"),
            order("3", "2026-10-02", 1, product_id="2", customer_id="B"),
        ],
    )
    assert small.values("active_customers", by="category") == {"a": 1, "b": 2}
    assert small.value("active_customers") == 2


def test_stock_is_the_last_state_and_nothing_where_nothing_was_counted(world: Make) -> None:
    def count(day: str, product: str, quantity: int) -> dict[str, Any]:
        return {"snapshot_date": day, "product_id": product, "warehouse": "main", "quantity": quantity}

    # P2 was not counted at the end of August; in September nobody counted at all.
    small = world(
        inventory_snapshot=[
            count("2026-08-10", "P1", 9),
            count("2026-08-10", "P2", 5),
            count("2026-08-31", "P1", 4),
            count("2026-10-31", "P1", 3),
        ]
    )
    assert small.values("stock_quantity", grain="month") == {
        dt.date(2026, 8, 1): Decimal(9),
        dt.date(2026, 10, 1): Decimal(3),
    }
    compared = small.ask(
        "stock_quantity", grain="month", compare="previous", period="2026-08-01..2026-10-31"
    ).to_pylist()
    assert [(r["period"].month, r["stock_quantity"], r["stock_quantity_previous"]) for r in compared] == [
        (8, Decimal(9), None),
        (9, None, Decimal(9)),  # no state is not a state of zero
        (10, Decimal(3), None),
    ]
    # Over the whole time the last state of each product, not the sum over days.
    assert small.values("stock_quantity", by="product", order="product_id") == {"P1": Decimal(3), "P2": Decimal(5)}
    assert small.value("stock_quantity") == Decimal(8)


def test_amounts_in_other_currencies_are_converted_row_by_row(world: Make) -> None:
    small = world(
        order_line=[
            order("1", "2026-11-01", 100, cost=40, currency="CNY", fx_rate=1),
            order("2", "2026-11-01", 100, cost=40, currency="USD", fx_rate="7.12345678"),
            order("3", "2026-11-02", 50, currency="USD", fx_rate="7.2"),
            order("4", "2026-11-02", 999, currency="XAU", fx_rate=None),  # no rate is known
        ]
    )
    # 100 + 712.345678 + 360; profit 60 + 60 × 7.12345678
    result = small.ask("revenue,gross_profit,orders", period="2026-11-01..2026-11-30")
    (row,) = result.to_pylist()
    assert row == {"revenue": Decimal("1172.3457"), "gross_profit": Decimal("487.4074"), "orders": 4}
    (note,) = result.meta.notes
    assert (note.key, note.params["rows"]) == ("rate_missing", 1)


@pytest.mark.parametrize("rate", [None, 1])
def test_large_amounts_do_not_overflow(world: Make, rate: int | None) -> None:
    # DuckDB gives the product of two DECIMAL(18) 18 digits; these need more.
    big = "99999999999999.9999"
    rows = [order(str(n), "2026-11-01", big, unit_price=big, quantity=3, fx_rate=1) for n in range(3)]
    small = world(order_line=[*rows, order("x", "2026-11-01", 0, fx_rate=rate, currency="USD")])
    assert small.value("revenue") == Decimal("299999999999999.9997")
    assert small.value("gross_sales") == Decimal("899999999999999.9991")


@pytest.mark.requirement("E07")
def test_a_move_in_the_organisation_does_not_rewrite_history(world: Make) -> None:
    # E1 moved from A to B on 1 October; the rows carry the unit of their own day.
    small = world(
        org_unit=[{"org_unit_id": "root", "name": "公司"}, {"org_unit_id": "A", "name": "甲部", "parent_id": "root"}, {"org_unit_id": "B", "name": "乙部", "parent_id": "root"}],
        employee=[
            {"employee_id": "E1", "name": "王", "org_unit_id": "A", "valid_to": "2026-09-30"},
            {"employee_id": "E1", "name": "王（二）", "org_unit_id": "B", "valid_from": "2026-10-01"},
        ],
        order_line=[
            order("1", "2026-09-15", 10, employee_id="E1", org_unit_id="A"),
            order("2", "2026-10-15", 20, employee_id="E1", org_unit_id="B"),
        ],
    )  # fmt: skip
    assert small.values("revenue", by="org_unit") == {"乙部": Decimal(20), "甲部": Decimal(10)}
    # One person with two dated rows is one row, under the newest name.
    assert small.values("revenue", by="employee") == {"王（二）": Decimal(30)}
    assert small.value("revenue", where=["employee=王"]) == 30


def test_types_are_the_same_whatever_the_data(world: Make) -> None:
    small = world(order_line=[order("1", "2026-11-01", 10)])
    result = small.ask(
        "revenue,orders,gross_margin,quantity,active_customers",
        grain="month",
        compare="previous",
        period="2026-10-01..2026-11-30",
    )
    types = {field.name: field.type for field in result.table.schema}
    money, number = pa.decimal128(38, 4), pa.float64()
    assert types["period"] == pa.date32()
    assert types["revenue"] == types["revenue_previous"] == types["quantity"] == money
    assert types["orders"] == types["orders_previous"] == types["active_customers"] == pa.int64()
    assert types["gross_margin"] == types["gross_margin_previous"] == types["revenue_previous_change"] == number


def test_empty_worlds_have_unknown_numbers_and_the_same_columns(world: Make) -> None:
    empty = world()
    result = empty.ask(
        "revenue,win_rate,stock_value,open_pipeline,visits", compare="previous,target", period="2026-11-01..2026-11-30"
    )
    (row,) = result.to_pylist()
    assert set(row.values()) == {None}
    assert result.table.schema.field("revenue").type == pa.decimal128(38, 4)
    assert empty.ask("revenue", by="region", grain="month").to_pylist() == []
    assert empty.ask("visit_frequency", grain="month", scope=Scope.none()).to_pylist() == []


def test_order_is_explicit_and_unknown_comes_last(world: Make) -> None:
    lines = [
        order("1", "2026-11-01", 10, cost=1, channel_id="a"),
        order("2", "2026-11-01", 20, channel_id="b"),
        order("3", "2026-11-01", 5, cost=5, channel_id="c"),
    ]
    small = world(order_line=lines)
    default = [r["channel_id"] for r in small.ask("revenue", by="channel").to_pylist()]
    rising = [r["channel_id"] for r in small.ask("gross_margin", by="channel", order="gross_margin").to_pylist()]
    falling = [
        r["channel_id"] for r in small.ask("gross_margin", by="channel", order="-gross_margin", limit=2).to_pylist()
    ]
    assert (default, rising, falling) == (["b", "a", "c"], ["c", "a", "b"], ["a", "c"])


def test_without_dates_the_first_and_last_period_are_whole(world: Make) -> None:
    # The data ends on 10 February 2026; the February before must still count to its end, the month being long over.
    small = world(order_line=[order("1", "2025-02-25", 10), order("2", "2026-02-10", 30)])
    rows = small.ask("revenue", grain="month", compare="year", today=dt.date(2026, 11, 21)).to_pylist()
    assert rows[-1]["revenue_year"] == Decimal(10)
