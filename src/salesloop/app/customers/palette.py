"""Customers for Ctrl K."""

from collections.abc import Iterator

from django.urls import reverse

from salesloop.app.accounts.services import PersonalRequest
from salesloop.app.customers.listing import find_customers
from salesloop.app.pages.services import page_for
from salesloop.app.ui.palette import Hit

SHOWN = 6
SHORTEST = 2


def search(request: PersonalRequest, words: str) -> Iterator[Hit]:
    """Customers that the person may see, by name, number, phone or mail; from two characters on."""
    if len(words) < SHORTEST:
        return
    for key, name in find_customers(page_for(request), words)[:SHOWN]:
        yield Hit(name, reverse("customers:customer", args=[key]), "people", key if key != name else "")
