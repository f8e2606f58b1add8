"""The effect of an action, through the metric planner: improved, no evidence, worse, weak, not measurable."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.diagnose.contribution import Member
from salesloop.engine.analyze.effect.measure import Acted, measure
from salesloop.engine.model.scope import Scope
from tests.engine.metrics.world import TODAY, World

START = dt.date(2026, 9, 7)  # a Monday; ten complete weeks up to the 15th of November


def world(tmp_path, lift: float, slices: int = 6, weeks: int = 40) -> Asking:
    rng = np.random.default_rng(11)
    monday = dt.date(2026, 11, 16) - dt.timedelta(weeks=weeks)
    lines = []
    for week in range(weeks):
        day = monday + dt.timedelta(weeks=week)
        season = 1 + 0.2 * np.sin(week / 6)
        for place in range(slices):
            amount = 1000 * (place + 1) * season * rng.normal(1, 0.05)
            if place == 0 and day >= START:
                amount *= lift
            lines.append(
                {
                    "order_id": f"O{week}-{place}",
                    "line_no": 1,
                    "order_date": day,
                    "amount": round(amount, 2),
                    "channel_id": f"K{place}",
                }
            )
    made = World(
        tmp_path / "w",
        channel=[{"channel_id": f"K{place}", "name": f"渠道{place}"} for place in range(slices)],
        order_line=lines,
    )
    return Asking(made.workspace, made.registry, Scope.all(), TODAY)


ACTED = Acted("revenue", (Member("channel", "K0", "渠道0"),), START, TODAY)


@pytest.mark.requirement("N05", "A02")
def test_a_lift_is_found_with_its_size(tmp_path):
    result = measure(world(tmp_path, 1.3), ACTED)
    assert result.verdict == "improved"
    assert result.method == "difference_in_differences"
    assert result.relative == pytest.approx(0.3, abs=0.06)
    assert result.relative_low is not None
    assert result.relative_high is not None
    assert result.relative_low < 0.3 < result.relative_high
    assert result.comparable == 5
    assert result.placebo_clean
    assert result.message.text("zh-Hans").startswith("见效：销售额较可比切片上升 ")


def test_nothing_is_found_where_nothing_happened(tmp_path):
    result = measure(world(tmp_path, 1.0), ACTED)
    assert result.verdict == "no_evidence"
    assert result.low is not None
    assert result.high is not None
    assert result.low < 0 < result.high


def test_a_fall_is_worse(tmp_path):
    assert measure(world(tmp_path, 0.7), ACTED).verdict == "worse"


def test_points_carry_the_chart(tmp_path):
    points = measure(world(tmp_path, 1.3), ACTED).points
    assert [point.after for point in points].index(True) == 20
    assert len(points) == 30
    assert points[20].start == START


def test_slices_with_actions_of_their_own_are_no_comparison(tmp_path):
    touched = Acted(ACTED.metric, ACTED.members, START, TODAY, frozenset({"K1", "K2"}))
    assert measure(world(tmp_path, 1.3), touched).comparable == 3


def test_without_comparable_slices_the_evidence_is_weak(tmp_path):
    result = measure(world(tmp_path, 1.5, slices=2, weeks=140), ACTED)
    assert result.method == "own_season"
    assert result.weak
    assert "没有可比切片" in result.message.text("zh-Hans")


def test_too_early_to_measure(tmp_path):
    result = measure(world(tmp_path, 1.3), Acted("revenue", ACTED.members, TODAY - dt.timedelta(days=9), TODAY))
    assert result.verdict == "unmeasurable"
    assert result.points == ()
