"""Where a little more effort would bring more: the marginal return of each channel, and the one shift that follows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from salesloop.app.channels.asking import CHANNEL, by_channel, level, missing
from salesloop.app.metrics.services import ask, rows_of
from salesloop.app.pages.services import Page
from salesloop.engine.analyze.channels import History, Marginal, Shift, marginal, recommend
from salesloop.engine.analyze.channels.shift import interval
from salesloop.engine.model.calendar import Period
from salesloop.engine.model.periods import DateRange
from salesloop.engine.report.number import to_decimal

METRICS: Final = ("gross_profit", "channel_expense", "revenue")
MONTHS: Final = 36


@dataclass(frozen=True, slots=True)
class Tried:
    """What the history of one channel tells; `low` and `high` None where it tells nothing (`found.unknown`)."""

    name: str
    found: Marginal
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Effort:
    """`first` to `last` are the complete months looked at; `evidence` is their state of a page, without `?`. `profit` is the
    mean monthly channel profit of the target, None without a shift. `level` is the dimension whose members are compared."""

    tried: list[Tried]
    shift: Shift | None
    names: dict[str, str]
    level: str
    days: DateRange
    evidence: str
    profit: float | None
    missing: list[str]

    @property
    def source(self) -> str:
        """The name of the channel that gives."""
        return self.names[self.shift.source.channel] if self.shift else ""

    @property
    def target(self) -> str:
        """The name of the channel that gets."""
        return self.names[self.shift.target.channel] if self.shift else ""


def effort(page: Page) -> Effort:
    """What the complete months before the page's day say, within its scope and filters; its period plays no part."""
    names = by_channel(page, METRICS)
    by, months = level(page, CHANNEL), _months(page)
    days = DateRange(months[0].start, months[-1].end)
    lacking = missing(page, METRICS, names)
    evidence = page.view.changed(period=f"{days.start}..{days.end}", tab="", sort="").to_query()
    if lacking:
        return Effort([], None, {}, by, days, evidence, None, lacking)
    rows = rows_of(ask(page, METRICS, by=[by], grain="month", days=days))
    called = {row["channel_id"]: row[CHANNEL] for row in rows if row["channel_id"]}
    histories = {key: _history(key, rows, months) for key in called}
    found = [marginal(history) for history in histories.values()]
    shift = recommend(found)
    profit = _profit(histories[shift.target.channel]) if shift else None
    tried = [Tried(called[one.channel], one, *(interval(one) or (None, None))) for one in found]
    tried.sort(key=lambda one: (one.found.slope is None, -(one.found.slope or 0), one.name))
    return Effort(tried, shift, called, by, days, evidence, profit, [])


def _months(page: Page) -> list[Period]:
    """The complete months, the oldest first. The day compared with may be the last of its month."""
    last = page.calendar.period_of(page.as_of, "month")
    if page.as_of < last.end:
        last = page.calendar.previous(last)
    months = [last]
    for _step in range(MONTHS - 1):
        months.append(page.calendar.previous(months[-1]))
    return months[::-1]


def _history(key: str, rows: list[dict[str, Any]], months: list[Period]) -> History:
    known: dict[str, dict[object, float | None]] = defaultdict(dict)
    for row in rows:
        if row["channel_id"] == key:
            for metric in METRICS:
                number = to_decimal(row[metric])
                known[metric][row["period"]] = None if number is None else float(number)
    profit, expense, revenue = (tuple(known[metric].get(month.start) for month in months) for metric in METRICS)
    return History(key, profit, expense, revenue)


def _profit(history: History) -> float | None:
    """Mean monthly gross profit less expense over the last year."""
    both = [
        (p, e)
        for p, e in zip(history.profit[-12:], history.expense[-12:], strict=True)
        if p is not None and e is not None
    ]
    return sum(p - e for p, e in both) / len(both) if both else None
