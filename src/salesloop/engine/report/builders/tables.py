"""Tables of slices: a breakdown with changes and attainment, and the best beside the weakest."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from salesloop.engine.report.builders.brief import Brief
from salesloop.engine.report.builders.headline import share_of
from salesloop.engine.report.builders.slices import adds_up, sliced
from salesloop.engine.report.definition import Breakdown, Ranking
from salesloop.engine.report.document import Columns
from salesloop.engine.report.number import to_decimal
from salesloop.engine.report.periods import season_name
from salesloop.engine.report.table import Cell, Column, Table

_FEWEST_TO_RANK = 4


def breakdown(brief: Brief, part: Breakdown) -> Table | None:
    """Slices with value and changes; where targets are set for them, also how far the season is."""
    metric = part.metric
    if not (brief.usable([metric]) and brief.can_slice(metric, part.by)):
        return None
    level, rows = sliced(brief, metric, part.by, compare=("previous", "year"))
    if not rows:
        return None
    shown, rest = rows[: part.limit], rows[part.limit :]
    goals = _goals(brief, metric, part.by, level)
    columns = [Column(brief.dimension_label(part.by)), brief.value_column(metric)]
    columns += [brief.change_column(metric, "previous_short"), brief.change_column(metric, "year_short")]
    season = season_name(brief.season, brief.calendar, brief.lang)
    if goals:
        columns.append(Column(brief.say("season_progress", season=season), "progress", "percent"))
        columns.append(brief.value_column(metric, brief.say("season_target", season=season)))
    body = [
        _row(
            brief.slice_name(row, part.by),
            row,
            metric,
            goals.get(row[f"{part.by}_id"]) if goals else None,
            with_goals=bool(goals),
        )
        for row in shown
    ]
    if rest and adds_up(brief, metric):
        others = sum((to_decimal(row[metric]) or Decimal(0) for row in rest), Decimal(0))
        body.append((brief.say("others", count=len(rest)), others, None, None, *((None, None) if goals else ())))
    (total,) = brief.ask([metric], brief.period.start, brief.period.end, compare=("previous", "year"))
    goal = _total_goal(brief, metric) if goals else None
    body.append(_row(brief.say("total"), total, metric, goal, with_goals=bool(goals)))
    pace = brief.calendar.elapsed_share(brief.season, brief.as_of) if goals else None
    title = brief.say("by_title", metric=brief.label(metric), dimension=brief.dimension_label(part.by))
    note = brief.say("progress_note", season=season) if goals else ""
    return Table(title, tuple(columns), tuple(body), note, pace, frozenset({len(body) - 1}))


_Goal = tuple[float | None, Any]
"""(attainment, target)."""


def _row(name: str, row: dict[str, Any], metric: str, goal: _Goal | None, *, with_goals: bool) -> tuple[Cell, ...]:
    cells = (name, row[metric], row[f"{metric}_previous_change"], row[f"{metric}_year_change"])
    return (*cells, *(goal or (None, None))) if with_goals else cells


def _goals(brief: Brief, metric: str, dimension: str, level: str) -> dict[Any, _Goal]:
    """By slice id; empty where no slice has a target (targets of rates do not add over time and are not shown here)."""
    if not brief.registry.sums_up(metric):
        return {}
    season = brief.season
    whole = brief.ask([metric], season.start, season.end, by=level, compare=("target",))
    actual = brief.ask([metric], season.start, brief.as_of, by=level)
    reached = {row[f"{dimension}_id"]: row[metric] for row in actual}
    targets = {row[f"{dimension}_id"]: row[f"{metric}_target"] for row in whole}
    if not any(targets.values()):
        return {}
    return {key: (share_of(reached.get(key), target), target) for key, target in targets.items()}


def _total_goal(brief: Brief, metric: str) -> _Goal:
    (whole,) = brief.ask([metric], brief.season.start, brief.season.end, compare=("target",))
    (actual,) = brief.ask([metric], brief.season.start, brief.as_of)
    target = whole[f"{metric}_target"]
    return share_of(actual[metric], target), target


def ranking(brief: Brief, part: Ranking) -> Columns | Table | None:
    """The best and the weakest side by side; one table where there are too few for two; nothing for a single one."""
    metric = part.metric
    if not (brief.usable([metric]) and brief.can_slice(metric, part.by)):
        return None
    _, rows = sliced(brief, metric, part.by, compare=("previous",))
    ranked = [(place, row) for place, row in enumerate(rows, 1) if row[metric] is not None and row[part.by] is not None]
    if len(ranked) < _FEWEST_TO_RANK:
        return None
    words = {"metric": brief.label(metric), "dimension": brief.dimension_label(part.by)}
    if len(ranked) <= part.top + part.bottom:
        return _ranked(brief, part, brief.say("ranking_title", **words), ranked)
    best = _ranked(brief, part, brief.say("best_title", count=part.top, **words), ranked[: part.top])
    weakest = _ranked(brief, part, brief.say("weakest_title", count=part.bottom, **words), ranked[-part.bottom :])
    return Columns((best, weakest))


def _ranked(brief: Brief, part: Ranking, title: str, rows: list[tuple[int, dict[str, Any]]]) -> Table:
    columns = (
        Column(brief.say("place"), "text"),
        Column(brief.dimension_label(part.by)),
        brief.value_column(part.metric),
        brief.change_column(part.metric, "previous_short"),
    )
    body = tuple(
        (str(place), brief.slice_name(row, part.by), row[part.metric], row[f"{part.metric}_previous_change"])
        for place, row in rows
    )
    return Table(title, columns, body)
