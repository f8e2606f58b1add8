"""Which slices make a deviation: shares add up, and the concentrated one wins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from salesloop.engine.analyze.diagnose.contribution import Member, additive_slices, rank_causes, rate_slices


def key(*names: str) -> tuple[Member, ...]:
    return tuple(Member(f"d{place}", name, name) for place, name in enumerate(names))


@pytest.mark.requirement("I02")
def test_the_concentrated_slice_wins_over_the_large_one():
    # 1,000 expected, 800 seen. Distribution is half of it and makes 60 % of the fall; printers in distribution are a tenth and make 55 %.
    channels = additive_slices([key("分销"), key("直销")], np.array([380.0, 420]), np.array([500.0, 500]))
    cells = additive_slices(
        [key("分销", "打印"), key("分销", "其他"), key("直销", "打印"), key("直销", "其他")],
        np.array([-10.0, 390, 95, 325]),
        np.array([100.0, 400, 100, 400]),
    )
    causes = rank_causes([*channels, *cells], -200)
    assert causes[0].slice.members == key("分销", "打印")
    assert causes[0].share == pytest.approx(0.55)
    # The channel around it tells the same story and is left out.
    assert key("分销") not in [cause.slice.members for cause in causes]


def test_an_even_fall_has_no_cause():
    slices = additive_slices([key("a"), key("b")], np.array([90.0, 45]), np.array([100.0, 50]))
    assert rank_causes(slices, -15) == []


def test_at_most_three():
    slices = additive_slices(
        [key(str(i)) for i in range(8)], np.array([50.0, 60, 70, 80, 100, 100, 100, 100]), np.full(8, 100.0)
    )
    assert [cause.slice.members for cause in rank_causes(slices, -140)] == [key("0"), key("1"), key("2")]


def test_rate_contributions_by_hand():
    # Before: a 8/10, b 10/10 (overall 0.9). Now: a 4/10, b 10/10 (0.7). All of the change of −0.2 is a's: ½ × (0.4 − 0.8).
    slices = rate_slices(
        [key("a"), key("b")], np.array([4.0, 10]), np.array([10.0, 10]), np.array([8.0, 10]), np.array([10.0, 10])
    )
    assert [slice_.contribution for slice_ in slices] == pytest.approx([-0.2, 0.0])


positive = arrays(np.float64, 5, elements=st.floats(1, 1000))


@given(positive, positive, positive, positive)
def test_rate_contributions_add_up_to_the_change(n, d, n0, d0):
    slices = rate_slices([key(str(i)) for i in range(5)], n, d, n0, d0)
    assert sum(slice_.contribution for slice_ in slices) == pytest.approx(
        n.sum() / d.sum() - n0.sum() / d0.sum(), abs=1e-9
    )
