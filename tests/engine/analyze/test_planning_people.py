"""Why one person brings more than another: three effects that add up to the difference, whoever is compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesloop.engine.analyze.planning.factors import Seller, against_average, main_factor

sellers = st.builds(Seller, st.floats(1, 1e9), st.integers(1, 10_000).map(float), st.integers(1, 500).map(float))


@pytest.mark.requirement("E14")
@given(st.lists(sellers, min_size=1, max_size=12))
def test_effects_add_up_to_the_difference_from_the_mean(people: list[Seller]) -> None:
    mean = sum(one.amount for one in people) / len(people)
    for one, effects in zip(people, against_average(people), strict=True):
        assert sum(effects) == pytest.approx(one.amount - mean, rel=1e-6, abs=1e-6 * max(mean, one.amount))


@pytest.mark.requirement("E14")
def test_two_people_by_hand_and_what_explains_most() -> None:
    # 8 customers × 2 orders × 100 = 1,600 and 4 × 2 × 100 = 800: only the customers differ. The mean is 6 × 2 × 100 = 1,200.
    more, less = against_average([Seller(1600, 16, 8), Seller(800, 8, 4)])
    assert more == pytest.approx((400, 0, 0), abs=1e-9)
    assert less == pytest.approx((-400, 0, 0), abs=1e-9)
    assert (main_factor(more), main_factor((50.0, -80.0, -10.0)), main_factor((0.0, 0.0, 0.0))) == (0, 1, None)
    with pytest.raises(ValueError, match="sold something"):
        against_average([Seller(0, 0, 0)])
