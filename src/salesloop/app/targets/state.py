"""The state of a page of targets: which sheet the address means, and what its templates get."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from salesloop.app.metrics.services import choices
from salesloop.app.pages.services import Page, page_for
from salesloop.app.targets.grid import grid, unit_of, units_for
from salesloop.app.targets.models import Version
from salesloop.app.targets.reading import read_numbers
from salesloop.app.targets.rights import Rights
from salesloop.app.targets.sheet import Line, Sheet
from salesloop.app.targets.store import last_change
from salesloop.app.targets.values import MOST, USUAL, values_of
from salesloop.app.targets.versions import visible_to
from salesloop.engine.metrics import format_filter, parse_filter
from salesloop.engine.metrics.targets.organisation import ORGANISATION
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.targets")
DEFAULT = "revenue"
ADDRESSES = ("index", "grid", "save", "row", "year", "lock", "split", "propose", "file", "check", "remark", "moves")


def sheet_of(request: HttpRequest, draft: int | None = None, *, lens: bool = False) -> Sheet:
    """The sheet of the address: metric, the year of its period, place, and the draft; with `lens` in the currency that the unit
    of the address names. What is unknown or unseen is not found."""
    sheet = _sheet_of(request, draft)
    return in_currency(sheet) if lens else sheet


def in_currency(sheet: Sheet) -> Sheet:
    """The sheet in the foreign currency that the unit of the address names; itself where that names none."""
    wanted = sheet.page.view.tab.lstrip("0123456789")
    return replace(sheet, currency=wanted) if wanted in currencies(sheet) else sheet


def currencies(sheet: Sheet) -> tuple[str, ...]:
    """The foreign ones in which targets can be stated: those with a rate."""
    known = {*sheet.rates.currencies, *sheet.planned} if sheet.metric.format == "money" else set()
    return tuple(sorted(known))


def _sheet_of(request: HttpRequest, draft: int | None) -> Sheet:
    page = page_for(request, period="this-year")
    if draft is not None:
        version = get_object_or_404(visible_to(page.user), pk=draft)
        return sheet_of_version(page, version)
    name = page.view.metrics[0] if page.view.metrics else DEFAULT
    metric = page.registry.metrics.get(name)
    if metric is None or metric.type == "target":
        raise Http404
    return Sheet(page, metric, page.calendar.period_of(page.days.start, "year"))


def sheet_of_version(page: Page, version: Version) -> Sheet:
    """The sheet of one version; the one that counts is what everybody sees."""
    year = page.calendar.numbered(version.year, "year", 1)
    metric = page.registry.metrics.get(version.metric)
    if year is None or metric is None:
        raise Http404
    page = replace(page, view=page.view.changed(metrics=(version.metric,), period=page.calendar.text(year)))
    return Sheet(page, metric, year, None if version.counts else version)


def line_of(request: HttpRequest, sheet: Sheet) -> Line:
    """The row that the address names, else the topmost that is shown. Not found where it is out of sight."""
    if key := request.GET.get("row", ""):
        line = sheet.lines.get(key)
        if line is None:
            raise Http404
        return line
    return top_line(sheet)


def top_line(sheet: Sheet) -> Line:
    """The company where it has several tops, else its only one."""
    lines = list(sheet.lines.values())
    roots = [line for line in lines if line.node.kind == "org_unit" and not line.parents]
    first = roots[0] if len(roots) == 1 else next(iter(lines), None)
    if first is None:
        raise Http404
    return first


def address(sheet: Sheet, name: str, **more: str) -> str:
    """The address of one of the pages around this sheet, with its whole state."""
    keywords = {"draft": sheet.draft.pk} if sheet.draft else {}
    query = "&".join(filter(None, [sheet.page.view.to_query(), *(f"{key}={value}" for key, value in more.items())]))
    return reverse(f"targets:{name}", kwargs=keywords) + (f"?{query}" if query else "")


def amount_of(text: str, sheet: Sheet) -> Decimal | None:
    """A typed amount in the unit of the sheet; None for a blank. UserError for anything else."""
    if not text.strip():
        return None
    (value,) = read_numbers([text], sheet.metric.format, unit_of(sheet).factor)
    if value is None or value < 0:
        raise UserError(_MESSAGES.message("bad_amount", value=text.strip()[:40]))
    return value


def percent_of(text: str) -> Decimal | None:
    """`5` or `5%` → 0.05; None for a blank. UserError for anything else."""
    if not text.strip():
        return None
    (value,) = read_numbers([text], "percent")
    if value is None or not -1 <= value <= 100:
        raise UserError(_MESSAGES.message("bad_percent", value=text.strip()[:40]))
    return value


def tabs(sheet: Sheet, current: str) -> list[tuple[str, str, bool]]:
    """The pages about targets, with the metric and the year kept."""
    view = sheet.page.view
    about = view.changed(metrics=(sheet.metric.metric,), period=sheet.page.calendar.text(sheet.year), tab="", by=())
    names = [("index", _("目标表")), ("attainment", _("达成")), ("mine", _("我的目标"))]
    if sheet.page.user.has_perm("targets.see_plans"):
        names += [("versions", _("版本")), ("objectives", _("公司目标与计划")), ("resources", _("计划所需资源"))]
    if not sheet.page.user.employee_id:
        names = [one for one in names if one[0] != "mine"]
    return [(label, f"{reverse(f'targets:{name}')}?{about.to_query()}", name == current) for name, label in names]


def context_of(sheet: Sheet, **more: Any) -> dict[str, Any]:
    """What the templates of the grid get."""
    page, calendar = sheet.page, sheet.page.calendar
    rights = Rights(page.user)
    return page.context(
        sheet=sheet,
        metric=sheet.metric,
        grid=grid(sheet),
        units=units_for(sheet.metric.format, page.lang, sheet.money, sheet.currency),
        year=sheet.number,
        before=calendar.text(calendar.previous(sheet.year)),
        after=calendar.text(calendar.next(sheet.year)),
        query=page.view.to_query(),
        at={name: address(sheet, name) for name in ADDRESSES},
        editable=sheet.open and rights.any and any(line.editable for line in sheet.lines.values()),
        change=last_change(page.user, sheet.metric.metric, sheet.number, sheet.draft),
        version=sheet.draft or sheet.deciding,
        by_label=page.registry.dimension(sheet.by).label.get(page.lang) if sheet.by else "",
        undivided=f"?{page.view.changed(by=(), where=_organisation(sheet)).to_query()}",
        planned=_rate_text(sheet.planned.get(sheet.currency)),
        current_rate=_rate_text(sheet.rates.on(sheet.currency, page.as_of)),
        base=page.workspace.config.currency,
        **more,
    )


def _organisation(sheet: Sheet) -> tuple[str, ...]:
    """The filters of the address on units and people."""
    return tuple(text for text in sheet.page.view.where if parse_filter(text).dimension in ORGANISATION)


def _rate_text(rate: Decimal | None) -> str:
    return "" if rate is None else f"{rate.normalize():f}"


def metric_choices(sheet: Sheet) -> list[tuple[str, str]]:
    """(id, label) of the metrics that can have targets."""
    page: Page = sheet.page
    return [
        (name, label)
        for name, label in choices(page.lang, keep=sheet.metric.metric)
        if page.registry.metric(name).type not in ("target", "cumulative")
    ]


def moneys(sheet: Sheet) -> list[tuple[str, str, bool]]:
    """(currency, address, shown now) of the currencies in which the sheet can be seen and stated."""
    view = sheet.page.view
    return [(one, f"?{view.changed(tab=key).to_query()}", one == sheet.money) for one, key in money_units(sheet)]


def money_units(sheet: Sheet) -> list[tuple[str, str]]:
    """(currency, how the address names its first unit), the base one first; nothing where there is no other."""
    page, foreign = sheet.page, currencies(sheet)
    base = page.workspace.config.currency
    known = (base, *foreign) if foreign else ()
    return [(one, units_for("money", page.lang, one, "" if one == base else one)[0].key) for one in known]


def slices(sheet: Sheet) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """(dimension, its values as (name, address, shown now)) by which the targets of the sheet can be stated besides the
    organisation; one with many values has too many targets for anybody to agree on."""
    page, found = sheet.page, []
    organisation = _organisation(sheet)
    for dimension in page.registry.dimensions_of(sheet.metric.metric):
        name = dimension.dimension
        if name not in USUAL:
            continue
        values = values_of(page, sheet.metric.metric, name)
        if not 1 < len(values) <= MOST:
            continue
        choices = [
            (
                label,
                f"?{page.view.changed(where=(*organisation, format_filter(name, [value])), by=()).to_query()}",
                sheet.along == (name, value),
            )
            for value, label in values
        ]
        as_rows = page.view.changed(where=organisation, by=(name,)).to_query()
        choices.insert(0, (_("各值为行"), f"?{as_rows}", sheet.by == name))
        found.append((dimension.label.get(page.lang), choices))
    return found
