"""MetricFlow's times: `python metricflow_speed.py DATABASE PROJECT OUT`, in its own environment (see benchmarks/metrics.py)."""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

# Run as a script: its own folder is on the path.
from metricflow_engine import asked, opened  # type: ignore[import-not-found]

MODELS = ("sales", "customer", "time_spine")
CARDS = [
    "revenue", "gross_profit", "gross_margin", "quantity", "order_lines", "orders", "average_order_value",
    "active_customers", "selling_employees", "revenue_per_employee", "orders_late",
]  # fmt: skip
# what: (metrics, group by, first day, last day) of every request that it takes
QUESTIONS: dict[str, list[tuple[list[str], list[str], str, str]]] = {
    "lines": [(["revenue", "revenue_year"], ["metric_time__month", "line__region"], "2025-12-01", "2026-11-30")],
    "cells": [
        (["active_customers"], ["metric_time__month", "line__region", "line__channel"], "2021-12-01", "2026-11-30")
    ],
    "other slice": [(["active_customers"], ["metric_time__quarter", "customer__segment"], "2021-12-01", "2026-11-30")],
    "overview": [
        (CARDS, [], "2026-11-01", "2026-11-21"),
        (CARDS, [], "2026-10-01", "2026-10-21"),
        (CARDS, [], "2025-11-01", "2025-11-21"),
        (CARDS, ["metric_time__month"], "2025-11-01", "2026-11-21"),
    ],
}


def main(database: str, project: str, out: str) -> None:
    engine = opened(database, project, MODELS)
    found = {what: timed(engine, requests) for what, requests in QUESTIONS.items()}
    Path(out).write_text(json.dumps(found, default=str))


def timed(engine: Any, requests: list[tuple[list[str], list[str], str, str]]) -> dict[str, Any]:
    """CPU milliseconds, the median of three after one that is not counted, and the sum of the first metric."""
    spent, total = [], 0.0
    for _ in range(4):
        before = time.process_time()
        answers = [asked(engine, *request) for request in requests]
        spent.append((time.process_time() - before) * 1000)
        name = requests[0][0][0]
        place = list(answers[0].column_names).index(name)
        total = sum(float(row[place] or 0) for row in answers[0].rows)
    return {"cpu ms": statistics.median(spent[1:]), "sum": total}


if __name__ == "__main__":
    main(*(str(Path(each).resolve()) for each in sys.argv[1:]))
