"""MetricFlow's answers: `python metricflow_answers.py DATABASE PROJECT OUT`, run in its own environment.

Copies the dbt project beside it, points it at the database, parses it and asks through MetricFlow's engine.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

# Run as a script: its own folder is on the path.
from metricflow_engine import asked, opened  # type: ignore[import-not-found]

MODELS = ("order_line", "activity", "return_line", "target", "inventory_snapshot", "employee", "customer", "time_spine")
# trap: (metrics, group by, first day, last day, column of the answer: column of the suite)
QUESTIONS: dict[str, tuple[list[str], list[str], str, str, dict[str, str]]] = {
    "two_facts_by_person": (["revenue", "visits"], ["employee"], "2026-01-01", "2026-01-31", {"employee": "employee_id"}),
    "visits_without_a_visit": (["revenue_per_visit"], ["employee"], "2026-01-01", "2026-01-31", {"employee": "employee_id"}),
    "month_without_orders": (["revenue", "revenue_previous"], ["metric_time__month"], "2026-02-01", "2026-03-31", {}),
    "unfinished_month": (["revenue", "revenue_previous"], ["metric_time__month"], "2026-11-01", "2026-11-30", {}),
    "leap_day_a_year_ago": (["revenue", "revenue_year"], ["metric_time__month"], "2025-02-01", "2025-02-28", {}),
    "week_a_year_ago": (["revenue", "revenue_year"], ["metric_time__week"], "2021-01-04", "2021-01-10", {}),
    "actual_target_and_year_ago": (
        ["plain_revenue", "target", "revenue_year"], ["metric_time__quarter", "employee"], "2026-04-01", "2026-06-30",
        {"employee": "employee_id", "plain_revenue": "revenue", "target": "revenue_target"},
    ),
    "month_of_a_quarters_target": (
        ["plain_revenue", "target"], ["metric_time__month", "employee"], "2026-01-01", "2026-01-31",
        {"employee": "employee_id", "plain_revenue": "revenue", "target": "revenue_target"},
    ),
    "stock_counted_on_different_days": (["stock"], ["metric_time__month"], "2026-01-01", "2026-02-28", {"stock": "stock_quantity"}),
    "team_on_the_day": (
        ["plain_revenue"], ["employee__team"], "2026-01-01", "2026-06-30",
        {"employee__team": "org_unit_id", "plain_revenue": "revenue"},
    ),
    "returns_in_their_own_month": (["net_revenue"], ["metric_time__month"], "2026-02-01", "2026-02-28", {}),
    "unassigned_region": (
        ["plain_revenue", "visits"], ["customer__home_region"], "2026-01-01", "2026-01-31",
        {"customer__home_region": "region_id", "plain_revenue": "revenue"},
    ),
    "customers_of_a_half_year": (["customers"], [], "2026-01-01", "2026-06-30", {"customers": "active_customers"}),
    "retail_month_a_year_ago": (
        ["plain_revenue", "revenue_retail_year"], ["metric_time__retail_month"], "2025-01-27", "2025-02-23",
        {"plain_revenue": "revenue", "revenue_retail_year": "revenue_year"},
    ),
}  # fmt: skip
NONE = {"only_ones_own": "no row policies"}


def main(database: str, project: str, out: str) -> None:
    engine = opened(database, project, MODELS)
    answers: dict[str, Any] = {f"rivals_{trap}": why for trap, why in NONE.items()}
    for trap, question in QUESTIONS.items():
        answers[f"rivals_{trap}"] = answer(engine, *question)
    Path(out).write_text(json.dumps(answers, default=str))


def answer(engine: Any, metrics: list[str], by: list[str], start: str, end: str, names: dict[str, str]) -> Any:
    """The rows under the suite's names, or that MetricFlow refuses."""
    from metricflow_semantics.errors.error_classes import (  # type: ignore[import-not-found]
        InvalidQueryException,
    )

    try:
        found = asked(engine, metrics, by, start, end)
    except InvalidQueryException:
        return "refused: not available at this grain"
    columns = ["period" if name.startswith("metric_time") else names.get(name, name) for name in found.column_names]
    return [dict(zip(columns, row, strict=True)) for row in found.rows]


if __name__ == "__main__":
    main(*(str(Path(each).resolve()) for each in sys.argv[1:]))
