"""The first query that one writes in DuckDB for each trap: facts joined row by row, `lag`, intervals, today's team."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from salesloop.engine.store.engines.quiet import connect

QUERIES = {
    "two_facts_by_person": """
        SELECT employee_id, sum(amount) AS revenue, count(activity_id) AS visits
        FROM order_line LEFT JOIN (FROM activity WHERE type = 'visit' AND event_time BETWEEN '2026-01-01' AND '2026-02-01')
        USING (employee_id) WHERE order_date BETWEEN '2026-01-01' AND '2026-01-31' GROUP BY ALL""",
    "visits_without_a_visit": """
        SELECT employee_id, revenue / visits AS revenue_per_visit
        FROM (SELECT employee_id, sum(amount) AS revenue FROM order_line
              WHERE order_date BETWEEN '2026-01-01' AND '2026-01-31' GROUP BY ALL)
        JOIN (SELECT employee_id, count(*) AS visits FROM activity WHERE type = 'visit' GROUP BY ALL) USING (employee_id)""",
    "month_without_orders": """
        WITH monthly AS (SELECT date_trunc('month', order_date) AS period, sum(amount) AS revenue FROM order_line GROUP BY ALL)
        SELECT * FROM (SELECT *, lag(revenue) OVER (ORDER BY period) AS revenue_previous FROM monthly)
        WHERE period BETWEEN '2026-02-01' AND '2026-03-31'""",
    "unfinished_month": """
        WITH monthly AS (SELECT date_trunc('month', order_date) AS period, sum(amount) AS revenue FROM order_line GROUP BY ALL)
        SELECT * FROM (SELECT *, lag(revenue) OVER (ORDER BY period) AS revenue_previous FROM monthly)
        WHERE period = '2026-11-01'""",
    "leap_day_a_year_ago": """
        WITH monthly AS (SELECT date_trunc('month', order_date) AS period, sum(amount) AS revenue FROM order_line GROUP BY ALL)
        SELECT now.period, now.revenue, ago.revenue AS revenue_year FROM monthly now
        LEFT JOIN monthly ago ON ago.period = now.period - INTERVAL 1 YEAR WHERE now.period = '2025-02-01'""",
    "week_a_year_ago": """
        WITH weekly AS (SELECT date_trunc('week', order_date) AS period, sum(amount) AS revenue FROM order_line GROUP BY ALL)
        SELECT now.period, now.revenue, ago.revenue AS revenue_year FROM weekly now
        LEFT JOIN weekly ago ON ago.period = now.period - INTERVAL 52 WEEK WHERE now.period = '2021-01-04'""",
    "actual_target_and_year_ago": """
        SELECT DATE '2026-04-01' AS period, t.employee_id, sum(o.amount) AS revenue, sum(t.value) AS revenue_target,
            sum(ago.amount) AS revenue_year
        FROM target t
        LEFT JOIN order_line o ON o.employee_id = t.employee_id AND date_trunc('quarter', o.order_date) = t.period_start
        LEFT JOIN order_line ago ON ago.employee_id = t.employee_id
            AND date_trunc('quarter', ago.order_date) = t.period_start - INTERVAL 1 YEAR
        WHERE t.period_start = '2026-04-01' GROUP BY ALL""",
    "month_of_a_quarters_target": """
        SELECT DATE '2026-01-01' AS period, t.employee_id, sum(o.amount) AS revenue, any_value(t.value) AS revenue_target
        FROM target t JOIN order_line o ON o.employee_id = t.employee_id AND date_trunc('month', o.order_date) = t.period_start
        WHERE t.period_start = '2026-01-01' GROUP BY ALL""",
    "stock_counted_on_different_days": """
        SELECT date_trunc('month', snapshot_date) AS period, sum(quantity) AS stock_quantity FROM inventory_snapshot i
        WHERE snapshot_date = (SELECT max(snapshot_date) FROM inventory_snapshot m
            WHERE date_trunc('month', m.snapshot_date) = date_trunc('month', i.snapshot_date)) GROUP BY ALL""",
    "team_on_the_day": """
        SELECT e.org_unit_id, sum(amount) AS revenue FROM order_line o JOIN employee e USING (employee_id)
        WHERE e.valid_to IS NULL AND order_date BETWEEN '2026-01-01' AND '2026-06-30' GROUP BY ALL""",
    "returns_in_their_own_month": """
        SELECT date_trunc('month', order_date) AS period, sum(o.amount) - coalesce(sum(r.amount), 0) AS net_revenue
        FROM order_line o LEFT JOIN return_line r USING (order_id, line_no)
        WHERE order_date BETWEEN '2026-02-01' AND '2026-02-28' GROUP BY ALL""",
    "unassigned_region": """
        WITH sold AS (SELECT c.region_id, sum(amount) AS revenue FROM order_line JOIN customer c USING (customer_id)
                WHERE order_date BETWEEN '2026-01-01' AND '2026-01-31' GROUP BY ALL),
            seen AS (SELECT c.region_id, count(*) AS visits FROM activity JOIN customer c USING (customer_id)
                WHERE type = 'visit' GROUP BY ALL)
        SELECT region_id, coalesce(revenue, 0) AS revenue, coalesce(visits, 0) AS visits FROM sold FULL JOIN seen USING (region_id)""",
    "customers_of_a_half_year": """
        SELECT sum(customers) AS active_customers FROM (
            SELECT date_trunc('quarter', order_date) AS quarter, count(DISTINCT customer_id) AS customers
            FROM order_line WHERE order_date BETWEEN '2026-01-01' AND '2026-06-30' GROUP BY ALL)""",
}
NONE = {"only_ones_own": "no row policies", "retail_month_a_year_ago": "no calendar but the one of the wall"}


def answers(database: Path) -> dict[str, list[dict[str, Any]] | str]:
    with connect(str(database), read_only=True) as con:
        found: dict[str, list[dict[str, Any]] | str] = {
            f"rivals_{trap}": con.sql(query).to_arrow_table().to_pylist() for trap, query in QUERIES.items()
        }
    return found | {f"rivals_{trap}": why for trap, why in NONE.items()}
