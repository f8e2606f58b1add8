"""boring-semantic-layer's answers: `python boring_semantic_layer_answers.py DATABASE PROJECT OUT`, in its own environment.

Comparisons are asked through `compare_periods`, for which the person who asks works out both ranges of days.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

import ibis  # type: ignore[import-not-found]
from boring_semantic_layer import Dimension, to_semantic_table  # type: ignore[import-not-found]

NONE = {
    "month_of_a_quarters_target": "nothing spreads a target",
    "stock_counted_on_different_days": "no semi-additive measures",
    "team_on_the_day": "no dated joins",
    "only_ones_own": "no row policies",
}


def main(database: str, _: str, out: str) -> None:
    con = ibis.duckdb.connect(database, read_only=True)
    answers: dict[str, Any] = {f"rivals_{trap}": why for trap, why in NONE.items()}
    for trap, ask in QUESTIONS.items():
        answers[f"rivals_{trap}"] = ask(con)
    Path(out).write_text(json.dumps(answers, default=str))


def day(expression: Any) -> Any:
    return Dimension(expr=expression, is_time_dimension=True, smallest_time_grain="TIME_GRAIN_DAY")


def between(table: Any, column: Any, start: str, end: str) -> Any:
    return table.filter((column >= ibis.date(start)) & (column <= ibis.date(end)))


def orders(con: Any, days: tuple[str, str] | None = None) -> Any:
    table = con.table("order_line")
    table = between(table, table.order_date, *days) if days else table
    dimensions = {"order_date": day(lambda t: t.order_date), "employee": lambda t: t.employee_id}
    measures = {"revenue": lambda t: t.amount.sum(), "customers": lambda t: t.customer_id.nunique()}
    return to_semantic_table(table, name="orders").with_dimensions(**dimensions).with_measures(**measures)


def visits(con: Any, days: tuple[str, str]) -> Any:
    table = con.table("activity")
    table = between(table, table.event_time.date(), *days)
    model = to_semantic_table(table, name="activities").with_dimensions(employee=lambda t: t.employee_id)
    return model.with_measures(visits=lambda t: (t.type == "visit").sum())


def targets(con: Any, days: tuple[str, str]) -> Any:
    table = con.table("target")
    table = between(table, table.period_start, *days)
    model = to_semantic_table(table, name="targets").with_dimensions(employee=lambda t: t.employee_id)
    return model.with_measures(target=lambda t: t.value.sum())


def returns(con: Any, days: tuple[str, str]) -> Any:
    table = con.table("return_line")
    table = between(table, table.return_date, *days)
    model = to_semantic_table(table, name="returns").with_dimensions(employee=lambda t: t.employee_id)
    return model.with_measures(returned=lambda t: t.amount.sum())


def people(con: Any, *facts: Any) -> Any:
    table = con.table("employee").select("employee_id").distinct()
    model = to_semantic_table(table, name="people").with_dimensions(employee=lambda t: t.employee_id)
    for fact in facts:
        model = model.join_many(fact, on=lambda one, many: one.employee_id == many.employee_id)
    return model


def rows(answer: Any, **names: str) -> list[dict[str, Any]]:
    found = answer.execute().rename(columns=names)
    return [
        {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}
        for row in found.to_dict("records")
    ]


JANUARY = ("2026-01-01", "2026-01-31")


def two_facts(con: Any) -> Any:
    model = people(con, orders(con, JANUARY), visits(con, JANUARY))
    answer = model.group_by("people.employee").aggregate("orders.revenue", "activities.visits")
    names = {"people.employee": "employee_id", "orders.revenue": "revenue", "activities.visits": "visits"}
    return rows(answer, **names)


def per_visit(con: Any) -> Any:
    model = people(con, orders(con, JANUARY), visits(con, JANUARY))
    model = model.with_measures(rpv=lambda t: t["orders.revenue"] / t["activities.visits"])
    answer = model.group_by("people.employee").aggregate("rpv")
    return rows(answer, **{"people.employee": "employee_id", "rpv": "revenue_per_visit"})


def by_region(con: Any) -> Any:
    table = con.table("customer")
    model = to_semantic_table(table, name="customers").with_dimensions(region=lambda t: t.region_id)
    for fact in (orders(con, JANUARY), visits(con, JANUARY)):
        model = model.join_many(fact, on=lambda one, many: one.customer_id == many.customer_id)
    answer = model.group_by("customers.region").aggregate("orders.revenue", "activities.visits")
    return rows(answer, **{"customers.region": "region_id", "orders.revenue": "revenue", "activities.visits": "visits"})


def targets_by_person(con: Any) -> Any:
    quarter = ("2026-04-01", "2026-06-30")
    model = people(con, orders(con, quarter), targets(con, quarter))
    answer = model.group_by("people.employee").aggregate("orders.revenue", "targets.target")
    now = rows(
        answer, **{"people.employee": "employee_id", "orders.revenue": "revenue", "targets.target": "revenue_target"}
    )
    ago = orders(con, ("2025-04-01", "2025-06-30")).group_by("employee").aggregate("revenue")
    before = {row["employee"]: row["revenue"] for row in rows(ago)}
    return [{"period": quarter[0], "revenue_year": before.get(row["employee_id"])} | row for row in now]


def compared(now: tuple[str, str], before: tuple[str, str], name: str) -> Any:
    def ask(con: Any) -> Any:
        answer = orders(con).compare_periods(
            measures=["revenue"],
            current_time_range={"start": now[0], "end": now[1]},
            previous_time_range={"start": before[0], "end": before[1]},
            time_dimension="order_date",
        )
        return [{"period": now[0]} | row for row in rows(answer, revenue_current="revenue", revenue_previous=name)]

    return ask


def months(con: Any) -> Any:
    """A series by month with the month before it: what a window over the result gives."""
    answer = orders(con).query(
        dimensions=["order_date"], measures=["revenue"], time_grain="TIME_GRAIN_MONTH",
        time_range={"start": "2026-01-01", "end": "2026-03-31"}, order_by=[("order_date", "asc")],
    )  # fmt: skip
    found = rows(answer, order_date="period")
    for before, row in zip([None, *found], found, strict=False):
        row["revenue_previous"] = before and before["revenue"]
    return [row for row in found if str(row["period"]) >= "2026-02"]


def net(con: Any) -> Any:
    february = ("2026-02-01", "2026-02-28")
    model = people(con, orders(con, february), returns(con, february))
    model = model.with_measures(net=lambda t: t["orders.revenue"] - t["returns.returned"])
    return [{"period": february[0]} | row for row in rows(model.aggregate("net"), net="net_revenue")]


def customers(con: Any) -> Any:
    answer = orders(con, ("2026-01-01", "2026-06-30")).aggregate("customers")
    return rows(answer, customers="active_customers")


QUESTIONS = {
    "two_facts_by_person": two_facts,
    "visits_without_a_visit": per_visit,
    "month_without_orders": months,
    "unfinished_month": compared(("2026-11-01", "2026-11-21"), ("2026-10-01", "2026-10-21"), "revenue_previous"),
    "leap_day_a_year_ago": compared(("2025-02-01", "2025-02-28"), ("2024-02-01", "2024-02-29"), "revenue_year"),
    "week_a_year_ago": compared(("2021-01-04", "2021-01-10"), ("2019-12-30", "2020-01-05"), "revenue_year"),
    "actual_target_and_year_ago": targets_by_person,
    "returns_in_their_own_month": net,
    "unassigned_region": by_region,
    "customers_of_a_half_year": customers,
    "retail_month_a_year_ago": compared(("2025-01-27", "2025-02-23"), ("2024-01-29", "2024-02-25"), "revenue_year"),
}

if __name__ == "__main__":
    main(*sys.argv[1:])
