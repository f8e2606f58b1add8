"""A plan is made once for each shape of a question, and is always the one that would be made now."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from salesloop.engine.metrics import Query, Registry
from salesloop.engine.metrics.definition import Cumulative, Parameter
from salesloop.engine.metrics.parameters import bound
from salesloop.engine.metrics.plan.assemble import plan
from salesloop.engine.metrics.plan.context import Context
from salesloop.engine.metrics.plans import open_planned, planned
from salesloop.engine.metrics.prepare import prepared
from salesloop.engine.metrics.query import check
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import Text
from tests import yardstick
from tests.engine.metrics.engines import Bench, DuckDBStore
from tests.engine.metrics.worlds import Asked, questions, tables, worlds

TODAY = dt.date(2026, 3, 20)
ONE = Scope(employees=frozenset({"p1"}))
OTHER = Scope(employees=frozenset({"p2"}), org_units=frozenset({"u1"}))
MONTHS = Query(("revenue", "gross_margin"), by=("region",), grain="month", start=dt.date(2026, 1, 1), end=TODAY)


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(DuckDBStore())


def context(bench: Bench, query: Query, scope: Scope, today: dt.date = TODAY) -> Context:
    assert bench.world is not None
    return prepared(bench.world, bench.registry, check(query, bench.registry), scope, today)


@settings(max_examples=25, phases=[Phase.explicit, Phase.generate])
@given(
    world=worlds(),
    asked=questions(),
    metrics=st.lists(
        st.sampled_from(["revenue", "orders", "win_rate", "revenue_ytd", "open_pipeline", "new_customers"]),
        min_size=1,
        max_size=2,
        unique=True,
    ),
    compare=st.sampled_from([(), ("year",), ("previous", "year")]),
)
def test_a_kept_plan_is_the_one_that_would_be_made_now(
    bench: Bench, world: dict[str, list[dict[str, Any]]], asked: Asked, metrics: list[str], compare: tuple[str, ...]
) -> None:
    bench.fill(tables(world))
    query = asked.query(tuple(metrics), compare)
    kept = planned(context(bench, query, asked.scope, asked.today), "duckdb")
    made = plan(context(bench, query, asked.scope, asked.today), "duckdb")
    assert kept.sql == made.sql
    assert {name: table.to_pylist() for name, table in kept.tables.items()} == {
        name: table.to_pylist() for name, table in made.tables.items()
    }
    assert kept.sources == made.sources


@given(world=worlds())
@settings(max_examples=1)
def test_people_share_a_plan_and_days_do_not(bench: Bench, world: dict[str, list[dict[str, Any]]]) -> None:
    bench.fill(tables(world))
    assert planned(context(bench, MONTHS, ONE), "duckdb") is planned(context(bench, MONTHS, OTHER), "duckdb")
    assert planned(context(bench, MONTHS, ONE), "duckdb") is not planned(context(bench, MONTHS, Scope.all()), "duckdb")
    tomorrow = context(bench, MONTHS, ONE, TODAY + dt.timedelta(days=1))
    assert planned(tomorrow, "duckdb") is not planned(context(bench, MONTHS, ONE), "duckdb")


OF_DAYS = ("revenue_ytd", "churn_rate", "repeat_purchase_rate", "repeat_purchase_rate_12m", "new_customers")
OF_STATES = ("open_pipeline", "visit_frequency", "stage_conversion", "repurchase_90_days")


@pytest.fixture(scope="module")
def years(bench: Bench) -> Bench:
    """Orders and deals from December 2025 on: earlier days are before the first with data."""
    line = {
        "line_no": 1,
        "employee_id": "p1",
        "customer_id": "c1",
        "region_id": "sh",
        "channel_id": "⟦0⟧",
        "amount": 5,
        "cost": 2,
        "fx_rate": 1,
    }
    days = [dt.date(2025, 12, 5) + dt.timedelta(days=9 * n) for n in range(14)]
    deal = {
        "opportunity_id": "d",
        "stage": "x",
        "status": "open",
        "created_date": "2026-01-10",
        "amount": 7,
        "fx_rate": 1,
    }
    lines = [line | {"order_id": f"o{n}", "order_date": day.isoformat()} for n, day in enumerate(days)]
    visit = {"activity_id": "1", "type": "visit", "event_time": "2026-01-10 10:00", "employee_id": "p1"}
    stage = {"opportunity_id": "d", "stage": "x", "entered_at": "2026-01-10 10:00"}
    bench.fill(
        tables({"order_line": lines, "opportunity": [deal], "activity": [], "customer": []})
        | {"activity": [visit], "stage_event": [stage]}
    )
    return bench


def of_month(metrics: tuple[str, ...], today: dt.date, **more: Any) -> Query:
    return Query(metrics, start=today.replace(day=1), end=today, **more)


@pytest.mark.requirement("A03")
@pytest.mark.parametrize("by", [(), ("region",)])
@pytest.mark.parametrize("grain", [None, "month", "day"])
@pytest.mark.parametrize("metrics", [("revenue", "gross_margin", "orders"), OF_DAYS, OF_STATES])
def test_the_plan_of_this_month_serves_other_days(
    years: Bench, metrics: tuple[str, ...], grain: Any, by: tuple[str, ...]
) -> None:
    """A plan that was made for one day and is filled in for another is the one that would be made for it."""
    opened = []
    for back in (0, 1, 2, 40, 80, 120, 500):
        today = TODAY - dt.timedelta(days=back)
        query = of_month(metrics, today, grain=grain, by=by, compare=("previous", "year"))
        known = context(years, query, ONE, today)
        kept, made = planned(known, "duckdb"), plan(context(years, query, ONE, today), "duckdb")
        assert kept.sql == made.sql
        assert {name: table.to_pylist() for name, table in kept.tables.items()} == {
            name: table.to_pylist() for name, table in made.tables.items()
        }
        opened.append(open_planned(known, "duckdb"))
    assert opened[0] is opened[1] is opened[2]


@pytest.mark.requirement("A03")
def test_this_month_of_yesterday_is_planned_already_today(years: Bench) -> None:
    yesterday, today = (
        context(
            years,
            of_month(("revenue", "gross_margin"), day, by=("region",), compare=("previous", "year")),
            ONE,
            day,
        )
        for day in (TODAY - dt.timedelta(days=1), TODAY)
    )
    assert open_planned(today, "duckdb") is open_planned(yesterday, "duckdb")
    assert "2026-03-19" in planned(yesterday, "duckdb").sql
    assert "2026-03-19" not in planned(today, "duckdb").sql
    assert "2026-03-20" in planned(today, "duckdb").sql


def test_what_somebody_typed_is_not_taken_for_a_day(years: Bench) -> None:
    typed = Query(("revenue",), start=dt.date(2025, 12, 1), end=TODAY, where=("channel=⟦0⟧",))
    assert "'⟦0⟧'" in planned(context(years, typed, Scope.all()), "duckdb").sql
    assert years.ask(typed, Scope.all(), TODAY).table["revenue"].to_pylist() == [60]


@pytest.mark.requirement("A03")
def test_a_kept_plan_costs_less_than_a_millisecond(years: Bench) -> None:
    """The same question again, and the question of this month on the next days."""
    known = context(years, MONTHS, ONE)
    later = [context(years, MONTHS, ONE, TODAY + dt.timedelta(days=n)) for n in range(1, 10)]
    planned(known, "duckdb")
    for asked in ([known] * 9, later):
        spent, worked = [], []
        for one in asked:
            before = time.process_time()
            planned(one, "duckdb")
            spent.append(time.process_time() - before)
            worked.append(yardstick.work())
        assert sorted(spent)[4] < yardstick.allowed(0.001, worked)


@pytest.mark.requirement("A03")
def test_numbers_that_were_chosen_before_are_put_in_once(years: Bench) -> None:
    """Definitions with the same numbers in them are the same registry, whose fingerprint is known."""
    cumulative = years.registry.metric("revenue_12m")
    assert isinstance(cumulative, Cumulative)
    days = Parameter(label=Text("天数", "Days"), default=7, minimum=2, maximum=400)
    chosen = cumulative.model_copy(update={"days": ":days", "to_date": None, "params": {"days": days}})
    registry = Registry(
        {**years.registry.metrics, "revenue_12m": chosen}, years.registry.dimensions, years.registry.model
    )
    nine = bound(registry, ("revenue_12m",), {"days": 9})
    assert nine is bound(registry, ("revenue_12m",), {"days": 9})
    assert nine is not bound(registry, ("revenue_12m",), {"days": 10})
    filled = nine.metric("revenue_12m")
    assert isinstance(filled, Cumulative)
    assert filled.days == 9
    assert bound(registry, ("revenue",), {}) is registry
