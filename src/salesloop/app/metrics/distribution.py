"""How the values behind a number are spread, as a histogram with median and quantiles."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from salesloop.app.metrics.units import column_scale
from salesloop.app.pages.services import Page
from salesloop.engine.analyze.describe.distribution import (
    RECORD,
    Bar,
    Spread,
    distribution,
    record_field,
    subjects,
)
from salesloop.engine.metrics import Query
from salesloop.engine.metrics.parameters import fitting
from salesloop.engine.report.chart import ChartSpec, Series
from salesloop.engine.report.number import Scale, format_number

ORDER = gettext_lazy("订单")


@dataclass(frozen=True, slots=True)
class Histogram:
    """`subject` is the one that is shown, `choices` (id, label) all; `spread` and `spec` are None without values. `unit` is
    that of the axis (万元)."""

    subject: str
    label: str
    choices: list[tuple[str, str]]
    spread: Spread | None
    spec: ChartSpec | None
    unit: str


def histogram(page: Page, metric: str, subject: str) -> Histogram | None:
    """The spread by `subject`; without one the finest by which there is something to see. None where a metric has none."""
    choices = [(name, subject_label(page, metric, name)) for name in subjects(metric, page.registry)]
    if not choices:
        return None
    labels = dict(choices)
    found: dict[str, Spread | None] = {}
    for name in [subject] if subject in labels else labels:
        found[name] = _spread(page, metric, name)
        if (spread := found[name]) is not None and spread.telling:
            break
    else:
        name = subject if subject in labels else next(iter(labels))
    spread = found[name]
    if spread is None:
        return Histogram(name, labels[name], choices, None, None, "")
    spec, unit = _spec(page, metric, labels[name], spread), _scale(page, metric, spread.bars).unit
    return Histogram(name, labels[name], choices, spread, spec, unit)


def subject_label(page: Page, metric: str, subject: str) -> str:
    """订单, 客户, 人员: what one value is of."""
    if subject != RECORD:
        return page.registry.dimension(subject).label.get(page.lang)
    field = record_field(metric, page.registry)
    entity = page.workspace.model.entity(field[0] if field else "")
    return str(ORDER) if entity.name == "order_line" else entity.label.get(page.lang)


def _spread(page: Page, metric: str, subject: str) -> Spread | None:
    query = Query(
        metrics=(metric,),
        start=page.days.start,
        end=page.days.end,
        where=page.view.where,
        params=fitting(page.view.params, [metric], page.registry),
    )
    return distribution(page.warehouse, page.registry, query, subject, page.scope, today=page.as_of)


def _spec(page: Page, metric: str, subject: str, spread: Spread) -> ChartSpec:
    definition = page.registry.metric(metric)
    return ChartSpec(
        kind="stacked",
        title=_("%(metric)s的分布") % {"metric": definition.label.get(page.lang)},
        categories=_names(page, metric, spread.bars),
        series=(Series(subject, tuple(bar.count for bar in spread.bars)),),
        format="count",
        category_name=definition.label.get(page.lang),
    )


def _scale(page: Page, metric: str, bars: tuple[Bar, ...]) -> Scale:
    return column_scale(page, metric, (bound for bar in bars for bound in (bar.start, bar.end) if bound is not None))


def _names(page: Page, metric: str, bars: tuple[Bar, ...]) -> tuple[str, ...]:
    """`1–2`, `≥ 10` in the scale of the axis; a single whole number stands alone."""
    form = page.registry.metric(metric).format
    scale = _scale(page, metric, bars)

    def word(value: float) -> str:
        shown = format_number(value, form, page.lang, scale=scale)
        text = shown.text.rstrip("0").rstrip(".") if "." in shown.text else shown.text
        return text + ("%" if form == "percent" else "")

    names = []
    for bar in bars:
        if bar.end is None:
            names.append(f"≥ {word(bar.start)}")
        elif form == "count" and bar.end - bar.start == 1:
            names.append(word(bar.start))
        else:
            names.append(f"{word(bar.start)}–{word(bar.end)}")
    return tuple(names)
