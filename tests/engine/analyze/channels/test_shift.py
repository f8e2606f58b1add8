"""What one more unit of expense brings, and when effort is to be moved: never on chance, never where fees follow sales."""

from __future__ import annotations

import numpy as np
import pytest

from salesloop.engine.analyze.channels import History, Marginal, marginal, recommend

MONTHS = 36


def history(channel: str, slope: float, noise: float = 2.0, months: int = MONTHS, seed: int = 1) -> History:
    """A season, a budget that somebody set freely each month around 100, and gross profit = 500 + season + slope × budget."""
    rng = np.random.default_rng(seed)
    budget = 100 + rng.uniform(-40, 40, months)
    season = 80 * np.sin(np.arange(months) * 2 * np.pi / 12)
    profit = 500 + season + slope * budget + rng.normal(0, noise, months)
    revenue = 2000 + 4 * season + rng.normal(0, 5, months)
    return History(channel, tuple(profit), tuple(budget), tuple(revenue))


def test_exact_changes_give_their_slope_by_hand() -> None:
    """Months of the second year spend 0, 10, … 110 more than a year before and earn 3 for each: slope 3, without doubt."""
    flat = (100.0,) * 12
    more = tuple(100.0 + 10 * i for i in range(12))
    found = marginal(History("a", (500.0,) * 12 + tuple(500 + 30.0 * i for i in range(12)), flat + more, (900.0,) * 24))
    assert found.months == 12
    assert found.slope == pytest.approx(3)
    assert found.error == pytest.approx(0, abs=1e-9)
    assert found.expense == pytest.approx(155)
    assert found.widest == 110


def test_a_season_is_no_return() -> None:
    found = marginal(history("a", 2.5))
    assert found.slope == pytest.approx(2.5, abs=0.15)


@pytest.mark.requirement("E04")
def test_effort_moves_to_where_more_of_it_brings_more() -> None:
    shift = recommend(
        [marginal(history(name, slope, seed=n)) for n, (name, slope) in enumerate({"弱": 0.5, "强": 3.0}.items())]
    )
    assert shift is not None
    assert (shift.source.channel, shift.target.channel) == ("弱", "强")
    assert shift.amount == pytest.approx(0.1 * shift.source.expense)
    assert 0 < shift.low < shift.gain < shift.high
    assert shift.gain == pytest.approx(shift.amount * 2.5, rel=0.15)


@pytest.mark.requirement("E04")
def test_nothing_is_recommended_where_the_interval_spans_zero() -> None:
    assert (
        recommend([marginal(history("a", 2.0, noise=150, seed=3)), marginal(history("b", 2.2, noise=150, seed=4))])
        is None
    )


def test_nothing_is_recommended_into_a_channel_that_does_not_pay_for_itself() -> None:
    assert recommend([marginal(history("a", 0.1)), marginal(history("b", 0.7, seed=2))]) is None


def test_many_channels_do_not_make_a_chance_finding() -> None:
    """Twelve channels of one true return and much noise: the pair that differs most differs by chance. Of 40 such companies
    at most two may be told to move anything (5 %)."""
    told = sum(
        recommend([marginal(history(str(n), 2.0, noise=60, seed=100 * world + n)) for n in range(12)]) is not None
        for world in range(40)
    )
    assert told <= 2


@pytest.mark.requirement("E04")
def test_too_few_months_say_so() -> None:
    found = marginal(history("a", 3.0, months=20))
    assert (found.unknown, found.months, found.slope) == ("short", 8, None)


def test_a_month_that_is_not_known_is_left_out_with_its_pair() -> None:
    whole = history("a", 3.0)
    holes = History("a", (None, *whole.profit[1:]), whole.expense, whole.revenue)
    assert marginal(holes).months == marginal(whole).months - 1


def test_a_fee_in_proportion_to_sales_is_no_lever() -> None:
    """The expense is 5 % of sales: a naive slope would promise eight times the money."""
    revenue = np.random.default_rng(5).uniform(1000, 3000, MONTHS)
    found = marginal(History("a", tuple(0.4 * revenue), tuple(0.05 * revenue), tuple(revenue)))
    assert (found.unknown, found.slope) == ("follows_sales", None)


def test_an_expense_that_never_moves_teaches_nothing() -> None:
    whole = history("a", 3.0)
    assert marginal(History("a", whole.profit, (100.0,) * MONTHS, whole.revenue)).unknown == "unmoved"


def test_no_expense_at_all() -> None:
    whole = history("a", 3.0)
    found = marginal(History("a", whole.profit, (None,) * MONTHS, whole.revenue))
    assert found == Marginal("a", 0, 0.0, 0.0, unknown="short")
    assert recommend([found, found]) is None


def test_no_more_is_moved_than_was_ever_seen() -> None:
    big = Marginal("a", 24, 10_000, 500, slope=0.2, error=0.01)
    small = Marginal("b", 24, 50, 20, slope=3.0, error=0.01)
    shift = recommend([big, small])
    assert shift is not None
    assert shift.amount == 20
