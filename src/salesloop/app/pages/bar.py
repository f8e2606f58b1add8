"""The top of a page: scope, period, comparison, each as links to the same page with that part changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from salesloop.app.org.services import Place
from salesloop.app.pages.periods import range_label, short_day
from salesloop.engine.metrics import format_filter, parse_filter
from salesloop.engine.model.periods import parse_period

if TYPE_CHECKING:
    from salesloop.app.pages.page import Page

PERIODS = {
    "this-month": gettext_lazy("本月"),
    "last-month": gettext_lazy("上月"),
    "this-quarter": gettext_lazy("本季"),
    "last-quarter": gettext_lazy("上季"),
    "this-year": gettext_lazy("本年"),
    "last-year": gettext_lazy("上年"),
    "last-12-months": gettext_lazy("近 12 个月"),
    "last-30-days": gettext_lazy("近 30 天"),
}
COMPARISONS = {
    "previous": gettext_lazy("环比"),
    "year": gettext_lazy("同比"),
    "festival": gettext_lazy("春节对齐的同比"),
    "target": gettext_lazy("目标"),
    "plan": gettext_lazy("原计划"),
}
USUAL_COMPARISONS = ("previous", "year", "target")
"""What is compared where an address does not say."""
SCOPE_DIMENSIONS = ("org_unit", "employee")


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a menu."""

    label: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the scope: its name, its own address, and for the last step the places beside and below it."""

    name: str
    href: str
    others: tuple[Choice, ...] = ()
    below: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class PeriodPicker:
    label: str
    until: str
    start: dt.date
    end: dt.date
    choices: tuple[Choice, ...]
    before: str
    after: str
    kept: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ComparisonPicker:
    """`kept` are the parts of the address that the form for a period of one's own keeps, `others` what it adds to;
    `start` and `end` are the days of the period that was chosen so, None without one."""

    label: str
    choices: tuple[Choice, ...]
    kept: tuple[tuple[str, str], ...]
    others: str
    start: dt.date | None
    end: dt.date | None


class Bar:
    """Each part is worked out when the template asks for it."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def _link(self, **changes: object) -> str:
        query = self._page.view.changed(**changes).to_query()
        return f"?{query}"

    # Scope

    @cached_property
    def crumbs(self) -> tuple[Crumb, ...]:
        """From the top of what this person sees down to the place that the address names."""
        place = self._page.place
        steps = [Crumb(step.name, self._to(step)) for step in place.above]
        others = tuple(Choice(other.name, self._to(other), other == place.here) for other in place.beside)
        below = tuple(Choice(child.name, self._to(child)) for child in place.below)
        return (*steps, Crumb(place.here.name, self._to(place.here), others if len(others) > 1 else (), below))

    def _to(self, place: Place) -> str:
        kept = [text for text in self._page.view.where if parse_filter(text).dimension not in SCOPE_DIMENSIONS]
        added = [format_filter(place.dimension, [place.id])] if place.id else []
        return self._link(where=(*kept, *added))

    # Period

    @cached_property
    def period(self) -> PeriodPicker:
        page = self._page
        days = page.days
        before, after = self._neighbours()
        return PeriodPicker(
            label=range_label(days, page.calendar, page.lang),
            until=_("截至 %(day)s") % {"day": self._until()} if page.running else "",
            start=days.start,
            end=days.end,
            choices=tuple(
                Choice(str(label), self._link(period=name), self._same(name)) for name, label in PERIODS.items()
            ),
            before=before,
            after=after,
            kept=tuple(self._kept("period")),
        )

    def _until(self) -> str:
        page = self._page
        if page.days.grain == "month" and page.lang != "en":
            return f"{page.as_of.day} 日"
        return short_day(page.as_of, page.lang)

    def _same(self, name: str) -> bool:
        page = self._page
        return page.view.period == name or parse_period(name, page.calendar, page.as_of) == page.days

    def _neighbours(self) -> tuple[str, str]:
        page, days = self._page, self._page.days
        if days.grain is not None:
            here = page.calendar.period_of(days.start, days.grain)
            before, after = page.calendar.previous(here), page.calendar.next(here)
            names = page.calendar.text(before), page.calendar.text(after)
            last = after.start
        else:
            step = dt.timedelta(days=days.days)
            one = dt.timedelta(days=1)
            names = (f"{days.start - step}..{days.start - one}", f"{days.end + one}..{days.end + step}")
            last = days.end + one
        return self._link(period=names[0]), self._link(period=names[1]) if last <= page.as_of else ""

    def _kept(self, *without: str) -> Iterator[tuple[str, str]]:
        """The parts of the address that a form must keep, but for those that it asks for."""
        view = self._page.view
        for name in type(view).model_fields:
            value = getattr(view, name)
            if name in without or value == type(view).model_fields[name].default:
                continue
            if name in ("where", "params"):
                yield from ((name, one) for one in value)
            else:
                yield name, value if isinstance(value, str) else ",".join(value)

    # Comparison

    @cached_property
    def comparison(self) -> ComparisonPicker:
        page = self._page
        chosen, own = page.compare, page.own_comparison
        choices = [
            Choice(
                str(label),
                self._compared([n for n in (*COMPARISONS, own) if (n in chosen) != (n == name)]),
                name in chosen,
            )
            for name, label in COMPARISONS.items()
        ]
        days = parse_period(own, page.calendar, page.as_of) if own else None
        if days is not None:
            choices.append(
                Choice(
                    range_label(days, page.calendar, page.lang), self._compared([n for n in chosen if n != own]), True
                )
            )
        return ComparisonPicker(
            label=" · ".join(choice.label for choice in choices if choice.current),
            choices=tuple(choices),
            kept=tuple(self._kept("compare")),
            others=",".join(name for name in chosen if name != own),
            start=days.start if days else None,
            end=days.end if days else None,
        )

    def _compared(self, names: list[str]) -> str:
        """The address that compares with these. The usual ones are what an address leaves out; none at all is no choice."""
        known = tuple(name for name in names if name)
        return self._link(compare=() if known == USUAL_COMPARISONS else known)
