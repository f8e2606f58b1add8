"""Definitions to Apache Ossie and back: ours exactly, simple foreign ones as drafts, the rest with a reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from salesloop.engine.governance.ossie.reading import from_ossie
from salesloop.engine.governance.ossie.writing import to_ossie
from salesloop.engine.metrics import load_registry
from salesloop.engine.metrics.definition import Derived, Measure, Ratio
from salesloop.engine.model.errors import UserError
from tests.cli.run import salesloop
from tests.engine.metrics.world import LightWorld, World

ORDERS = {
    "name": "orders",
    "source": "shop.public.order_line",
    "fields": [
        {"name": "value", "expression": {"dialects": [{"dialect": "ANSI_SQL", "expression": "amount"}]}},
        {"name": "state", "expression": {"dialects": [{"dialect": "ANSI_SQL", "expression": "status"}]}},
    ],
}


def foreign(*metrics: tuple[str, str], dialect: str = "ANSI_SQL", **more: Any) -> dict[str, Any]:
    return {
        "version": "0.2.0.dev0",
        "semantic_model": [
            {
                "name": "shop",
                "datasets": [ORDERS, {"name": "product", "source": "shop.product"}],
                "metrics": [
                    {"name": name, "expression": {"dialects": [{"dialect": dialect, "expression": sql}]}, **more}
                    for name, sql in metrics
                ],
            }
        ],
    }


def read(*metrics: tuple[str, str], **how: Any) -> Any:
    return from_ossie(foreign(*metrics, **how), load_registry(), owner="linxiao")


@pytest.mark.requirement("F01")
def test_the_whole_catalogue_comes_back_as_it_was():
    registry = load_registry()
    written = yaml.safe_load(yaml.safe_dump(to_ossie(registry, "w"), allow_unicode=True))
    found = from_ossie(written, registry, owner="linxiao")
    assert list(found.metrics.items()) == list(registry.metrics.items())
    assert dict(found.dimensions) == dict(registry.dimensions)
    assert (found.drafts, found.left_out) == ([], [])


def test_the_document_has_the_parts_of_the_specification():
    registry = load_registry()
    document = to_ossie(registry, "w")
    (model,) = document["semantic_model"]
    assert document["version"] == "0.2.0.dev0"
    lines = next(one for one in model["datasets"] if one["name"] == "order_line")
    assert lines["primary_key"] == ["order_id", "line_no"]
    day = next(one for one in lines["fields"] if one["name"] == "order_date")
    assert (day["datatype"], day["dimension"]) == ("Date", {"is_time": True})
    to_customer = next(one for one in model["relationships"] if one["name"] == "order_line_customer_id_to_customer")
    assert (to_customer["from_columns"], to_customer["to_columns"]) == (["customer_id"], ["customer_id"])
    names = {one["name"] for one in model["datasets"]}
    assert {one[side] for one in model["relationships"] for side in ("from", "to")} <= names
    unsaid = {one["metric"] for one in json.loads(model["custom_extensions"][0]["data"])["metrics"]}
    assert {"stage_conversion", "stock_value", "attainment", "revenue_ytd"} <= unsaid
    assert unsaid | {one["name"] for one in model["metrics"]} == set(registry.metrics)


@pytest.mark.parametrize("metric", ["revenue", "orders", "order_lines", "gross_margin"])
def test_what_another_tool_would_compute_is_our_number(metric: str):
    world = LightWorld(
        order_line=[
            {"order_id": "A", "line_no": 1, "order_date": "2026-11-05", "amount": 100, "cost": 60, "fx_rate": 1},
            {"order_id": "A", "line_no": 2, "order_date": "2026-11-05", "amount": 50, "cost": 30, "fx_rate": 7},
            {"order_id": "B", "line_no": 1, "order_date": "2026-11-06", "amount": 10, "status": "cancelled"},
        ],
    )
    (model,) = to_ossie(world.registry, "w")["semantic_model"]
    (said,) = (one for one in model["metrics"] if one["name"] == metric)
    ansi = next(one["expression"] for one in said["expression"]["dialects"] if one["dialect"] == "ANSI_SQL")
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE order_line AS SELECT * FROM (VALUES ('A', 100.0, 60.0, NULL, 1.0), ('A', 50.0, 30.0, NULL, 7.0), "
            "('B', 10.0, NULL, 'cancelled', 1.0)) AS t (order_id, amount, cost, status, fx_rate)"
        )
        (there,) = con.execute(f"SELECT {ansi} FROM order_line").fetchone() or (None,)
    by_hand = {"revenue": 450, "orders": 1, "order_lines": 2, "gross_margin": 180 / 450}
    assert float(there) == pytest.approx(by_hand[metric])


def test_simple_foreign_metrics_become_drafts():
    found = read(
        ("big", "SUM(CASE WHEN orders.value >= 100 THEN orders.value ELSE 0 END)"),
        ("buyers", "COUNT(DISTINCT orders.customer_id)"),
        ("open_lines", "COUNT(*) FILTER (WHERE orders.state = 'open')"),
        ("priced", "COUNT(orders.unit_price)"),
    )
    assert found.left_out == []
    big, buyers, priced = found.metrics["big"], found.metrics["buyers"], found.metrics["priced"]
    assert isinstance(big, Measure)
    assert (big.status, big.owner, big.entity, big.aggregate) == ("draft", "linxiao", "order_line", "sum")
    assert (big.expression, big.filter) == ("amount", "amount >= 100")
    assert isinstance(buyers, Measure)
    assert (buyers.aggregate, buyers.expression, buyers.format) == ("count_distinct", "customer_id", "count")
    assert isinstance(priced, Measure)
    assert (priced.aggregate, priced.filter) == ("count", "unit_price IS NOT NULL")
    assert isinstance(found.metrics["open_lines"], Measure)
    assert found.metrics["open_lines"].filter == "status = 'open'"


def test_formulas_over_aggregates_get_hidden_parts():
    found = read(
        ("basket", "SUM(orders.value) / NULLIF(COUNT(DISTINCT orders.order_id), 0)"),
        ("spread", "MAX(orders.value) - MIN(orders.value)"),
        ("margin", "SUM(orders.value - orders.quantity * product.standard_cost)"),
    )
    assert found.left_out == []
    basket, spread, margin = (found.metrics[name] for name in ("basket", "spread", "margin"))
    assert isinstance(basket, Ratio)
    assert (basket.numerator, basket.denominator) == ("basket_part_1", "basket_part_2")
    assert found.metrics["basket_part_1"].hidden
    assert isinstance(spread, Derived)
    assert spread.expression == "spread_part_1 - spread_part_2"
    assert isinstance(margin, Measure)
    assert margin.expression == "amount - quantity * product.standard_cost"


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SUM(orders.value) OVER (PARTITION BY orders.state)", "窗口"),
        ("orders.value * 2", "没有汇总函数"),
        ("SUM(orders.value) / orders.quantity", "窗口"),
        ("SUM(orders.shoe_size)", "shoe_size"),
        ("SUM(stores.value)", "--dataset stores"),
        ("STDDEV(orders.value)", "STDDEV"),
        ("SUM(", "看不懂"),
        ("COUNT(*)", "哪张表"),
    ],
)
def test_what_cannot_be_read_is_listed_with_its_reason(sql: str, said: str):
    found = read(("strange", sql))
    assert found.metrics == {}
    (left,) = found.left_out
    assert left.name == "strange"
    assert said in left.why.text("zh-Hans")


def test_a_foreign_metric_does_not_take_the_name_of_another():
    found = read(("revenue", "SUM(orders.value)"))
    assert found.metrics == {}
    assert "已有别的指标" in found.left_out[0].why.text("zh-Hans")


def test_other_dialects_are_read_and_unknown_ones_named():
    assert "x" in read(("x", "SUM(`orders`.`value`)"), dialect="BIGQUERY").metrics
    assert "MAQL" in read(("x", "SELECT SUM({fact/x})"), dialect="MAQL").left_out[0].why.text("en")


def test_an_expression_changed_beside_its_definition_is_said():
    registry = load_registry()
    document = to_ossie(registry, "w")
    document["semantic_model"][0]["metrics"][0]["expression"]["dialects"][0]["expression"] = "SUM(order_line.cost)"
    found = from_ossie(document, registry, owner="linxiao")
    assert [one.name for one in found.left_out] == ["revenue"]
    assert found.metrics["revenue"] == registry.metrics["revenue"]


@pytest.mark.parametrize("document", [None, [], {"version": "1"}, {"semantic_model": "x"}])
def test_another_kind_of_file_is_refused(document: Any):
    with pytest.raises(UserError, match="Ossie"):
        from_ossie(document, load_registry(), owner="linxiao")


@pytest.mark.requirement("F01")
def test_from_one_workspace_to_another_by_the_command_line(tmp_path: Path):
    World(tmp_path / "a")
    World(tmp_path / "b")
    own = yaml.safe_dump(
        {
            "metric": "big_lines",
            "label": {"zh-Hans": "大单", "en": "Big lines"},
            "description": {"zh-Hans": "大单", "en": "Big lines"},
            "formula": {"zh-Hans": "行数", "en": "Lines"},
            "type": "measure",
            "entity": "order_line",
            "aggregate": "count",
            "filter": "amount >= 100",
            "unit": "record",
            "format": "count",
            "favorable": "up",
            "owner": "linxiao",
            "review_every": "year",
        }
    )
    (tmp_path / "a" / "metrics" / "own.yaml").write_text(own, "utf-8")
    file = tmp_path / "all.yaml"
    assert salesloop("-w", tmp_path / "a", "metrics", "export", file).code == 0
    tried = salesloop("-w", tmp_path / "b", "metrics", "import", file, "--dry-run")
    assert "新写入 1 个" in tried.out
    assert not (tmp_path / "b" / "metrics" / "big_lines.yaml").exists()
    assert salesloop("-w", tmp_path / "b", "metrics", "import", file).code == 0
    there, here = (load_registry(tmp_path / name).metric("big_lines") for name in ("b", "a"))
    assert there.model_copy(update={"reason": None}) == here
    history = salesloop("-w", tmp_path / "b", "metrics", "history", "big_lines", "--format", "json").json
    assert [(one["origin"], one.get("approved_by")) for one in history] == [("imported", None)]
    assert "新写入 0 个" in salesloop("-w", tmp_path / "b", "metrics", "import", file).out

    other = tmp_path / "other.yaml"
    other.write_text(yaml.safe_dump(foreign(("turnover", "SUM(orders.value)"), ("odd", "SUM(orders.odd)"))), "utf-8")
    answer = salesloop("-w", tmp_path / "b", "metrics", "import", other)
    assert "其中草案 1 个" in answer.out
    assert "odd" in answer.out
    assert load_registry(tmp_path / "b").metric("turnover").status == "draft"
    assert salesloop("-w", tmp_path / "b", "metrics", "import", tmp_path / "nothing.yaml").code == 2
    assert salesloop("-w", tmp_path / "b", "metrics", "import", other, "--dataset", "orders").code == 2
