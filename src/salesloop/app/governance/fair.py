"""Whether targets favour large or small territories, among the people that the reader sees."""

from __future__ import annotations

from dataclasses import dataclass

from salesloop.app.metrics.services import ask, has_data, rows_of
from salesloop.app.pages.services import Page
from salesloop.engine.analyze.fairness import Fairness, Share, fairness
from salesloop.engine.model.calendar import Period
from salesloop.engine.model.periods import DateRange

POTENTIALS = ("active_customers", "orders", "open_pipeline", "deals_created", "leads")
"""What may stand for the potential of a territory: measured over the twelve months before the period that is judged."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on a metric's targets, with everybody that it is made of, largest potential first."""

    metric: str
    potential: str
    choices: tuple[tuple[str, str], ...]
    period: DateRange
    verdict: Fairness
    shares: tuple[Share, ...]


def judge(page: Page, metric: str, potential: str) -> Judged:
    """People by attainment of the last complete quarter and by potential in the year before it."""
    choices = [name for name in POTENTIALS if name in page.registry.metrics and has_data(page, name)]
    chosen = potential if potential in choices else next(iter(choices), "")
    quarter = page.calendar.previous(page.calendar.period_of(page.as_of, "quarter"))
    days = DateRange(quarter.start, quarter.end, "quarter")
    shares = _shares(page, metric, chosen, quarter) if chosen else []
    return Judged(
        metric,
        chosen,
        tuple((name, page.registry.metric(name).label.get(page.lang)) for name in choices),
        days,
        fairness(shares),
        tuple(sorted(shares, key=lambda share: -share.potential)),
    )


def _shares(page: Page, metric: str, potential: str, quarter: Period) -> list[Share]:
    before = quarter
    for _ in range(4):
        before = page.calendar.previous(before)
    year = DateRange(before.start, page.calendar.previous(quarter).end)
    days = DateRange(quarter.start, quarter.end)
    attained = rows_of(ask(page, [metric], by=["employee"], days=days, where=(), compare=["target"]))
    could = {
        row["employee_id"]: row[potential]
        for row in rows_of(ask(page, [potential], by=["employee"], days=year, where=()))
    }
    return [
        Share(
            row["employee_id"],
            row["employee"] or row["employee_id"],
            float(row[f"{metric}_attainment"]),
            float(could[row["employee_id"]]),
        )
        for row in attained
        if row["employee_id"] and row[f"{metric}_attainment"] is not None and could.get(row["employee_id"]) is not None
    ]
