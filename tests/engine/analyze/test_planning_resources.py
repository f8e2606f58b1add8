"""Stock, people and budget from a forecast, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from salesloop.engine.analyze.planning.resources import BudgetLine, past_errors, people_need, stock_need


@pytest.mark.requirement("G13")
def test_stock_covers_lead_and_review_time_and_what_forecasts_miss():
    ahead, errors = np.array([304.0, 304.0, 304.0]), np.array([-10.0, 10.0] * 4)
    found = stock_need(ahead, ahead, errors, 400.0, days=76, service=0.95)
    # 76 days are 2.5 months: 760 pieces. s = √(800 ÷ 7) = 10.690; 1.64485 × 10.690 × √2.5 = 27.80.
    assert found.cover == pytest.approx(760)
    assert found.safety == pytest.approx(27.80, abs=0.01)
    assert found.order == pytest.approx(387.80, abs=0.01)
    assert stock_need(ahead, ahead, errors, 900.0, days=76, service=0.95).order == 0
    unknown = stock_need(ahead, ahead[:1], errors[:3], None, days=76, service=0.95)
    assert (unknown.safety, unknown.order) == (None, None)
    assert unknown.cover == pytest.approx(760)


@pytest.mark.requirement("G13")
def test_people_are_the_forecast_by_what_one_brings_and_newcomers_bring_less():
    # 1,200 ÷ 100 = 12; nine of ten stay; newcomers lose half of three months of twelve: 3 ÷ 0.875 = 3.43, so four.
    found = people_need(1200, 100, 10, leaving=0.1, ramp_months=3)
    assert found is not None
    assert (found.needed, found.ramp, found.hires) == (12, 0.875, 4)
    enough = people_need(900, 100, 10)
    assert enough is not None
    assert enough.hires == 0
    assert people_need(900, 0, 10) is None


@pytest.mark.requirement("G13")
def test_a_budget_keeps_last_year_s_share_of_sales():
    line = BudgetLine(spent=10, sales=100, forecast=120, low=110, high=130)
    assert (line.ratio, line.amount, line.span) == (0.1, 12, (11, 13))


def test_errors_are_of_forecasts_that_knew_the_month_a_year_before():
    values = np.array([100.0] * 24)
    season = np.array([-1] * 12 + list(range(12)))
    assert past_errors(values, season) == pytest.approx(np.zeros(11))
