"""For the other slices: find customers within what a person sees."""

from __future__ import annotations

from collections.abc import Collection

from salesloop.app.customers.listing import find_customers
from salesloop.app.customers.sight import CUSTOMER, ask, seen_customers
from salesloop.app.pages.services import Page
from salesloop.engine.clean.values.cells import literal

__all__ = ["customer_name", "customer_names", "find_customers"]


def customer_name(page: Page, key: str) -> str | None:
    """What the customer is called; None where there is none of this id that the person sees."""
    return customer_names(page, [key]).get(key)


def customer_names(page: Page, keys: Collection[str]) -> dict[str, str]:
    """Names by id of those customers that the person sees."""
    if not keys or not page.snapshot.has(CUSTOMER):
        return {}
    wanted = ", ".join(literal(key) for key in keys)
    sql = f"SELECT c.customer_id AS key, c.name FROM customer AS c WHERE c.customer_id IN ({wanted}) AND {seen_customers(page)}"
    return {row["key"]: row["name"] or row["key"] for row in ask(page, sql)}
