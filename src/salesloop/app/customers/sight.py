"""Which customers a person may see: their own, and those behind a row that they see."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from salesloop.app.pages.services import Page
from salesloop.engine.metrics.visibility import scope_tables, visible
from salesloop.engine.model.closed_sql import READ_DIALECT
from salesloop.engine.model.entity import Entity

CUSTOMER = "customer"


def facts_of_customers(page: Page) -> list[Entity]:
    """The facts that have rows and name a customer."""
    return [fact for fact in page.workspace.model.facts if fact.has("customer_id") and page.snapshot.has(fact.name)]


def seen(page: Page, fact: Entity, alias: str = "t") -> str:
    """SQL: whether the person sees a row of a fact."""
    condition = visible(fact, alias, page.scope)
    return condition.sql(dialect=READ_DIALECT) if condition is not None else "TRUE"


def seen_customers(page: Page) -> str:
    """SQL over `c`, a row of customers: whether the person may see it."""
    if page.scope.everything:
        return "TRUE"
    own = "c.employee_id IN (SELECT employee_id FROM scope_employees)"
    behind = (
        f"c.customer_id IN (SELECT t.customer_id FROM {fact.name} AS t WHERE {seen(page, fact)})"
        for fact in facts_of_customers(page)
        if fact.visibility == "owner"
    )
    return f"({' OR '.join([own, *behind])})"


def ask(page: Page, sql: str) -> list[dict[str, Any]]:
    """Rows of a SELECT that may use `seen` and `seen_customers`."""
    tables: dict[str, pa.Table] = scope_tables(page.scope)
    return page.snapshot.rows(sql, tables)
