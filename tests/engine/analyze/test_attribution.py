"""Last touch: every sale to the newest lead before it, and nothing lost."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesloop.engine.analyze.diagnose.attribution import Lead, Sale, last_touch

DAY = dt.date(2026, 1, 1)


def on(day: int) -> dt.date:
    return DAY + dt.timedelta(days=day)


@pytest.mark.requirement("D26")
def test_the_newest_lead_before_the_sale_counts_and_not_one_after_it_or_too_old() -> None:
    leads = [
        Lead("C1", on(0), "展会"),
        Lead("C1", on(10), "直播"),
        Lead("C1", on(30), "邮件"),
        Lead("C2", on(0), "展会"),
    ]
    sales = [
        Sale("C1", on(5), 100, 40),  # 展会
        Sale("C1", on(10), 50, 20),  # 直播, of that very day
        Sale("C1", on(29), 10, 5),  # 直播 still
        Sale("C2", on(91), 70, 30),  # 91 days after: nobody's
        Sale("C3", on(1), 5, 1),  # no lead at all
    ]
    found = last_touch(leads, sales, window=90)
    assert {name: (c.revenue, c.profit, c.customers) for name, c in found.items()} == {
        "展会": (100, 40, 1), "直播": (60, 25, 1), None: (75, 31, 2),
    }  # fmt: skip
    assert found["展会"].return_on(20) == 1.0  # (40 − 20) ÷ 20
    assert found["展会"].return_on(None) is None


@pytest.mark.requirement("D26")
@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 400), st.sampled_from(["x", "y"])), max_size=15),
    st.lists(st.tuples(st.sampled_from("ABCD"), st.integers(0, 400), st.integers(0, 1000)), max_size=25),
)
def test_all_rows_add_up_to_all_sales(leads: list[tuple[str, int, str]], sales: list[tuple[str, int, int]]) -> None:
    found = last_touch(
        [Lead(who, on(day), touch) for who, day, touch in leads],
        [Sale(who, on(day), amount, amount / 2) for who, day, amount in sales],
        window=90,
    )
    assert sum(credit.revenue for credit in found.values()) == sum(amount for _who, _day, amount in sales)
