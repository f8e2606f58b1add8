"""From leads through the stages to won deals: how many, what part goes on, how long they stay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from django.urls import reverse

from salesloop.app.metrics.services import ask, askable, rows_of
from salesloop.app.pages.services import Page
from salesloop.engine.metrics import format_filter
from salesloop.engine.report.number import Number, to_decimal


@dataclass(frozen=True, slots=True)
class Step:
    """`width` is the share of the widest step (0–100); `onward` the part that went on; `low` marks the weakest one.

    `slower` says by how many days more than a year ago deals stay here.
    """

    name: str
    count: Number
    width: float
    onward: Number
    days: Number
    metric: str
    slower: Number = None
    low: bool = False


@dataclass(frozen=True, slots=True)
class Funnel:
    """`slowest`: the step that has become slower than a year ago by the most days, if by a day or more."""

    steps: list[Step]
    slowest: Step | None
    href: str


def funnel(page: Page) -> Funnel:
    """The steps that have data; none where there is no pipeline."""
    steps = _widened(page)
    slow = [step for step in steps if (to_decimal(step.slower) or 0) >= 1]
    slowest = max(slow, key=lambda step: to_decimal(step.slower) or 0, default=None)
    if slowest is None:
        return Funnel(steps, None, "")
    view = page.view.changed(where=(*page.view.where, format_filter("stage", [slowest.name])), metrics=(), by=())
    return Funnel(steps, slowest, f"{reverse('metrics:metric', args=['stage_days'])}?{view.to_query()}")


def _widened(page: Page) -> list[Step]:
    steps = _by_stage(page) if askable(page, ["stage_entries"]) else _by_outcome(page)
    widest = max((count for step in steps if (count := to_decimal(step.count)) is not None), default=Decimal(0))
    if not widest:
        return []
    rates = [rate for step in steps if step.metric != "leads" and (rate := to_decimal(step.onward)) is not None]
    weakest = min(rates) if len(rates) > 2 else None
    return [
        replace(
            step,
            width=round(float((to_decimal(step.count) or 0) / widest) * 100, 2),
            low=weakest is not None and step.metric != "leads" and to_decimal(step.onward) == weakest,
        )
        for step in steps
    ]


def _by_stage(page: Page) -> list[Step]:
    names = askable(page, ["stage_entries", "stage_conversion", "stage_days"])
    order = stage_order(page)
    rows = rows_of(ask(page, names, by=["stage"], compare=("year",)))
    rows.sort(key=lambda row: order.get(row["stage"], len(order)))
    steps = [
        Step(
            row["stage"],
            row["stage_entries"],
            0,
            row.get("stage_conversion"),
            row.get("stage_days"),
            "stage_entries",
            _difference(row.get("stage_days"), row.get("stage_days_year")),
        )
        for row in rows
        if row["stage"] and row["stage_entries"]
    ]
    return [*_leads(page), *steps]


def _difference(now: Number, before: Number) -> Number:
    this, last = to_decimal(now), to_decimal(before)
    return None if this is None or last is None else this - last


def stage_order(page: Page) -> dict[str, int]:
    """Stages in the order in which deals go through them, judged by all deals (an order gives no rows away)."""

    def read() -> dict[str, int]:
        found = page.snapshot.rows(
            "SELECT stage, avg(place) AS usual FROM (SELECT stage, row_number() OVER (PARTITION BY opportunity_id "
            "ORDER BY entered_at) AS place FROM stage_event) AS placed GROUP BY stage ORDER BY usual, stage"
        )
        return {row["stage"]: place for place, row in enumerate(found)}

    order: dict[str, int] = page.warehouse.remembered("stage_order", read)
    return order


def _by_outcome(page: Page) -> list[Step]:
    names = askable(page, ["deals_created", "deals_won", "win_rate", "sales_cycle"])
    if not names:
        return []
    row = rows_of(ask(page, names))[0]
    labels = {name: page.registry.metric(name).label.get(page.lang) for name in names}
    return [
        *_leads(page),
        *(
            Step(labels[name], row.get(name), 0, row.get(rate), row.get(days), name)
            for name, rate, days in (("deals_created", "win_rate", "sales_cycle"), ("deals_won", "", ""))
            if name in names
        ),
    ]


def _leads(page: Page) -> list[Step]:
    names = askable(page, ["leads", "lead_conversion"])
    if "leads" not in names:
        return []
    row = rows_of(ask(page, names))[0]
    label = page.registry.metric("leads").label.get(page.lang)
    return [Step(label, row["leads"], 0, row.get("lead_conversion"), None, "leads")] if row["leads"] else []
