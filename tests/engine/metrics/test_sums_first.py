"""Rows that are many for each slice of a day are summed up before they are joined: the numbers are the identical ones."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from salesloop.engine.metrics import Query
from salesloop.engine.metrics.expression import is_exact
from salesloop.engine.metrics.plan.assemble import plan
from salesloop.engine.metrics.plan.context import Context
from salesloop.engine.metrics.prepare import prepared
from salesloop.engine.metrics.query import check
from salesloop.engine.metrics.visibility import scope_tables
from salesloop.engine.model.scope import Scope
from tests.engine.metrics.engines import Bench, DuckDBStore
from tests.engine.metrics.worlds import Asked, questions, tables, worlds

TODAY = dt.date(2026, 3, 20)
METRICS = [
    "revenue",
    "gross_margin",
    "cogs",
    "orders",
    "order_lines",
    "quantity",
    "visits",
    "revenue_ytd",
    "net_revenue",
]


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(DuckDBStore())


def context(bench: Bench, query: Query, scope: Scope, today: dt.date = TODAY) -> Context:
    assert bench.world is not None
    return prepared(bench.world, bench.registry, check(query, bench.registry), scope, today)


@settings(max_examples=12, phases=[Phase.explicit, Phase.generate])
@given(
    world=worlds(),
    asked=questions(),
    metrics=st.lists(st.sampled_from(METRICS), min_size=1, max_size=3, unique=True),
    compare=st.sampled_from([(), ("year",), ("previous", "year")]),
)
def test_the_answer_is_the_same_either_way(
    bench: Bench, world: dict[str, list[dict[str, Any]]], asked: Asked, metrics: list[str], compare: tuple[str, ...]
) -> None:
    bench.fill(tables(world))
    query = asked.query(tuple(metrics), compare)
    known = context(bench, query, asked.scope, asked.today)
    assert bench.world is not None
    answers = []
    for dense in (frozenset[str](), known.with_rows):
        made = plan(replace(known, dense=dense), "duckdb")
        engine = bench.world.snapshot.engine
        answers.append(engine.execute(made.sql, {**made.tables, **scope_tables(asked.scope)}).to_pylist())
    assert answers[0] == answers[1]


def filled(bench: Bench, lines: int) -> None:
    """So many order lines on two days, in two regions."""
    line = {"order_id": "o", "customer_id": "c1", "region_id": "sh", "amount": 2, "cost": 1, "fx_rate": 1}
    rows = [line | {"line_no": n, "order_date": f"2026-03-{2 + n % 2:02}"} for n in range(lines)]
    bench.fill(tables({"order_line": rows, "opportunity": [], "activity": [], "customer": []}))


def steps(bench: Bench, metric: str, *by: str) -> set[str]:
    query = Query((metric,), by=by, grain="month", start=dt.date(2026, 3, 1), end=TODAY)
    return set(plan(context(bench, query, Scope.all()), "duckdb").steps)


def test_it_is_done_where_many_rows_fall_to_each_slice(bench: Bench) -> None:
    regions = 20 * 2 * len(bench.registry.model.entities)  # more than any tree of the worlds has nodes
    filled(bench, regions)
    assert "order_line_by_order_date_parts" in steps(bench, "revenue", "region")
    assert "order_line_by_order_date_parts" in steps(bench, "revenue")
    assert "order_line_by_order_date_parts" not in steps(
        bench, "active_customers", "region"
    )  # different ones do not add up
    filled(bench, 30)
    assert "order_line_by_order_date_parts" not in steps(bench, "revenue", "region")


@pytest.mark.parametrize(
    ("expression", "exact"),
    [
        ("amount - cost", True),
        ("quantity * unit_cost", True),
        ("amount / quantity", False),
        ("COALESCE(amount, 0)", True),
    ],
)
def test_sums_of_quotients_are_left_as_they_are(expression: str, *, exact: bool) -> None:
    assert is_exact(expression) is exact
