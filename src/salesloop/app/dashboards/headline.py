"""Which numbers stand on top, by role; the address may name others (`metrics=…`)."""

from salesloop.app.accounts.services import Role
from salesloop.app.metrics.services import askable
from salesloop.app.pages.services import Page

CARDS = 5
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
    wanted = dict.fromkeys((*BY_ROLE.get(page.user.role, ()), *EVERYBODY))
    return askable(page, list(wanted))[:CARDS]


def leading_metric(page: Page) -> str | None:
    """The metric that trend, change and teams are about: the first named in the address, else money before counts."""
    if page.view.metrics:
        return next(iter(askable(page, page.view.metrics)), None)
    return next(iter(askable(page, LEADING)), None) or next(iter(headline_metrics(page)), None)
