"""How the units (or people) directly below stand against their targets; for who has nobody below, their customers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from salesloop.app.metrics.services import ask, column_scale, rows_of
from salesloop.app.org.services import Place, level_below
from salesloop.app.pages.services import Page
from salesloop.engine.metrics import format_filter, parse_filter
from salesloop.engine.model.view import View
from salesloop.engine.report.number import Number, Scale, to_decimal

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Team:
    """`needed`: what is still missing a day until the end of the period; None where nothing is, or no day is left."""

    name: str
    value: Number
    previous: Number
    attainment: Number
    needed: Number
    href: str


@dataclass(frozen=True, slots=True)
class Teams:
    """`by` is the dimension of the rows."""

    title: str
    by: str
    rows: list[Team]
    total: int
    scale: Scale
    elapsed: float | None
    has_target: bool


def teams(page: Page, metric: str) -> Teams:
    """The places below the page's place, by attainment where there are targets, else by value."""
    below = page.place.below
    by = below[0].dimension if below else "customer"
    rows = _places(page, metric, below) if below else _customers(page, metric)
    has_target = any(row.attainment is not None for row in rows)
    rows.sort(key=lambda row: -(to_decimal(row.attainment if has_target else row.value) or Decimal(-1)))
    title = {"org_unit": _("团队达成"), "employee": _("人员达成"), "customer": _("客户")}[by]
    scale = column_scale(page, metric, [row.value for row in rows])
    return Teams(title, by, rows[:SHOWN], len(rows), scale, page.elapsed, has_target)


def _places(page: Page, metric: str, below: tuple[Place, ...]) -> list[Team]:
    dimension = below[0].dimension
    level = level_below(page.user, page.scope_filter)
    elsewhere = [text for text in page.view.where if parse_filter(text).dimension not in ("org_unit", "employee")]
    found = rows_of(
        ask(
            page,
            [metric],
            by=[f"org_unit:{level}" if level else dimension],
            where=[*elsewhere, format_filter(dimension, [place.id for place in below])],
            compare=("previous", "target") if page.registry.sums_up(metric) else ("previous",),
        )
    )
    known = {row[f"{dimension}_id"]: row for row in found}
    return [
        _team(page, metric, place.name, known.get(place.id, {}), _overview_of(page, place))
        for place in below
        if dimension == "org_unit" or place.id in known  # people without sales or target are not in this race
    ]


def _customers(page: Page, metric: str) -> list[Team]:
    possible = {dimension.dimension for dimension in page.registry.dimensions_of(metric)}
    if "customer" not in possible:
        return []
    rows = rows_of(ask(page, [metric], by=["customer"], compare=("previous",), limit=SHOWN))
    address = reverse("metrics:metric", args=[metric])
    return [
        _team(
            page,
            metric,
            row["customer"] or _("未归属"),
            row,
            f"{address}?{_narrowed(page, format_filter('customer', [row['customer_id']])).to_query()}",
        )
        for row in rows
    ]


def _team(page: Page, metric: str, name: str, row: dict[str, Any], href: str) -> Team:
    value, target = to_decimal(row.get(metric)), to_decimal(row.get(f"{metric}_target"))
    days_left = (page.days.end - page.as_of).days
    gap = None if target is None else target - (value or 0)
    return Team(
        name=name,
        value=value,
        previous=row.get(f"{metric}_previous_change"),
        attainment=row.get(f"{metric}_attainment"),
        needed=gap / days_left if gap is not None and gap > 0 and days_left > 0 else None,
        href=href,
    )


def _overview_of(page: Page, place: Place) -> str:
    return f"{reverse('dashboards:overview')}?{_narrowed(page, format_filter(place.dimension, [place.id])).to_query()}"


def _narrowed(page: Page, filter: str) -> View:
    return View(period=page.view.period, compare=page.view.compare, where=(filter,))
