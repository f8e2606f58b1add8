"""The statements that somebody would write by hand for the same numbers, on the order lines."""

from __future__ import annotations

import datetime as dt

MONTH = (dt.date(2026, 11, 1), dt.date(2026, 11, 21))
COURSE_FROM = dt.date(2025, 11, 1)
_WINDOWS = {
    "": ("2026-11-01", "2026-11-21"),
    "_previous": ("2026-10-01", "2026-10-21"),
    "_year": ("2025-11-01", "2025-11-21"),
}
_CARDS = {
    "revenue": "sum(amount) {f}",
    "gross_profit": "sum(amount - cost) {f}",
    "gross_margin": "sum(amount - cost) {f} / sum(amount) {f}",
    "quantity": "sum(quantity) {f}",
    "order_lines": "count(*) {f}",
    "orders": "count(DISTINCT order_id) {f}",
    "average_order_value": "sum(amount) {f} / count(DISTINCT order_id) {f}",
    "active_customers": "count(DISTINCT customer_id) {f}",
    "selling_employees": "count(DISTINCT employee_id) {f}",
    "revenue_per_employee": "sum(amount) {f} / count(DISTINCT employee_id) {f}",
    "orders_late": "count(DISTINCT order_id) {f}",
}
ALL_CARDS = (*_CARDS, "new_customers")
_SOLD = "status IS DISTINCT FROM 'cancelled'"
_LATE = f"{_SOLD} AND CAST(shipped_at AS DATE) > CAST(due_date AS DATE)"


def _windows(expression: str, name: str) -> str:
    return ", ".join(
        f"{expression.format(f=f'FILTER (order_date BETWEEN DATE {chr(39)}{a}{chr(39)} AND DATE {chr(39)}{b}{chr(39)})')} AS {name}{suffix}"
        for suffix, (a, b) in _WINDOWS.items()
    )


_RANGES = " OR ".join(f"order_date BETWEEN DATE '{a}' AND DATE '{b}'" for a, b in _WINDOWS.values())
_COURSE = f"order_date BETWEEN DATE '{COURSE_FROM}' AND DATE '2026-11-21'"
_FIRSTS = f"SELECT customer_id, min(order_date) AS order_date FROM order_line WHERE {_SOLD} GROUP BY 1"


def _statements() -> list[str]:
    out = []
    for name, expression in _CARDS.items():
        kept = _LATE if name == "orders_late" else _SOLD
        out.append(f"SELECT {_windows(expression, name)} FROM order_line WHERE ({_RANGES}) AND {kept}")
        out.append(
            f"SELECT date_trunc('month', order_date) AS period, {expression.format(f='')} AS {name} "
            f"FROM order_line WHERE {_COURSE} AND {kept} GROUP BY 1 ORDER BY 1"
        )
    out.append(f"SELECT {_windows('count(*) {f}', 'new_customers')} FROM ({_FIRSTS})")
    out.append(
        f"SELECT date_trunc('month', order_date) AS period, count(*) AS new_customers FROM ({_FIRSTS}) WHERE {_COURSE} GROUP BY 1 ORDER BY 1"
    )
    return out


def _together() -> list[str]:
    """All cards in as few statements as their filters allow: the best that somebody by hand could do."""
    rest = {name: expression for name, expression in _CARDS.items() if name != "orders_late"}
    late = f"count(DISTINCT CASE WHEN {_LATE} THEN order_id END) {{f}}"
    cards = rest | {"orders_late": late}
    totals = ", ".join(_windows(expression, name) for name, expression in cards.items())
    course = ", ".join(f"{expression.format(f='')} AS {name}" for name, expression in cards.items())
    return [
        f"SELECT {totals} FROM order_line WHERE ({_RANGES}) AND {_SOLD}",
        f"SELECT date_trunc('month', order_date) AS period, {course} FROM order_line WHERE {_COURSE} AND {_SOLD} GROUP BY 1 ORDER BY 1",
        *_statements()[-2:],
    ]


TOGETHER = ";".join(_together())
BY_HAND = {
    "lines": f"""
        WITH sales AS (
            SELECT date_trunc('month', order_date) AS period, region_id, sum(amount) AS revenue
            FROM order_line WHERE order_date BETWEEN DATE '2024-12-01' AND DATE '2026-11-30' AND {_SOLD} GROUP BY ALL
        )
        SELECT now.period, name, now.revenue, before.revenue AS revenue_year,
            (now.revenue - before.revenue) / before.revenue AS change
        FROM sales now
        LEFT JOIN sales before ON before.region_id = now.region_id AND before.period = now.period - INTERVAL 1 YEAR
        JOIN region ON region.region_id = now.region_id WHERE now.period >= DATE '2025-12-01' ORDER BY ALL""",
    "cells": f"""
        SELECT date_trunc('month', order_date) AS period, region_id, channel_id, count(DISTINCT customer_id) AS active_customers
        FROM order_line WHERE {_SOLD} GROUP BY ALL ORDER BY ALL""",
    "other slice": f"""
        SELECT date_trunc('quarter', order_date) AS period, segment, count(DISTINCT customer_id) AS active_customers
        FROM order_line JOIN customer USING (customer_id) WHERE order_line.{_SOLD} GROUP BY ALL ORDER BY ALL""",
    "overview": ";".join(_statements()),
}
