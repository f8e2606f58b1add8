"""The list of customers: the most important ones of the period, or those that a search finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from salesloop.app.customers.sight import CUSTOMER, seen_customers
from salesloop.app.customers.sight import ask as ask_rows
from salesloop.app.metrics.services import ask, askable, rows_of
from salesloop.app.org.services import employee_names
from salesloop.app.pages.services import Page
from salesloop.engine.clean.values.cells import literal
from salesloop.engine.metrics import format_filter
from salesloop.engine.report.number import Number

SHOWN = 50
MEASURES = ("revenue", "won_amount", "visits")
"""What makes a customer important, the first of them that the workspace can compute."""
FOUND_IN = ("customer_id", "name", "phone", "credit_code", "email")


@dataclass(frozen=True, slots=True)
class Line:
    """One customer; `value` and `change` (against the year before) are of the list's metric, None without rows."""

    key: str
    name: str
    chips: list[str]
    region: str
    owner: str
    value: Number
    change: Number


@dataclass(frozen=True, slots=True)
class Listing:
    """`metric` is None where nothing can be computed; `count` are all customers that the person may see."""

    metric: str | None
    lines: list[Line]
    largest: Number
    count: int
    more: bool


def listing(page: Page, words: str) -> Listing:
    """The first customers by the metric in the page's period, or those whose name, number, phone or mail has the words."""
    metric = next(iter(askable(page, MEASURES)), None)
    count = ask_rows(page, f"SELECT count(*) AS n FROM customer AS c WHERE {seen_customers(page)}")
    if words:
        keys = [key for key, _name in find_customers(page, words)]
        values = _values(page, metric, keys[:SHOWN])
    else:
        values = _values(page, metric, None)
        keys = list(values) if metric else [key for key, _name in find_customers(page, "")]
    rows = _rows(page, keys[:SHOWN])
    lines = [_line(rows[key], values.get(key, {}), metric) for key in keys[:SHOWN] if key in rows]
    if words and metric:
        lines.sort(key=lambda line: float(line.value or 0), reverse=True)
    largest = max((abs(float(line.value or 0)) for line in lines), default=0.0)
    return Listing(metric, lines, largest, count[0]["n"], len(keys) > SHOWN)


def find_customers(page: Page, words: str) -> list[tuple[str, str]]:
    """(key, name) of the customers in whose texts the words occur, at most one more than is shown."""
    needle = literal(words.lower())
    hits = " OR ".join(f"contains(lower(c.{name}), {needle})" for name in FOUND_IN)
    sql = (
        f"SELECT c.customer_id AS key, c.name FROM customer AS c WHERE ({hits}) AND {seen_customers(page)} "
        f"ORDER BY c.name, key LIMIT {SHOWN + 1}"
    )
    return [(row["key"], row["name"] or row["key"]) for row in ask_rows(page, sql)]


def _values(page: Page, metric: str | None, keys: Sequence[str] | None) -> dict[str, dict[str, Any]]:
    """The metric by customer, the largest first; of all customers, or of some."""
    if metric is None or keys == []:
        return {}
    where = page.view.where if keys is None else (*page.view.where, format_filter(CUSTOMER, keys))
    found = ask(page, [metric], by=[CUSTOMER], where=where, compare=["year"], limit=SHOWN + 1)
    return {row["customer_id"]: row for row in rows_of(found) if row["customer_id"] is not None}


def _rows(page: Page, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What the lines say of these customers beside the number."""
    if not keys:
        return {}
    wanted = ", ".join(literal(key) for key in keys)
    region = "r.name" if page.snapshot.has("region") else "NULL"
    join = "LEFT JOIN region AS r ON r.region_id = c.region_id" if page.snapshot.has("region") else ""
    sql = (
        f"SELECT c.customer_id AS key, c.name, c.tier, c.segment, c.industry, c.employee_id, {region} AS region "
        f"FROM customer AS c {join} WHERE c.customer_id IN ({wanted}) AND {seen_customers(page)}"
    )
    found = ask_rows(page, sql)
    names = employee_names({row["employee_id"] for row in found if row["employee_id"]})
    return {row["key"]: row | {"owner": names.get(row["employee_id"], "")} for row in found}


def _line(row: dict[str, Any], value: dict[str, Any], metric: str | None) -> Line:
    return Line(
        key=row["key"],
        name=row["name"] or row["key"],
        chips=[text for text in (row["tier"], row["segment"], row["industry"]) if text],
        region=row["region"] or "",
        owner=row["owner"],
        value=value.get(metric or ""),
        change=value.get(f"{metric}_year_change"),
    )
