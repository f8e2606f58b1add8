"""What an answer says besides its numbers: years whose public holidays nobody knows."""

from __future__ import annotations

import datetime as dt

import pytest

from salesloop.engine.metrics import run
from salesloop.engine.model.scope import Scope
from tests.metrics_suite import case
from tests.metrics_suite.engines import Bench, DuckDBStore

WORLD = {
    "metrics": [
        {"metric": "a_working_day", "type": "derived", "expression": "revenue / working_days"},
        {"metric": "of_it", "type": "ratio", "numerator": "a_working_day", "denominator": "orders"},
    ],
    "tables": {
        "order_line": "order_id line_no order_date amount\na 1 2022-03-01 1\nb 1 2023-03-01 2\nc 1 2026-03-02 4"
    },
}


@pytest.fixture(scope="module")
def world() -> case.World:
    return case.world("working days", WORLD)


@pytest.mark.parametrize(
    ("metrics", "period", "compare", "years"),
    [
        ("a_working_day", "2023-01-01..2023-12-31", "", None),
        ("a_working_day", "2023-01-01..2023-12-31", "year", [2022]),
        ("of_it", "2021-06-01..2023-12-31", "", [2021, 2022]),
        ("revenue", "2022-01-01..2022-12-31", "", None),
        ("a_working_day", "2026-01-01..2027-12-31", "", None),  # of 2027 no day has come
    ],
)
def test_holidays_that_nobody_knows_are_said(
    world: case.World, metrics: str, period: str, compare: str, years: list[int] | None
) -> None:
    asked = case.query(metrics, period, compare=compare)
    result = run(Bench(DuckDBStore()).holding(world), world.registry, asked, Scope.all(), today=dt.date(2026, 11, 21))
    found = [note for note in result.meta.notes if note.key == "holidays_unknown"]
    assert [note.params["years"] for note in found] == ([] if years is None else [years])
    if years is not None:
        assert ", ".join(map(str, years)) in found[0].text("en")
