"""Saved models as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import isnan
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from salesloop.app.metrics.services import choices, has_data
from salesloop.app.pages.services import Page
from salesloop.app.prediction.learning import asking, forecast_of, lifetime_of
from salesloop.app.prediction.models import Kind, SavedModel
from salesloop.app.workspace.services import workspace
from salesloop.engine.analyze.predict.forecast import NAIVE, Point, Trained, ahead, history
from salesloop.engine.analyze.predict.lifetime.backtest import Bucket
from salesloop.engine.report.chart import Annotation, Band, ChartSpec, Series
from salesloop.engine.report.number import Format

METHODS: dict[str, str | Promise] = {
    "last_year": gettext_lazy("和去年同月一样"),
    "season": gettext_lazy("去年同月，按近来的走势调整"),
    "recent": gettext_lazy("近六个月的中位数"),
}
_SHOWN_MONTHS = 18
_RELATED = 0.3
"""From this correlation on, how often and for how much customers buy have something to do with one another."""


@dataclass(frozen=True, slots=True)
class Group:
    """All versions of one model, the newest first. `format` of its errors."""

    title: str
    kind: str
    subject: str
    format: Format
    versions: Sequence[SavedModel]


def groups(page: Page) -> list[Group]:
    """Every model that was ever trained."""
    found = SavedModel.objects.select_related("trained_by")
    return [_group(page, list(same)) for _key, same in groupby(found, key=lambda one: (one.kind, one.subject))]


def foretellable(page: Page) -> list[tuple[str, str]]:
    """(name, label) of the metrics that have data and can be foretold."""
    known = page.registry.metrics
    return [
        (name, label) for name, label in choices(page.lang) if known[name].type != "target" and has_data(page, name)
    ]


def lifetime_page(saved: SavedModel) -> dict[str, Any]:
    """What the page of a model of customer value shows."""
    trained = lifetime_of(saved)
    return {
        "trained": trained,
        "chart": _buckets_chart(trained.back_test.buckets),
        "related": abs(trained.quality.independence) >= _RELATED,
    }


def forecast_page(page: Page, saved: SavedModel) -> dict[str, Any]:
    """What the page of a forecast shows: the coming months as of today, and the back-test."""
    trained = forecast_of(saved)
    known = history(asking(), saved.subject)
    metric = page.registry.metrics.get(saved.subject)
    shown = metric is not None and len(known.values) > 0
    points = ahead(trained, known) if shown else ()
    months = [month.start for month in known.months[-_SHOWN_MONTHS:]]
    actual = [None if isnan(value) else float(value) for value in known.values[-_SHOWN_MONTHS:]]
    return {
        "trained": trained,
        "metric": metric,
        "method": METHODS[trained.method],
        "errors": [
            (METHODS[name], value, name == trained.method, name == NAIVE) for name, value in trained.errors.items()
        ],
        "points": points,
        "chart": _forecast_chart(trained, metric.format, months, actual, points) if metric and shown else None,
    }


def _group(page: Page, versions: list[SavedModel]) -> Group:
    one = versions[0]
    metric = page.registry.metrics.get(one.subject)
    if one.kind == Kind.LIFETIME:
        return Group(_("客户价值"), one.kind, "", "number", versions)
    title = metric.label.get(page.lang) if metric else one.subject
    return Group(title, one.kind, one.subject, metric.format if metric else "number", versions)


def _buckets_chart(buckets: Sequence[Bucket]) -> ChartSpec:
    return ChartSpec(
        kind="trend",
        title=_("检验期的人均购买次数"),
        categories=tuple(bucket_name(one) for one in buckets),
        category_name=_("检验期之前的重复购买次数"),
        series=(
            Series(_("实际"), tuple(one.actual for one in buckets)),
            Series(_("模型"), tuple(one.predicted for one in buckets), role="slice"),
            Series(_("和上一段一样"), tuple(one.naive for one in buckets), role="comparison"),
        ),
        format="number",
    )


def bucket_name(bucket: Bucket) -> str:
    """`3–4`, `33+`."""
    if bucket.high is None:
        return f"{bucket.low}+"
    return str(bucket.low) if bucket.low == bucket.high else f"{bucket.low}–{bucket.high}"


def _forecast_chart(
    trained: Trained, format: Format, months: list[Any], actual: list[float | None], points: Sequence[Point]
) -> ChartSpec:
    before = len(months) - 1
    last = actual[-1]
    starts = [*months, *(point.month.start for point in points)]
    gap, tail = (None,) * before, (None,) * len(points)
    return ChartSpec(
        kind="effect",
        title=_("往后六个月"),
        categories=tuple(f"{day.year}-{day.month:02d}" for day in starts),
        series=(
            Series(_("实际"), (*actual, *tail)),
            Series(_("预测"), (*gap, last, *(point.expected for point in points)), role="comparison"),
        ),
        band=Band(
            _("八成可能"),
            (*gap, last, *(point.low for point in points)),
            (*gap, last, *(point.high for point in points)),
        ),
        event=Annotation(before, _("已知到此")),
        format=format,
        currency=workspace().config.currency,
    )
