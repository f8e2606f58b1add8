"""What a metric reads is known by field, through everything that it is composed of."""

from __future__ import annotations

import pytest

from salesloop.engine.metrics.inputs import inputs_of, needed_by
from salesloop.engine.metrics.registry import load_registry

REGISTRY = load_registry(None)


@pytest.mark.requirement("B16")
def test_a_measure_reads_its_date_its_filter_and_what_its_amount_is_made_of() -> None:
    found = inputs_of(REGISTRY, "revenue")
    assert {("order_line", name) for name in ("order_date", "status", "amount", "currency")} <= found
    assert {("order_line", "quantity"), ("order_line", "unit_price")} <= found  # amount may be derived from them
    assert ("order_line", "ship_mode") not in found


def test_a_ratio_reads_what_its_parts_read() -> None:
    ratio = next(name for name, metric in REGISTRY.metrics.items() if metric.type == "ratio")
    metric = REGISTRY.metric(ratio)
    assert metric.type == "ratio"
    assert inputs_of(REGISTRY, ratio) == inputs_of(REGISTRY, metric.numerator) | inputs_of(REGISTRY, metric.denominator)


def test_every_offered_metric_needs_something_that_the_model_has() -> None:
    needed = needed_by(REGISTRY)
    assert all(REGISTRY.model.entity(entity).has(field) for entity, field in needed)
    assert "revenue" in needed["order_line", "amount"]
    assert not any(REGISTRY.metrics[name].hidden for names in needed.values() for name in names)
