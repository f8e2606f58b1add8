"""A plan is made once for each shape of a question, and is always the one that would be made now."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from salesloop.engine.metrics import Query, format_filter
from salesloop.engine.metrics.plan.assemble import plan
from salesloop.engine.metrics.plan.context import Context
from salesloop.engine.metrics.plans import planned
from salesloop.engine.metrics.prepare import prepared
from salesloop.engine.metrics.query import check
from salesloop.engine.model.scope import Scope
from tests.engine.metrics.by_hand import Asked
from tests.engine.metrics.engines import Bench, DuckDBStore
from tests.engine.metrics.worlds import questions, tables, worlds

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
    query = Query(
        tuple(metrics),
        by=asked.by,
        grain="month" if asked.monthly else None,
        start=asked.start,
        end=asked.end,
        where=tuple(format_filter(n, ids, negated=negated) for n, ids, negated in asked.keep if n != "segment"),
        compare=compare,
    )
    scope = Scope(asked.everything, asked.units, asked.employees)
    kept = planned(context(bench, query, scope, asked.today), "duckdb")
    made = plan(context(bench, query, scope, asked.today), "duckdb")
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


@given(world=worlds())
@settings(max_examples=1)
@pytest.mark.requirement("A03")
def test_a_kept_plan_costs_less_than_a_millisecond(bench: Bench, world: dict[str, list[dict[str, Any]]]) -> None:
    bench.fill(tables(world))
    known = context(bench, MONTHS, ONE)
    planned(known, "duckdb")
    spent = []
    for _ in range(9):
        before = time.process_time()
        planned(known, "duckdb")
        spent.append(time.process_time() - before)
    assert sorted(spent)[4] < 0.001
