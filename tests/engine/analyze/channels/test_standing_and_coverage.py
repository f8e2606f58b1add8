"""Standing among peers, and the map of regions × channels, by hand."""

from __future__ import annotations

import pytest

from salesloop.engine.analyze.channels import cover, standing


@pytest.mark.requirement("E05")
def test_standing_among_peers() -> None:
    values = {"a": 0.3, "b": 0.1, "c": 0.2, "d": None}
    up, down = standing("c", values, "up"), standing("c", values, "down")
    assert (up.value, up.median, up.rank, up.of) == (0.2, 0.2, 2, 3)
    assert standing("a", values, "up").rank == 1
    assert standing("a", values, "down").rank == 3
    assert down.rank == 2
    assert standing("a", values, "neutral").rank is None


def test_an_unknown_value_has_no_rank_and_somebody_alone_has_no_peers() -> None:
    values = {"a": 0.3, "b": None}
    assert (standing("b", values, "up").rank, standing("b", values, "up").median) == (None, 0.3)
    assert (standing("a", values, "up").rank, standing("a", values, "up").median) == (None, None)


@pytest.mark.requirement("E06")
def test_gaps_by_potential() -> None:
    """Distributors sell 10 of 100 in the east and 30 of 100 in the south: a fifth of the market; the north's 50 would give 10.
    The shop sells 5 of 100 in the east: 5 of 100 in the south, 2.5 in the north. The west's market is not known."""
    sold = {("东", "分销"): 10.0, ("南", "分销"): 30.0, ("东", "电商"): 5.0, ("西", "分销"): 1.0, ("北", "电商"): -2.0}
    found = cover(["东", "南", "北", "西"], ["分销", "电商"], sold, {"东": 100.0, "南": 100.0, "北": 50.0})
    assert [(gap.region, gap.channel, gap.potential) for gap in found.gaps] == [
        ("北", "分销", 10.0),
        ("南", "电商", 5.0),
        ("北", "电商", 2.5),  # only returns: nothing was sold
        ("西", "电商", None),
    ]
    assert found.covered == {"分销": 3, "电商": 1}
    assert found.rate("分销") == 0.75
    assert found.rate("分销", 6) == 0.5
    assert found.cells["南", "分销"].value == 30


def test_cells_may_show_customers_while_revenue_decides() -> None:
    found = cover(["东"], ["分销", "电商"], {("东", "分销"): 10.0}, {}, {("东", "分销"): 4, ("东", "电商"): 1})
    assert found.cells["东", "分销"].value == 4
    assert found.cells["东", "电商"].value is None
    assert found.gaps[0].potential is None
    assert cover([], ["分销"], {}, {}).rate("分销") is None
