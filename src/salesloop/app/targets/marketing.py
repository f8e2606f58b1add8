"""What marketing brought: sales of a span by the last touch before them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from salesloop.app.metrics.services import ask, has_data, rows_of
from salesloop.app.pages.services import Page
from salesloop.engine.analyze.diagnose.attribution import Credit, Lead, Sale, last_touch
from salesloop.engine.model.periods import DateRange

WINDOW: Final = 180
"""A lead this many days before a sale still counts as its touch."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One campaign, or the source of leads without one; `name` '' = what no lead came before. `cost` None = not known by campaign."""

    name: str
    campaign: bool
    leads: int
    credit: Credit
    cost: float | None

    @property
    def ratio(self) -> float | None:
        return self.credit.return_on(self.cost)


def touches(page: Page, days: DateRange) -> list[Touch]:
    """The touches of these days, the most profit first and what was not touched last; empty where no lead knows its customer."""
    if not page.snapshot.has("lead") or not has_data(page, "revenue"):
        return []
    rows = page.snapshot.rows(
        "SELECT lead.customer_id AS customer, lead.created_date AS day, coalesce(campaign.name, lead.campaign_id) AS campaign, "
        "lead.source AS source, lead.employee_id AS employee, lead.org_unit_id AS unit FROM lead LEFT JOIN campaign ON campaign.campaign_id = lead.campaign_id "
        "WHERE lead.customer_id IS NOT NULL AND coalesce(lead.campaign_id, lead.source) IS NOT NULL ORDER BY lead.lead_id"
    )
    if not rows:
        return []
    leads = [Lead(row["customer"], row["day"], row["campaign"] or row["source"]) for row in rows]
    campaigns = {row["campaign"] for row in rows if row["campaign"]}
    sold = rows_of(ask(page, ["revenue", "gross_profit"], by=["customer"], grain="day", days=days))
    sales = [
        Sale(row["customer_id"] or "", row["period"], float(row["revenue"] or 0), float(row["gross_profit"] or 0))
        for row in sold
    ]
    count = Counter(
        lead.touch
        for lead, row in zip(leads, rows, strict=True)
        if days.start <= lead.day <= days.end and page.scope.sees(row["employee"], row["unit"])
    )
    cost = _costs(page, days)
    found = [
        Touch(name or "", name in campaigns, count.get(name or "", 0), credit, cost.get(name or ""))
        for name, credit in last_touch(leads, sales, window=WINDOW).items()
    ]
    return sorted(found, key=lambda one: (not one.name, -one.credit.profit))


def _costs(page: Page, days: DateRange) -> Mapping[str, float]:
    """The spend by campaign name; spend belongs to nobody, so only who sees everything is told."""
    if not page.snapshot.has("marketing_spend") or not page.scope.everything:
        return {}
    rows = page.snapshot.rows(
        "SELECT coalesce(campaign.name, spend.campaign_id) AS name, sum(spend.amount * spend.fx_rate) AS amount "
        "FROM marketing_spend spend LEFT JOIN campaign ON campaign.campaign_id = spend.campaign_id "
        f"WHERE spend.campaign_id IS NOT NULL AND spend.spend_date BETWEEN DATE '{days.start}' AND DATE '{days.end}' GROUP BY 1"
    )
    return {row["name"]: float(row["amount"]) for row in rows if row["amount"] is not None}
