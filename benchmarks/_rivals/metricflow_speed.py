"""MetricFlow's times: `python metricflow_speed.py DATABASE PROJECT OUT`, in its own environment (see benchmarks/metrics.py)."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import Any

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
    folder = Path("metricflow")
    shutil.copytree(project, folder)
    for name in MODELS:
        (folder / "models" / f"{name}.sql").write_text(f"select * from main.{name}\n")
    profile = {"world": {"target": "dev", "outputs": {"dev": {"type": "duckdb", "path": database, "schema": "main"}}}}
    (folder / "profiles.yml").write_text(json.dumps(profile))
    os.chdir(folder)
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"

    from dbt.cli.main import dbtRunner  # type: ignore[import-not-found]
    from dbt_metricflow.cli.cli_configuration import CLIConfiguration  # type: ignore[import-not-found]

    parsed = dbtRunner().invoke(["parse", "--quiet"])
    if not parsed.success:
        raise SystemExit(str(parsed.exception))
    configuration = CLIConfiguration()
    configuration.setup(configure_file_logging=False)
    found = {what: timed(configuration.mf, requests) for what, requests in QUESTIONS.items()}
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


def asked(engine: Any, metrics: list[str], by: list[str], start: str, end: str) -> Any:
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest  # type: ignore[import-not-found]

    request = MetricFlowQueryRequest.create(
        metric_names=metrics,
        group_by_names=by,
        time_constraint_start=dt.datetime.fromisoformat(start),
        time_constraint_end=dt.datetime.fromisoformat(end),
    )
    return engine.query(request).result_df


if __name__ == "__main__":
    main(*(str(Path(each).resolve()) for each in sys.argv[1:]))
