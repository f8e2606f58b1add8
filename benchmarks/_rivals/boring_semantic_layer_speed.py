"""boring-semantic-layer's times: `python boring_semantic_layer_speed.py DATABASE PROJECT OUT`, in its own environment.

Ranges that are compared are asked one after the other, and put side by side by the person who asks.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import ibis  # type: ignore[import-not-found]
from boring_semantic_layer import Dimension, to_semantic_table  # type: ignore[import-not-found]

CARDS = [
    "revenue", "gross_profit", "gross_margin", "quantity", "order_lines", "orders", "average_order_value",
    "active_customers", "selling_employees", "revenue_per_employee", "orders_late",
]  # fmt: skip
ALL = ("2021-12-01", "2026-11-30")


def main(database: str, _: str, out: str) -> None:
    con = ibis.duckdb.connect(database, read_only=True)
    model = sales(con)
    month = {"time_grain": "TIME_GRAIN_MONTH"}
    periods = [("2026-11-01", "2026-11-21"), ("2026-10-01", "2026-10-21"), ("2025-11-01", "2025-11-21")]
    years = [("2025-12-01", "2026-11-30"), ("2024-12-01", "2025-11-30")]
    found = {
        "lines": timed(lambda: [ask(model, ["revenue"], ["order_date", "region"], days, **month) for days in years]),
        "cells": timed(lambda: [ask(model, ["active_customers"], ["order_date", "region", "channel"], ALL, **month)]),
        "other slice": timed(
            lambda: [
                ask(
                    by_customer(con), ["sales.active_customers"], ["sales.order_date", "customers.segment"], ALL,
                    time_grain="TIME_GRAIN_QUARTER",
                )
            ]
        ),
        "overview": timed(
            lambda: [
                *(sales(con, days).aggregate(*CARDS).execute() for days in periods),
                ask(model, CARDS, ["order_date"], ("2025-11-01", "2026-11-21"), **month),
            ]
        ),
    }  # fmt: skip
    Path(out).write_text(json.dumps(found, default=str))


def sales(con: Any, days: tuple[str, str] | None = None) -> Any:
    table = con.table("sales")
    if days:
        table = table.filter((table.order_date >= ibis.date(days[0])) & (table.order_date <= ibis.date(days[1])))
    day = Dimension(expr=lambda t: t.order_date, is_time_dimension=True, smallest_time_grain="TIME_GRAIN_DAY")
    model = to_semantic_table(table, name="sales").with_dimensions(
        order_date=day, region=lambda t: t.region_id, channel=lambda t: t.channel_id, customer=lambda t: t.customer_id
    )
    late = lambda t: (t.shipped_at.cast("date") > t.due_date.cast("date")).ifelse(t.order_id, ibis.null())  # noqa: E731
    return model.with_measures(
        revenue=lambda t: t.amount.sum(),
        gross_profit=lambda t: (t.amount - t.cost).sum(),
        quantity=lambda t: t.quantity.sum(),
        order_lines=lambda t: t.count(),
        orders=lambda t: t.order_id.nunique(),
        active_customers=lambda t: t.customer_id.nunique(),
        selling_employees=lambda t: t.employee_id.nunique(),
        orders_late=lambda t: late(t).nunique(),
        gross_margin=lambda t: t.gross_profit / t.revenue,
        average_order_value=lambda t: t.revenue / t.orders,
        revenue_per_employee=lambda t: t.revenue / t.selling_employees,
    )


def by_customer(con: Any) -> Any:
    customers = to_semantic_table(con.table("customer"), name="customers").with_dimensions(
        customer=lambda t: t.customer_id, segment=lambda t: t.segment
    )
    return sales(con).join_one(customers, on=lambda one, other: one.customer_id == other.customer_id)


def ask(model: Any, measures: list[str], by: list[str], days: tuple[str, str], **more: str) -> Any:
    return model.query(
        dimensions=by, measures=measures, time_range={"start": days[0], "end": days[1]}, **more
    ).execute()


def timed(asks: Any) -> dict[str, Any]:
    """CPU milliseconds, the median of three after one that is not counted, and the sum of the first measure."""
    spent, total = [], 0.0
    for _ in range(4):
        before = time.process_time()
        answers = asks()
        spent.append((time.process_time() - before) * 1000)
        name = next(c for c in answers[0].columns if c.split(".")[-1] in ("revenue", "active_customers"))
        total = float(answers[0][name].sum())
    return {"cpu ms": statistics.median(spent[1:]), "sum": total}


if __name__ == "__main__":
    main(*sys.argv[1:])
