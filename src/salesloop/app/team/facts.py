"""What the data say of people: attainment, efficiency, quality of work, deals worked together.

Values are those of the metrics' own pages. To say how somebody stands, their colleagues of the whole company are summed up,
whoever looks: a score is the same for everybody who may see it. Of these colleagues only sums of five or more get out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal
from urllib.parse import urlencode

from django.urls import reverse

from salesloop.app.governance.services import Judged, judge
from salesloop.app.metrics.services import ask, has_data, missing_entities, rows_of
from salesloop.app.org.services import Employee, employees_in
from salesloop.app.pages.services import Page
from salesloop.engine.analyze.team.scores import Cases, Favorable, Scored, comparable, score, together
from salesloop.engine.analyze.team.shared import SharedDeals, shared_deals
from salesloop.engine.metrics import format_filter
from salesloop.engine.metrics.definition import Metric
from salesloop.engine.model.periods import DateRange
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.view import View

EFFICIENCY = ("activities_per_win", "revenue_per_visit")
QUALITY = ("data_entry_timeliness", "complaint_rate", "return_rate")
RESULT = "revenue"
Aspect = Literal["efficiency", "quality"]
ASPECTS: Mapping[Aspect, tuple[str, ...]] = {"efficiency": EFFICIENCY, "quality": QUALITY}


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a score. `lacking`: the data that nobody delivered."""

    metric: Metric
    scored: Scored
    lacking: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class Work:
    """The score of an aspect (0–100, None where nothing can be said) with its inputs."""

    score: float | None
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """Revenue until now, its target of the days passed, and the first ÷ the second."""

    actual: float | None
    due: float | None
    pace: float | None


@dataclass(frozen=True, slots=True)
class Peers:
    """With whom somebody is compared. `basis`: everybody of the same title, or those of them with a like territory."""

    employees: tuple[str, ...]
    basis: Literal["title", "territory", "title_only"]


class Facts:
    """All of the company's people in the days of a page; asked once."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._all = replace(page, scope=Scope.all())
        self._titles = {one.id: one.title for one in employees_in(Scope.all())}

    @cached_property
    def passed(self) -> DateRange:
        """The days of the page's period until now."""
        days = self._page.days
        return DateRange(days.start, max(min(days.end, self._page.as_of), days.start))

    def work(self, employee: Employee, aspect: Aspect) -> Work:
        """How somebody does in an aspect, with every input."""
        peers = self.peers(employee)
        inputs = tuple(self._input(employee, name, peers.employees) for name in ASPECTS[aspect])
        return Work(together([one.scored for one in inputs]), inputs)

    def result(self, employee: Employee) -> Result:
        """What was sold against what was due."""
        row = self._results.get(employee.id, {})
        actual, due, pace = (row.get(name) for name in (RESULT, f"{RESULT}_target", f"{RESULT}_attainment"))
        return Result(*(None if one is None else float(one) for one in (actual, due, pace)))

    def shared(self, employee: Employee) -> SharedDeals | None:
        """Deals won together; None without one won in the period."""
        return self._shared.get(employee.id)

    def peers(self, employee: Employee) -> Peers:
        """Colleagues with the same title; where targets favour a size of territory, those with one of like potential."""
        same = tuple(one for one, title in self._titles.items() if title == employee.title)
        if self.fairness.verdict.verdict not in ("favours_large", "favours_small"):
            return Peers(same, "title")
        potential = {one.id: one.potential for one in self.fairness.shares}
        like = comparable(employee.id, potential, same)
        return Peers(like, "territory") if like else Peers(same, "title_only")

    @cached_property
    def fairness(self) -> Judged:
        """Whether attainment goes with the potential of territories (governance's verdict over the whole company)."""
        return judge(self._all, RESULT, "")

    def address(self, metric: str, employee: str) -> str:
        """The metric's page for one person and these days."""
        view = View(where=(format_filter("employee", [employee]),), period=self._page.view.period)
        return f"{reverse('metrics:metric', args=[metric])}?{view.to_query()}"

    def attainment_address(self, employee: str) -> str:
        view = View(where=(format_filter("employee", [employee]),), period=self._page.view.period)
        return f"{reverse('targets:attainment')}?{view.to_query()}"

    def _input(self, employee: Employee, name: str, peers: Sequence[str]) -> Input:
        metric = self._page.registry.metric(name)
        lacking = tuple(
            self._page.workspace.model.entity(one).label.get(self._page.lang)
            for one in missing_entities(self._page, name)
        )
        favorable: Favorable = "down" if metric.favorable == "down" else "up"
        scored = score(employee.id, self._cases.get(name, {}), peers, favorable)
        return Input(metric, scored, lacking, self.address(name, employee.id))

    @cached_property
    def _cases(self) -> Mapping[str, Mapping[str, Cases]]:
        ratios = {
            name: (getattr(metric, "numerator", ""), getattr(metric, "denominator", ""))
            for name in (*EFFICIENCY, *QUALITY)
            if has_data(self._page, name) and (metric := self._page.registry.metric(name)).type == "ratio"
        }
        parts = sorted({part for both in ratios.values() for part in both})
        rows = self._ask(parts)
        return {
            name: {one: Cases(float(row[above] or 0), float(row[below] or 0)) for one, row in rows.items()}
            for name, (above, below) in ratios.items()
        }

    @cached_property
    def _results(self) -> Mapping[str, Mapping[str, Any]]:
        return self._ask([RESULT], compare=("target",)) if has_data(self._page, RESULT) else {}

    @cached_property
    def _shared(self) -> Mapping[str, SharedDeals]:
        return shared_deals(self._page.snapshot, self.passed.start, self.passed.end)

    def _ask(self, metrics: Sequence[str], compare: Sequence[str] = ()) -> Mapping[str, Mapping[str, Any]]:
        if not metrics:
            return {}
        found = rows_of(ask(self._all, metrics, by=["employee"], days=self.passed, where=(), compare=compare))
        return {row["employee_id"]: row for row in found if row["employee_id"]}


def appeal_address(employee: str, period: str) -> str:
    """Where to ask for a change of the target's definition, with this scorecard as the evidence."""
    card = reverse("team:person", args=[employee]) + (f"?period={period}" if period else "")
    return f"{reverse('governance:new')}?{urlencode({'kind': 'metric', 'target': RESULT, 'evidence': card})}"


def quarter_of(page: Page) -> dt.date:
    """The first day of the quarter that ratings on this page are of."""
    return page.calendar.period_of(Facts(page).passed.end, "quarter").start
