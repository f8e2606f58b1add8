"""The effect of an action as a chart."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from salesloop.app.actions.models import Action
from salesloop.app.workspace.services import registry, workspace
from salesloop.engine.report.chart import Annotation, ChartSpec, Series


def effect_chart(action: Action) -> ChartSpec | None:
    """The acted-on slice against what it would have been, with the day of the start; None before the measurement."""
    effect: dict[str, Any] = action.effect or {}
    points = effect.get("points", [])
    definition = registry().metrics.get(action.metric)
    if not points or definition is None:
        return None
    begun = next((place for place, point in enumerate(points) if point["after"]), 0)
    days = [dt.date.fromisoformat(point["start"]) for point in points]
    expected = _("可比切片") if effect["method"] == "difference_in_differences" else _("自身规律")
    return ChartSpec(
        kind="effect",
        title=_("行动前后"),
        categories=tuple(f"{day.month}-{day.day}" for day in days),
        series=(
            Series(_("行动切片"), tuple(point["actual"] for point in points)),
            Series(expected, tuple(point["counterfactual"] for point in points), role="comparison"),
        ),
        format=definition.format,
        currency=workspace().config.currency,
        event=Annotation(begun, _("行动开始")),
    )
