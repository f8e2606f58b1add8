"""One report for a person: which definition, which period, which part of the organisation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404

from salesloop.app.pages.services import Page, period_label
from salesloop.app.publishing.services import report_inputs
from salesloop.app.workspace.services import now
from salesloop.engine.model.calendar import Period
from salesloop.engine.report.builders import build_report, report_period
from salesloop.engine.report.definition import ReportDefinition, load_definitions
from salesloop.engine.report.render import FileFormat, render

PERIODS_OFFERED = 12


def definitions(page: Page) -> dict[str, ReportDefinition]:
    """Built-in reports and those of the workspace."""
    return load_definitions(page.workspace.path / "reports")


@dataclass(frozen=True)
class Edition:
    """A report definition for the period and place of a page's address; by default the last finished period."""

    page: Page
    definition: ReportDefinition
    asked_period: str

    @cached_property
    def period(self) -> Period:
        return report_period(self.page.workspace, self.definition, self.asked_period or None, now())

    @property
    def org(self) -> str | None:
        """The unit that the address narrows to. Http404 for a person: reports are made for units."""
        here = self.page.place.here
        if not here.id:
            return None
        if here.dimension != "org_unit":
            raise Http404
        return here.id

    @property
    def label(self) -> str:
        return period_label(self.period, self.page.calendar, self.page.lang)

    @property
    def periods(self) -> list[tuple[str, str, bool]]:
        """(text for the address, name, is it this one) of the last periods, the running one first."""
        calendar = self.page.calendar
        found, period = [], calendar.period_of(self.page.as_of, self.definition.grain)
        for _ in range(PERIODS_OFFERED):
            name = period_label(period, calendar, self.page.lang)
            found.append((calendar.text(period), name, period == self.period))
            period = calendar.previous(period)
        return found

    def write(self, kind: FileFormat) -> bytes:
        """The report as a file. Every format holds the same numbers."""
        page, period, org = self.page, self.period, self.org
        report = build_report(
            page.workspace,
            page.registry,
            self.definition,
            page.scope,
            period,
            now=now(),
            lang=page.lang,
            org=org,
            inputs=report_inputs(page.workspace.path, page.scope, period.start, period.end, lang=page.lang, org=org),
        )
        return render(report, kind)


def edition(page: Page, name: str, asked_period: str) -> Edition:
    """Http404 where there is no report of this name."""
    known = definitions(page)
    if name not in known:
        raise Http404
    return Edition(page, known[name], asked_period)
