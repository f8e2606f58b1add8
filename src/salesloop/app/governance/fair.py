"""Whether the targets of a metric favour large or small territories, among the people that the reader sees."""

from __future__ import annotations

from dataclasses import dataclass

from salesloop.app.metrics.services import ask, has_data, rows_of, sees
from salesloop.app.pages.services import Page
from salesloop.engine.analyze.fairness import Fairness, Share, fairness
from salesloop.engine.metrics.targets.source import target_source
from salesloop.engine.model.calendar import Period
from salesloop.engine.model.periods import DateRange
from salesloop.engine.report.number import Number

POTENTIALS = ("active_customers", "orders", "open_pipeline", "deals_created", "leads")
"""What may stand for the potential of a territory: measured over the twelve months before the period that is judged."""
USUAL = "revenue"


@dataclass(frozen=True, slots=True)
class Line:
    """One person: what was reached, what was asked, and how far that is (target ÷ actual where less is better)."""

    share: Share
    actual: Number
    target: Number


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on a metric's targets, with everybody that it is made of, largest potential first."""

    metric: str
    metrics: tuple[tuple[str, str], ...]
    potential: str
    choices: tuple[tuple[str, str], ...]
    period: DateRange
    verdict: Fairness
    lines: tuple[Line, ...]

    @property
    def shares(self) -> tuple[Share, ...]:
        return tuple(line.share for line in self.lines)


def judge(page: Page, metric: str, potential: str) -> Judged:
    """People by attainment of the last complete quarter and by potential in the year before it."""
    choices = [name for name in POTENTIALS if name in page.registry.metrics and has_data(page, name)]
    chosen = potential if potential in choices else next(iter(choices), "")
    metrics = _with_targets(page)
    judged = metric if metric in metrics else USUAL if USUAL in metrics else next(iter(metrics), USUAL)
    quarter = page.calendar.previous(page.calendar.period_of(page.as_of, "quarter"))
    lines = _lines(page, judged, chosen, quarter) if chosen and judged in metrics else []
    return Judged(
        judged,
        _labelled(page, metrics),
        chosen,
        _labelled(page, choices),
        DateRange(quarter.start, quarter.end, "quarter"),
        fairness([line.share for line in lines]),
        tuple(sorted(lines, key=lambda line: -line.share.potential)),
    )


def _with_targets(page: Page) -> list[str]:
    """Metrics that targets were stated for and that can be computed by person, in the order of the catalogue."""
    stated = target_source(page.warehouse, page.registry).book.metrics()
    known = page.registry.metrics
    usable = [name for name in known if name in stated and has_data(page, name) and sees(page.user, known[name])]
    return [name for name in usable if any(one.dimension == "employee" for one in page.registry.dimensions_of(name))]


def _labelled(page: Page, names: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, page.registry.metric(name).label.get(page.lang)) for name in names)


def _lines(page: Page, metric: str, potential: str, quarter: Period) -> list[Line]:
    before = quarter
    for _ in range(4):
        before = page.calendar.previous(before)
    year = DateRange(before.start, page.calendar.previous(quarter).end)
    days = DateRange(quarter.start, quarter.end)
    could = {
        row["employee_id"]: row[potential]
        for row in rows_of(ask(page, [potential], by=["employee"], days=year, where=()))
    }
    less_is_better = page.registry.metric(metric).favorable == "down"
    lines = []
    for row in rows_of(ask(page, [metric], by=["employee"], days=days, where=(), compare=["target"])):
        key, actual, target = row["employee_id"], row[metric], row[f"{metric}_target"]
        above, below = (target, actual) if less_is_better else (actual, target)
        if not key or above is None or not below or could.get(key) is None:
            continue
        share = Share(key, row["employee"] or key, float(above) / float(below), float(could[key]))
        lines.append(Line(share, actual, target))
    return lines
