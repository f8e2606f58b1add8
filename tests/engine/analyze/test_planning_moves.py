"""People who change units: whatever is moved along with them, the company's target stays what it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesloop.engine.analyze.planning.moves import after, follow
from salesloop.engine.metrics.targets.book import EVERYBODY, TargetBook
from salesloop.engine.metrics.targets.cover import all_days, working_days
from salesloop.engine.metrics.targets.nodes import Nodes
from salesloop.engine.metrics.targets.places import placed
from salesloop.engine.metrics.targets.statements import Statement
from salesloop.engine.model.calendar import Calendar, Period
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.org import OrgTree

PARENTS = {"R": None, "A": "R", "B": "R", "A1": "A", "A2": "A", "B1": "B", "B2": "B"}
MONTHS = Calendar().periods(dt.date(2026, 1, 1), dt.date(2026, 12, 31), "month")
QUARTERS = Calendar().periods(dt.date(2026, 1, 1), dt.date(2026, 12, 31), "quarter")
YEAR = ((dt.date(2026, 1, 1), dt.date(2026, 12, 31)),)
PEOPLE = {"P1": "A1", "P2": "A1", "P3": "B2"}
cents = st.integers(0, 100_000).map(lambda n: Decimal(n) / 100)
large = st.integers(10_000_000, 20_000_000).map(lambda n: Decimal(n) / 100)


def stated(period: Period, value: Decimal, *, unit: str = "", person: str = "") -> Statement:
    return Statement("revenue", unit, person, "", "", period.start, period.end, value)


def book(said: list[Statement], rows: list[dict[str, object]], measure=all_days) -> TargetBook:
    units = pa.Table.from_pylist([{"org_unit_id": u, "parent_id": p} for u, p in PARENTS.items()])
    tree = OrgTree(units, pa.Table.from_pylist(rows))
    return TargetBook(placed(said, tree, lambda _metric: True, measure), Nodes(PARENTS), measure)


def org(to: str = "", day: dt.date | None = None) -> list[dict[str, object]]:
    begun = dt.date(1900, 1, 1)
    rows: list[dict[str, object]] = [
        {"employee_id": p, "org_unit_id": u, "valid_from": begun} for p, u in PEOPLE.items()
    ]
    return rows + ([{"employee_id": "P1", "org_unit_id": to, "valid_from": day}] if to else [])


@pytest.mark.requirement("G05")
@settings(max_examples=60)
@given(st.data())
def test_a_target_that_follows_its_person_leaves_the_company_s_total_alone(data: st.DataObject) -> None:
    day = dt.date(2026, 1, 2) + dt.timedelta(days=data.draw(st.integers(0, 362)))
    to, measure = (
        data.draw(st.sampled_from(["A", "A2", "B", "B1", "R"])),
        data.draw(st.sampled_from([all_days, working_days])),
    )
    mine = {month: data.draw(cents) for month in MONTHS}
    people = [stated(month, data.draw(cents), person=p) for p in ("P2", "P3") for month in MONTHS]
    units: dict[str, dict[Period, Decimal]] = {}
    for unit in ("A", "A1", "A2", "B", "B1"):
        periods = data.draw(st.sampled_from([(), MONTHS, QUARTERS]))
        units[unit] = {period: data.draw(large) for period in periods}
    own = [stated(month, value, person="P1") for month, value in mine.items()]

    def said(of: Mapping[str, Mapping[Period, Decimal]]) -> list[Statement]:
        return own + people + [stated(p, v, unit=unit) for unit, cells in of.items() for p, v in cells.items()]

    before = book(said(units), org(), measure)
    path = Nodes(PARENTS).path
    left = [unit for unit in path("A1") if unit not in path(to)]
    joined = [unit for unit in path(to) if unit not in path("A1")]
    moved = {unit: dict(cells) for unit, cells in units.items()}
    for move in follow(after(mine, day, measure), units, left, joined):
        moved[move.who][move.period] = move.after
    now = book(said(moved), org(to, day), measure)
    layer, then = now.layer("revenue"), before.layer("revenue")
    assert now.company_sum(layer, YEAR, EVERYBODY).amount == before.company_sum(then, YEAR, EVERYBODY).amount
    for quarter in QUARTERS:
        days = ((quarter.start, quarter.end),)
        assert now.company_sum(layer, days, EVERYBODY).amount == before.company_sum(then, days, EVERYBODY).amount
    for unit in ("B", "B1"):  # what the people who came bring is due there
        if unit in joined and units[unit]:
            gained = (
                now.unit_sum(layer, unit, YEAR, EVERYBODY).amount - before.unit_sum(then, unit, YEAR, EVERYBODY).amount
            )
            assert gained == sum(after(mine, day, measure).values())


def test_a_unit_that_states_less_than_what_leaves_it_is_told() -> None:
    april = MONTHS[3]
    with pytest.raises(UserError, match="比要移走的还少"):
        follow({april: Decimal(100)}, {"A1": {april: Decimal(99)}}, ["A1"], ["B1"])


def test_parts_of_a_rate_keep_its_value_and_a_stated_unit_keeps_the_person() -> None:
    april = stated(MONTHS[3], Decimal("0.3"), person="P1")
    rows = org("B1", dt.date(2026, 4, 16))
    tree = OrgTree(None, pa.Table.from_pylist(rows))
    parts = list(placed([april], tree, lambda _metric: False, all_days))
    assert [(p.org_unit, p.value, p.days) for p in parts] == [("A1", Decimal("0.3"), 15), ("B1", Decimal("0.3"), 15)]
    staying = replace(april, org_unit="A1")
    assert list(placed([staying], tree, lambda _metric: True, all_days)) == [staying]
