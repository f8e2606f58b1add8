"""A company's own metrics and dimensions: written in YAML, checked, explained when wrong."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from salesloop.engine.metrics import load_registry
from salesloop.engine.metrics.document import PAGES, SCHEMA_FILE, page, schema_text
from salesloop.engine.metrics.query import Query, check
from salesloop.engine.metrics.registry import built_in
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import LANGS
from tests.engine.metrics.world import World

ROOT = Path(__file__).parents[3]
COMMON = """
label: {zh-Hans: 甲, en: A}
description: {zh-Hans: 说明, en: Description}
formula: {zh-Hans: 公式, en: Formula}
unit: currency
format: money
favorable: up
owner: me
review_every: year
"""

ISSUE_METRICS = [
    "revenue",
    "quantity",
    "cogs",
    "gross_profit",
    "gross_margin",
    "orders",
    "active_customers",
    "new_customers",
    "average_order_value",
    "returns_amount",
    "deals_won",
    "deals_lost",
    "deals_closed",
    "won_amount",
    "win_rate",
    "sales_cycle",
    "stage_conversion",
    "repeat_purchase_rate",
    "inventory_turnover",
    "order_processing_time",
    "target",
    "attainment",
    "pace",
    "visits",
    "visit_frequency",
    "channel_expense",
    "channel_profit",
    "data_entry_timeliness",
]
ISSUE_DIMENSIONS = [
    "region",
    "channel",
    "product",
    "category",
    "customer",
    "segment",
    "industry",
    "employee",
    "org_unit",
    "source",
    "stage",
]


def own(tmp_path: Path, text: str, name: str = "own.yaml") -> Path:
    (tmp_path / "metrics").mkdir(exist_ok=True)
    (tmp_path / "metrics" / name).write_text(text, "utf-8")
    return tmp_path


def test_the_ids_that_scripts_rely_on_are_there() -> None:
    registry = load_registry()
    assert set(ISSUE_METRICS) <= set(registry.metrics)
    assert set(ISSUE_DIMENSIONS) <= set(registry.dimensions)


@pytest.mark.requirement("F01")
def test_every_definition_is_complete_in_every_language() -> None:
    metrics, dimensions = built_in()
    for item in (*metrics.values(), *dimensions.values()):
        texts = [item.label, item.description, *([item.formula] if hasattr(item, "formula") else [])]
        assert all(text.get(lang).strip() for text in texts for lang in LANGS)
        assert item.sources
    labels = [metric.label.zh_hans for metric in metrics.values()]
    assert len(set(labels)) == len(labels)


@pytest.mark.requirement("F01")
def test_the_handbook_and_the_schema_are_what_the_definitions_say() -> None:
    folder = ROOT / "docs" / "metrics"
    for lang, name in PAGES.items():
        assert (folder / name).read_text("utf-8") == page(load_registry(), lang), "run: salesloop metrics docs"
    assert (folder / SCHEMA_FILE).read_text("utf-8") == schema_text(), "run: salesloop metrics docs"


def test_the_schema_describes_the_catalogue() -> None:
    schema = json.loads(schema_text())
    known = {key for part in schema["$defs"].values() for key in part.get("properties", {})}
    for file in (ROOT / "src/salesloop/engine/metrics/catalogue").glob("*.yaml"):
        for document in yaml.safe_load_all(file.read_text("utf-8")):
            assert set(document) <= known


def test_own_metrics_join_the_catalogue_and_replace_it_by_id(tmp_path: Path) -> None:
    world = World(
        tmp_path,
        order_line=[
            {"order_id": "1", "line_no": 1, "order_date": "2026-11-01", "amount": 10, "freight": 2, "status": "cancelled"},
            {"order_id": "2", "line_no": 1, "order_date": "2026-11-01", "amount": 10, "freight": 3, "store": "东店"},
        ],
    )  # fmt: skip
    own(
        tmp_path,
        f"metric: freight\ntype: measure\nentity: order_line\naggregate: sum\nexpression: freight{COMMON}",
        "a.yaml",
    )
    own(
        tmp_path,
        f"metric: revenue\ntype: measure\nentity: order_line\naggregate: sum\nexpression: amount\nversion: 2{COMMON}",
        "b.yaml",
    )
    own(tmp_path, f"metric: freight_share\ntype: ratio\nnumerator: freight\ndenominator: revenue{COMMON}", "c.yaml")
    own(
        tmp_path,
        "dimension: shop\nlabel: {zh-Hans: 店, en: Shop}\ndescription: {zh-Hans: 店, en: Shop}\npaths: {default: [], order_line: [store]}",
        "d.yaml",
    )
    world.registry = load_registry(tmp_path)
    result = world.ask("freight,revenue,freight_share", by="shop")
    assert [tuple(row.values()) for row in result.to_pylist()] == [
        ("东店", "东店", Decimal(3), Decimal(10), 0.3),
        (None, None, Decimal(2), Decimal(10), 0.2),
    ]
    assert result.meta.versions == {"freight": 1, "revenue": 2, "freight_share": 1}


@pytest.mark.parametrize(
    ("definition", "place", "problem"),
    [
        ("metric: x\ntype: measure\nentity: order_line\naggregate: sum", "measure", "needs an expression"),
        ("metric: x\ntype: measure\nentity: ordr\naggregate: count", "entity", "no entity ordr"),
        ("metric: x\ntype: measure\nentity: order_line\naggregate: sum\nexpression: amunt", "expression", "no field amunt"),
        ("metric: x\ntype: measure\nentity: order_line\naggregate: sum\nexpression: employee.base_salary", "expression", "several rows per key"),
        ("metric: x\ntype: measure\nentity: order_line\naggregate: sum\nexpression: region.customer.name", "expression", "does not refer"),
        ("metric: x\ntype: measure\nentity: order_line\naggregate: sum\nexpression: read_text('/etc/passwd')", "expression", "not allowed"),
        ("metric: x\ntype: measure\nentity: order_line\naggregate: sum\nexpression: (select 1)", "expression", "not allowed"),
        ("metric: x\ntype: measure\nentity: order_line\naggregate: sum\nexpression: amount\nfilter: 'status = '", "filter", "not an SQL"),
        ("metric: x\ntype: measure\nentity: order_line\naggregate: count\nfilter: amount > :secret", "filter", "secret"),
        ("metric: x\ntype: measure\nentity: order_line\naggregate: mode\nexpression: amount", "measure.aggregate", "“mode” is not known"),
        ("metric: x\ntype: ratio\nnumerator: revenue\ndenominator: nothing", "denominator", "no metric nothing"),
        ("metric: x\ntype: ratio\nnumerator: x\ndenominator: revenue", "—", "from itself"),
        ("metric: x\ntype: derived\nexpression: revenue + x", "—", "from itself"),
        ("metric: x\ntype: derived\nexpression: revenue + sum(orders)", "expression", "not allowed"),
        ("metric: x\ntype: cumulative\nmeasure: win_rate\nto_date: year", "measure", "accumulates a measure"),
        ("metric: x\ntype: cumulative\nmeasure: revenue", "cumulative", "either to_date or days"),
        ("metric: x\ntype: snapshot\nentity: opportunity\nopened: created_date", "snapshot", "belong together"),
        ("metric: x\ntype: guess", "—", "guess"),
        ("metric: X y\ntype: ratio\nnumerator: revenue\ndenominator: orders", "ratio.metric", "pattern"),
        ("metric: x\ntype: ratio\nnumerator: revenue\ndenominator: orders\ncolour: red", "ratio.colour", "Extra"),
    ],
)  # fmt: skip
def test_a_wrong_definition_names_its_file_and_place(tmp_path: Path, definition: str, place: str, problem: str) -> None:
    with pytest.raises(UserError) as raised:
        load_registry(own(tmp_path, definition + COMMON))
    text = raised.value.text("en")
    assert raised.value.key == "definition_wrong"
    assert "own.yaml" in text
    assert place in text
    assert problem in text


def test_what_is_no_definition_at_all_is_said(tmp_path: Path) -> None:
    for text, key in (
        ("metric: [", "definition_unreadable"),
        ("hello: 1", "definition_neither"),
        ("- 1", "definition_neither"),
    ):
        with pytest.raises(UserError) as raised:
            load_registry(own(tmp_path, text))
        assert raised.value.key == key
    own(tmp_path, f"metric: x\ntype: ratio\nnumerator: revenue\ndenominator: orders{COMMON}")
    with pytest.raises(UserError, match=r"own.yaml.*twice.yaml"):
        load_registry(
            own(tmp_path, f"metric: x\ntype: ratio\nnumerator: revenue\ndenominator: orders{COMMON}", "twice.yaml")
        )


def test_cumulative_metrics_run_over_gaps_and_years(tmp_path: Path) -> None:
    world = World(
        tmp_path,
        order_line=[
            {"order_id": day, "line_no": 1, "order_date": day, "amount": amount}
            for day, amount in (("2025-12-30", 1), ("2026-01-31", 2), ("2026-03-02", 4), ("2026-11-20", 8), ("2026-11-25", 16))
        ],
    )  # fmt: skip
    own(tmp_path, f"metric: last_30\ntype: cumulative\nmeasure: revenue\ndays: 30{COMMON}")
    world.registry = load_registry(tmp_path)
    rows = world.ask("revenue_ytd,last_30", grain="month", period="2025-12-01..2026-03-31").to_pylist()
    assert [(r["period"].month, r["revenue_ytd"], r["last_30"]) for r in rows] == [
        (12, 1, 1),
        (1, 2, 2),  # 2 January to 31 January
        (2, 2, 2),  # nothing was sold in February: the sum of the year goes on; 30 January to 28 February
        (3, 6, 4),
    ]
    # An unfinished period ends today, the 21st: what is dated later is not part of it.
    assert world.value("last_30", period="2026-11-01..2026-11-30") == 8
    compared = world.ask("revenue_ytd", grain="month", compare="previous", period="2026-03-01..2026-03-31").to_pylist()[
        0
    ]
    assert (compared["revenue_ytd"], compared["revenue_ytd_previous"]) == (6, 2)


def test_conversion_within_a_time(tmp_path: Path) -> None:
    world = World(
        tmp_path,
        stage_event=[
            {"opportunity_id": "1", "stage": "a", "entered_at": "2026-11-01 10:00"},
            {"opportunity_id": "1", "stage": "b", "entered_at": "2026-11-11 10:00"},  # 10 days later
            {"opportunity_id": "2", "stage": "a", "entered_at": "2026-11-01 10:00"},
            {"opportunity_id": "2", "stage": "b", "entered_at": "2026-11-12 10:00"},  # 11 days later
            {"opportunity_id": "3", "stage": "b", "entered_at": "2026-10-01 10:00"},
            {"opportunity_id": "3", "stage": "a", "entered_at": "2026-11-01 10:00"},  # b came before, not after
        ],
    )
    own(
        tmp_path,
        f"metric: quick\ntype: conversion\nentity: stage_event\nsubject: opportunity_id\nfilter: stage = 'a'\nto: stage = 'b'\nwithin_days: 10{COMMON}",
    )
    world.registry = load_registry(tmp_path)
    assert world.values("quick", grain="month") == {dt.date(2026, 11, 1): pytest.approx(1 / 3)}


def test_own_fields_are_there_for_own_metrics(tmp_path: Path) -> None:
    (tmp_path / "entities").mkdir()
    (tmp_path / "entities" / "order_line.yaml").write_text(
        "extend: order_line\nfields:\n  points:\n    type: decimal\n    label: {zh-Hans: 积分, en: Points}\n    doc: {zh-Hans: 积分, en: Points}\n",
        "utf-8",
    )
    own(
        tmp_path,
        f"metric: points\ntype: measure\nentity: order_line\naggregate: sum\nexpression: points{COMMON.replace('currency', 'point').replace('money', 'number')}",
    )
    world = World(
        tmp_path, order_line=[{"order_id": "1", "line_no": 1, "order_date": "2026-11-01", "amount": 1, "points": 2.5}]
    )
    assert world.value("points") == Decimal("2.5")


LIFE = "metric: old\ntype: measure\nentity: order_line\naggregate: sum\nexpression: amount\n"


@pytest.mark.requirement("F01")
def test_a_retired_metric_refuses_and_names_its_successor(tmp_path):
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "old.yaml").write_text(f"{LIFE}status: retired\nsuccessor: revenue{COMMON}", "utf-8")
    registry = load_registry(tmp_path)
    with pytest.raises(UserError, match="请改用「销售额」（revenue）") as refusal:
        check(Query(("old",)), registry)
    assert "use Revenue (revenue) instead" in refusal.value.text("en")


@pytest.mark.requirement("F05")
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("status: deprecated", "names its successor"),
        ("status: deprecated\nsuccessor: nothing", "there is no metric nothing"),
        ("drivers: [nothing]", "there is no metric nothing"),
        ("drivers: [old]", "drives itself"),
        ("successor: old", "not its own successor"),
    ],
)
def test_what_surrounds_a_metric_is_checked(tmp_path, lines, said):
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "old.yaml").write_text(f"{LIFE}{lines}{COMMON}", "utf-8")
    with pytest.raises(UserError) as refused:
        load_registry(tmp_path)
    assert said in refused.value.text("en")


def test_companies_without_metrics_of_their_own_share_one_catalogue(tmp_path: Path) -> None:
    """It is read and checked once; whoever has a metric has another, without touching theirs."""
    (tmp_path / "own" / "metrics").mkdir(parents=True)
    (tmp_path / "own" / "metrics" / "own.yaml").write_text(
        f"metric: own{COMMON}type: measure\nentity: order_line\naggregate: sum\nexpression: amount\n", "utf-8"
    )
    shared = load_registry(tmp_path / "one")
    assert load_registry(tmp_path / "other") is shared
    assert set(load_registry(tmp_path / "own").metrics) - set(shared.metrics) == {"own"}
    assert load_registry(tmp_path / "one") is shared
