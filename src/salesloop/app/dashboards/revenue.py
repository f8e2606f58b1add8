"""One page to manage revenue by: what is aimed at, what it is made of, where it stands, why, and what is done about it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse

from salesloop.app.actions.services import Action
from salesloop.app.actions.services import visible_to as actions_visible_to
from salesloop.app.findings.services import Finding, sentence_of
from salesloop.app.findings.services import visible_to as findings_visible_to
from salesloop.app.metrics.services import Card, cards, sees
from salesloop.app.pages.services import Page, range_label
from salesloop.engine.metrics.definition import Metric

METRIC = "revenue"
PERIODS = ("this-month", "this-quarter", "this-year")
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Goal:
    """A period with its target and where it stands; `href` is the metric's page of it."""

    label: str
    card: Card
    href: str


@dataclass(frozen=True, slots=True)
class Managed:
    """The four parts of the page: `goals`, the definition with its `drivers`, what people hold: findings and actions."""

    metric: Metric
    goals: list[Goal]
    drivers: list[Card]
    findings: list[tuple[Finding, str]]
    actions: list[Action]


def managed(page: Page) -> Managed:
    """Revenue for the page's filters and scope; its own periods are those that run."""
    definition = page.registry.metric(METRIC)
    known = page.registry.metrics
    drivers = [name for name in definition.drivers if name in known and sees(page.user, known[name])]
    findings = findings_visible_to(page.user).filter(metric=METRIC)[:SHOWN]
    return Managed(
        definition,
        [goal for period in PERIODS if (goal := _goal(page, period)) is not None],
        cards(page, drivers),
        [(one, sentence_of(one)) for one in findings],
        list(actions_visible_to(page.user).filter(metric=METRIC)[:SHOWN]),
    )


def _goal(page: Page, period: str) -> Goal | None:
    there = replace(page, view=page.view.changed(period=period))
    card = next(iter(cards(there, [METRIC])), None)
    if card is None:
        return None
    href = f"{reverse('metrics:metric', args=[METRIC])}?{there.view.to_query()}"
    return Goal(range_label(there.days, page.calendar, page.lang), card, href)
