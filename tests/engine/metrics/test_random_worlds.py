"""The planner against plain Python, and promises that hold in every world."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from salesloop.engine.metrics import Query, format_filter
from salesloop.engine.model.scope import Scope
from tests.engine.metrics.by_hand import METRICS, UNITS, Asked, answers
from tests.engine.metrics.engines import Bench, DuckDBStore
from tests.engine.metrics.worlds import ADDITIVE, PEOPLE, questions, tables, worlds

TODAY = dt.date(2026, 3, 20)
World = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(DuckDBStore())


def agree(bench: Bench, world: World, asked: Asked) -> None:
    """The planner's answers are those worked out by hand, metric by metric and group by group."""
    bench.fill(tables(world))
    query = Query(
        METRICS,
        by=asked.by,
        grain="month" if asked.monthly else None,
        start=asked.start,
        end=asked.end,
        where=tuple(format_filter(name, ids, negated=negated) for name, ids, negated in asked.keep),
        compare=("previous", "year"),
    )
    found = bench.ask(query, Scope(asked.everything, asked.units, asked.employees), asked.today).to_pylist()
    keys = [(*((row["period"],) if asked.monthly else ()), *(row[f"{name}_id"] for name in asked.by)) for row in found]
    assert len(set(keys)) == len(keys)
    for metric in METRICS:
        expected = answers(world, replace(asked, metric=metric))
        known = {key for key, values in expected.items() if any(values.values())}
        assert known <= set(keys)
        for key, row in zip(keys, found, strict=True):
            for name, column in (("value", ""), ("previous", "_previous"), ("year", "_year")):
                value = float(row[f"{metric}{column}"] or 0)
                by_hand = float(expected.get(key, {}).get(name) or 0)
                assert value == pytest.approx(by_hand, abs=1e-9), (metric, key, name)


@settings(max_examples=60)
@given(world=worlds(), asked=questions())
def test_the_planner_agrees_with_plain_python(bench: Bench, world: World, asked: Asked) -> None:
    # A segment that no customer has cannot be asked for: that is refused, with a test of its own.
    segments = {row["segment"] for row in world["customer"]} | {None}
    assume(all(set(ids) <= segments for name, ids, _ in asked.keep if name == "segment"))
    agree(bench, world, asked)


@settings(max_examples=15)
@given(
    world=worlds(),
    by=st.sampled_from(["region", "org_unit", "employee", "segment", "customer"]),
    grain=st.sampled_from([None, "week", "month", "quarter"]),
)
def test_the_total_is_the_sum_over_groups(bench: Bench, world: World, by: str, grain: Any) -> None:
    bench.fill(tables(world))
    for metric in ADDITIVE:
        (whole,) = bench.ask(Query((metric,)), Scope.all(), TODAY).to_pylist()
        parts = bench.ask(Query((metric,), by=(by,), grain=grain), Scope.all(), TODAY).to_pylist()
        assert sum(row[metric] for row in parts) == (whole[metric] or 0)


@settings(max_examples=15)
@given(
    world=worlds(),
    own=st.frozensets(st.sampled_from(PEOPLE), max_size=2),
    more=st.frozensets(st.sampled_from(PEOPLE), max_size=3),
    units=st.frozensets(st.sampled_from(UNITS), max_size=2),
    more_units=st.frozensets(st.sampled_from(UNITS), max_size=3),
)
def test_who_sees_more_never_counts_less(
    bench: Bench,
    world: World,
    own: frozenset[str],
    more: frozenset[str],
    units: frozenset[str],
    more_units: frozenset[str],
) -> None:
    bench.fill(tables(world))
    rep, manager = Scope(employees=own, org_units=units), Scope(employees=own | more, org_units=units | more_units)
    assert rep.within(manager)
    metrics = ("revenue", "orders", "active_customers", "new_customers", "repeat_customers", "visits", "deals_won")
    query = Query(metrics, by=("region",))
    seen = {row["region_id"]: row for row in bench.ask(query, manager, TODAY).to_pylist()}
    everything = {row["region_id"]: row for row in bench.ask(query, Scope.all(), TODAY).to_pylist()}
    for row in bench.ask(query, rep, TODAY).to_pylist():
        for metric in metrics:
            mine = row[metric] or 0
            assert mine <= (seen[row["region_id"]][metric] or 0) <= (everything[row["region_id"]][metric] or 0)


@settings(max_examples=12)
@given(world=worlds(), asked=questions(), metric=st.sampled_from(METRICS))
def test_a_metric_is_the_same_alone_and_in_company(bench: Bench, world: World, asked: Asked, metric: str) -> None:
    bench.fill(tables(world))
    grain: Any = "month" if asked.monthly else None
    keys = ["period"] * asked.monthly + [f"{name}_id" for name in asked.by]

    def values(metrics: tuple[str, ...]) -> dict[tuple[Any, ...], Any]:
        query = Query(metrics, by=asked.by, grain=grain, start=asked.start, end=asked.end, compare=("previous",))
        rows = bench.ask(query, Scope.all(), TODAY).to_pylist()
        return {tuple(row[k] for k in keys): (row[metric], row[f"{metric}_previous"]) for row in rows}

    alone = values((metric,))
    together = values(tuple(dict.fromkeys((metric, "revenue", "visits", "deals_won", "gross_profit"))))
    assert {key: together[key] for key in alone} == alone
    for key in set(together) - set(alone):
        assert together[key][0] in (0, None)
