"""The five tests of one row's target (SMART), with the chance to reach it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from salesloop.app.metrics.services import has_data
from salesloop.app.targets.editing import row_name
from salesloop.app.targets.objectives import objective_of
from salesloop.app.targets.outlook import Outlook
from salesloop.app.targets.people import year_target
from salesloop.app.targets.sheet import Line, Sheet
from salesloop.engine.analyze.planning.chance import Chance
from salesloop.engine.analyze.planning.smart import Check, Facts, smart
from salesloop.engine.model.text import Text

_STATUS = {
    "draft": Text("草稿", "draft"),
    "active": Text("使用中", "active"),
    "deprecated": Text("将停用", "deprecated"),
    "retired": Text("已停用", "retired"),
}


@dataclass(frozen=True)
class Checked:
    """`passed` of five."""

    checks: tuple[Check, ...]
    chance: Chance | None
    target: Decimal | None

    @property
    def passed(self) -> int:
        return sum(check.passed for check in self.checks)


def checked(sheet: Sheet, line: Line) -> Checked:
    """The evidence for a row's target of the year."""
    page, metric = sheet.page, sheet.metric
    target = year_target(sheet, line)
    measured = has_data(page, metric.metric)
    adds_up = page.registry.sums_up(metric.metric)
    chance = Outlook(sheet, line).chance(target) if target is not None and measured and adds_up else None
    newest = [
        found.last_event
        for entity in page.registry.entities_of(metric.metric)
        if (found := page.snapshot.freshness().get(entity)) is not None and found.last_event is not None
    ]
    objective = objective_of(metric.metric, sheet.number)
    facts = Facts(
        metric=metric.label,
        status=_STATUS[metric.status],
        owner=row_name(sheet, line),
        data_until=min(newest) if measured and newest else None,
        today=page.as_of,
        chance=chance,
        objective=objective.name if objective else "",
        stated=target is not None,
        start=sheet.year.start,
        end=sheet.year.end,
        parts=sum(line.cells[month].target is not None for month in sheet.months),
    )
    return Checked(smart(facts), chance, target)
