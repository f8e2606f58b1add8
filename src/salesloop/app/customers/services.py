"""For the other slices: find customers within what a person sees."""

from __future__ import annotations

from collections.abc import Collection

from salesloop.app.customers.listing import find_customers
from salesloop.app.customers.sight import CUSTOMER, ask, seen_customers
from salesloop.app.customers.value import SORTS, Valued, valued
from salesloop.app.customers.value import Line as ValueLine
from salesloop.app.pages.services import Page
from salesloop.app.prediction.services import lifetime_in_force
from salesloop.engine.analyze.predict.lifetime.history import ORDERS
from salesloop.engine.clean.values.cells import literal

__all__ = ["SORTS", "ValueLine", "Valued", "customer_name", "customer_names", "customer_values", "find_customers"]


def customer_values(page: Page) -> Valued | None:
    """What the customers that the person sees are still to bring; None without a model, orders or customers."""
    model = lifetime_in_force()
    return valued(page, model) if model and page.snapshot.has(CUSTOMER) and page.snapshot.has(ORDERS) else None


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
