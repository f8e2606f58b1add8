"""From a definition and the warehouse to a document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from salesloop.engine.metrics import Registry
from salesloop.engine.metrics.warehouse import warehouse
from salesloop.engine.model.calendar import Period
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.periods import parse_period
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import Lang, Messages
from salesloop.engine.report import definition as parts
from salesloop.engine.report import document as doc
from salesloop.engine.report.builders.brief import Brief
from salesloop.engine.report.builders.headline import kpi_strip
from salesloop.engine.report.builders.slices import bars, bridge
from salesloop.engine.report.builders.sources import sources
from salesloop.engine.report.builders.summary import summary
from salesloop.engine.report.builders.tables import breakdown, ranking
from salesloop.engine.report.builders.trend import trend
from salesloop.engine.report.chart import ChartSpec
from salesloop.engine.report.periods import period_name
from salesloop.engine.store.workspace import Workspace

__all__ = ["ReportInputs", "build_report", "report_period"]

_MESSAGES = Messages("salesloop.engine.report")


@dataclass(frozen=True, slots=True)
class ReportInputs:
    """What people hold, in the report's language. ``missing`` says why there is none, where that is not obvious."""

    findings: tuple[doc.FindingRow, ...] = ()
    actions: tuple[doc.ActionRow, ...] = ()
    missing: str = ""


def report_period(
    workspace: Workspace, definition: parts.ReportDefinition, text: str | None, now: dt.datetime
) -> Period:
    """The period meant by ``text`` (2026-W46, 2026-11), by default the last finished one.

    UserError where it is no period of the report's grain. ``now`` is aware.
    """
    today = workspace.config.day_of(now)
    calendar = workspace.config.calendar_of_company
    if text is None:
        return calendar.previous(calendar.period_of(today, definition.grain))
    days = parse_period(text, calendar, today)
    period = calendar.period_of(days.start, definition.grain)
    if (period.start, period.end) != (days.start, days.end):
        example = calendar.text(calendar.period_of(today, definition.grain))
        raise UserError(_MESSAGES.message("wrong_grain", value=text, report=definition.report, example=example))
    if period.start > today:
        raise UserError(_MESSAGES.message("period_ahead", value=text))
    return period


def build_report(
    workspace: Workspace,
    registry: Registry,
    definition: parts.ReportDefinition,
    scope: Scope,
    period: Period,
    *,
    now: dt.datetime,
    lang: Lang,
    org: str | None = None,
    inputs: ReportInputs | None = None,
) -> doc.Report:
    """The document for a scope, a period and, where given, one org unit (id or name) with everything below it.

    ``now`` is aware; its date in the workspace's time zone is the business date. All numbers come from one snapshot.
    """
    data = warehouse(workspace)
    local = now.astimezone(data.config.zone)
    where = (f"org_unit={org}",) if org else ()
    brief = Brief(data, registry, definition, scope, period, local.date(), lang, where)
    blocks = tuple(_blocks(brief, inputs or ReportInputs()))
    return doc.Report(
        definition.report,
        definition.title.get(lang),
        _subtitle(brief, org),
        data.config.name,
        lang,
        doc.Stamp(data.snapshot.number, local, _data_until(brief), brief.as_of),
        blocks,
        data.config.red_up,
    )


def _blocks(brief: Brief, inputs: ReportInputs) -> Iterator[doc.Block]:
    told: int | None = None  # findings listed so far; a later list goes on from there
    for part in brief.definition.blocks:
        match part:
            case parts.Chapter():
                yield doc.Heading(part.title.get(brief.lang), new_page=part.new_page)
            case parts.Findings():
                rows = _gravest_first(inputs.findings)[told or 0 :][: part.limit]
                if rows or told is None:
                    yield _findings(brief, inputs, rows, first=told is None)
                told = (told or 0) + len(rows)
            case parts.Actions():
                actions = inputs.actions[: part.limit]
                yield doc.ActionList(brief.say("actions"), actions, inputs.missing or brief.say("no_actions"))
            case parts.Sources():
                yield from sources(brief)
            case parts.Pair():
                yield from _pair([spec for piece in part.parts if (spec := _chart(brief, piece)) is not None])
            case _:
                block = _block(brief, part)
                if block is not None:
                    yield block


def _block(brief: Brief, part: parts.Part) -> doc.Block | None:
    match part:
        case parts.Summary():
            return summary(brief, part)
        case parts.Kpis():
            return kpi_strip(brief, part.metrics, attainment=part.attainment)
        case parts.Breakdown():
            return breakdown(brief, part)
        case parts.Ranking():
            return ranking(brief, part)
        case parts.Trend() | parts.Bars() | parts.Bridge():
            spec = _chart(brief, part)
            return doc.Chart(spec) if spec else None
    return None


def _chart(brief: Brief, part: parts.Trend | parts.Bars | parts.Bridge) -> ChartSpec | None:
    match part:
        case parts.Trend():
            return trend(brief, part)
        case parts.Bars():
            return bars(brief, part)
        case parts.Bridge():
            return bridge(brief, part)


def _pair(specs: list[ChartSpec]) -> Iterator[doc.Block]:
    """Side by side; one alone takes the whole width."""
    if len(specs) == 1:
        yield doc.Chart(specs[0])
    elif specs:
        yield doc.Columns(tuple(doc.Chart(spec) for spec in specs))


def _gravest_first(findings: tuple[doc.FindingRow, ...]) -> tuple[doc.FindingRow, ...]:
    rank = {"high": 0, "medium": 1, "low": 2}
    return tuple(sorted(findings, key=lambda row: rank[row.severity]))


def _findings(brief: Brief, inputs: ReportInputs, rows: tuple[doc.FindingRow, ...], *, first: bool) -> doc.FindingList:
    title = brief.say("findings" if first else "more_findings")
    return doc.FindingList(title, rows, inputs.missing or brief.say("no_findings"))


def _subtitle(brief: Brief, org: str | None) -> str:
    who = brief.say("whole_company" if brief.scope.everything else "own_part")
    if org:
        found = brief.data.values(brief.registry.dimension("org_unit"), (org,))
        who = str(found[0]["name"]) if found else org
    return f"{who} · {period_name(brief.period, brief.calendar, brief.lang)}"


def _data_until(brief: Brief) -> dt.date | None:
    """The last event in the data behind the metrics shown, no later than today."""
    fresh = brief.data.snapshot.freshness()
    entities = {entity for name in brief.used for entity in brief.registry.entities_of(name)}
    days = [day for entity in entities if entity in fresh and (day := fresh[entity].last_event) is not None]
    return min(max(days), brief.today) if days else None
