"""How far each row is in the running month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from salesloop.app.metrics.services import ask, has_data, rows_of
from salesloop.app.targets.sheet import Line, Sheet
from salesloop.engine.metrics import format_filter
from salesloop.engine.metrics.targets.cover import measure_of, passed_share
from salesloop.engine.model.calendar import Period
from salesloop.engine.model.periods import DateRange
from salesloop.engine.report.number import Number, to_decimal

DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Progress:
    """`attainment` = actual ÷ the month's target; `pace` = attainment ÷ elapsed share, for metrics that add up."""

    actual: Number
    attainment: Number
    pace: float | None


def running_month(sheet: Sheet) -> Period | None:
    """The month of the page's day, where it lies in the sheet's year."""
    month = sheet.page.calendar.period_of(sheet.page.as_of, "month")
    return month if sheet.year.start <= month.start <= sheet.year.end else None


def progress(sheet: Sheet) -> Mapping[str, Progress]:
    """By row key; empty where the metric has no data, the year is not the running one, or a draft is shown."""
    month = running_month(sheet)
    name = sheet.metric.metric
    if month is None or sheet.draft is not None or not has_data(sheet.page, name):
        return {}
    elapsed = month_elapsed(sheet, month)
    pace_by = elapsed if sheet.page.registry.sums_up(name) and elapsed > 0 else None
    days = DateRange(month.start, month.end, "month")
    return {key: _progress(row, name, pace_by) for key, row in by_row(sheet, days, compare=("target",))}


def month_elapsed(sheet: Sheet, month: Period) -> float:
    """The share of the running month that is over, by the days that take a share of a target in this company."""
    measure = measure_of(sheet.page.workspace.config.target_days)
    return passed_share(month.start, month.end, sheet.page.as_of, measure)


def by_row(sheet: Sheet, days: DateRange, compare: tuple[str, ...] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    """(row key, its numbers) of every row of the sheet in these days, in the base currency."""
    name = sheet.metric.metric
    possible = {dimension.dimension for dimension in sheet.page.registry.dimensions_of(name)}
    where = slice_of(sheet)
    for kind, by in questions(sheet, possible):
        for row in rows_of(ask(sheet.page, [name], by=by, days=days, where=where, compare=compare)):
            yield f"{kind}:{row[f'{kind}_id']}" if by else "company:", row
    if sheet.by:
        kind, key = sheet.place
        place = (format_filter(kind, [key]),) if key else ()
        for row in rows_of(ask(sheet.page, [name], by=[sheet.by], days=days, where=place, compare=compare)):
            spoken = (f"value:{text}" for text in (row.get(f"{sheet.by}_id"), row[sheet.by]))
            found = next((text for text in spoken if text in sheet.lines), None)
            if found is not None:
                yield found, row


def slice_of(sheet: Sheet) -> tuple[str, ...]:
    """The filter for the value of the further dimension that the sheet shows."""
    return (format_filter(sheet.along[0], [sheet.along[1]]),) if sheet.along else ()


def questions(sheet: Sheet, possible: set[str]) -> list[tuple[str, tuple[str, ...]]]:
    """What to ask so that every row of the sheet gets its value: (kind of row, dimensions)."""
    kinds = {line.node.kind for line in sheet.lines.values()}
    asked: list[tuple[str, tuple[str, ...]]] = [("company", ())] if "company" in kinds else []
    if "org_unit" in possible and "org_unit" in kinds:
        levels = {_level(line) for line in sheet.lines.values() if line.node.kind == "org_unit"}
        tops = {level + _hidden_above(sheet) for level in levels}
        asked += [("org_unit", (f"org_unit:{level}",)) for level in sorted(tops) if level <= DEEPEST]
    if "employee" in possible and "employee" in kinds:
        asked.append(("employee", ("employee",)))
    return asked


def _level(line: Line) -> int:
    return len(line.parents) + 1


def _hidden_above(sheet: Sheet) -> int:
    """How many levels of the tree lie above the topmost unit that the sheet knows."""
    tops = [line.node.id for line in sheet.lines.values() if line.node.kind == "org_unit" and not line.parents]
    if not tops:
        return 0
    names = ", ".join("'" + top.replace("'", "''") + "'" for top in tops)
    rows = sheet.page.snapshot.rows(f"SELECT min(depth) AS depth FROM org_unit_flat WHERE id IN ({names})")
    return (rows[0]["depth"] or 1) - 1


def _progress(row: Mapping[str, Any], name: str, elapsed: float | None) -> Progress:
    attainment = to_decimal(row[f"{name}_attainment"])
    pace = float(attainment) / elapsed if attainment is not None and elapsed else None
    return Progress(row[name], attainment, pace)
