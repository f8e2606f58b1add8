"""Which numbers stand on top, by role; the address may name others (`metrics=…`)."""

from salesloop.app.accounts.services import Role
from salesloop.app.metrics.services import Card, askable, cards
from salesloop.app.pages.services import Page

CARDS = 5
SPARE = 3
"""So many more are asked for, in the place of those that have no value at all (a margin where no cost was delivered)."""
BY_ROLE: dict[str, tuple[str, ...]] = {
    Role.REP: ("revenue", "orders", "win_rate", "visits", "payments", "new_customers", "data_entry_timeliness"),
    Role.STEWARD: ("data_entry_timeliness", "entries", "revenue", "orders", "active_customers", "deals_created"),
}
EVERYBODY = (
    "revenue",
    "gross_margin",
    "win_rate",
    "new_customers",
    "payments",
    "won_amount",
    "deals_won",
    "open_pipeline",
    "gross_profit",
    "orders",
    "average_order_value",
    "active_customers",
    "satisfaction",
    "sales_cycle",
    "deals_created",
    "leads",
    "visits",
)
LEADING = ("revenue", "won_amount", "payments", "deals_won", "leads", "visits")


def headline_metrics(page: Page) -> list[str]:
    """Up to five metrics that have data, the role's own choice first."""
    if page.view.metrics:
        return askable(page, page.view.metrics)
    return _wanted(page)[:CARDS]


def headline_cards(page: Page) -> list[Card]:
    """The cards on top: those of the address, else up to five of the reader's role that have ever had a value."""
    if page.view.metrics:
        return cards(page, headline_metrics(page))
    found = cards(page, _wanted(page)[: CARDS + SPARE])
    telling = [card for card in found if any(value is not None for value in (card.value, *card.course))]
    return (telling or found)[:CARDS]


def _wanted(page: Page) -> list[str]:
    return askable(page, list(dict.fromkeys((*BY_ROLE.get(page.user.role, ()), *EVERYBODY))))


def leading_metric(page: Page) -> str | None:
    """The metric that trend, change and teams are about: the first named in the address, else money before counts."""
    if page.view.metrics:
        return next(iter(askable(page, page.view.metrics)), None)
    return next(iter(askable(page, LEADING)), None) or next(iter(headline_metrics(page)), None)
