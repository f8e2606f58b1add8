"""The targets of one place by the values of a further dimension: a row for each product line, region or channel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from salesloop.engine.metrics.registry import Registry
from salesloop.engine.metrics.targets.source import TargetSource, target_source
from salesloop.engine.metrics.targets.tree import Grid, TargetCell, TargetNode
from salesloop.engine.metrics.warehouse import Warehouse
from salesloop.engine.model.calendar import Grain, Period
from salesloop.engine.model.scope import Scope

Place = tuple[Literal["company", "org_unit", "employee"], str]


def value_rows(
    data: Warehouse,
    registry: Registry,
    metric: str,
    grain: Grain,
    start: dt.date,
    end: dt.date,
    scope: Scope,
    place: Place,
    dimension: str,
    values: Sequence[tuple[str, str]],
) -> tuple[tuple[Period, ...], tuple[TargetNode, ...]]:
    """The place (kind, id) itself, then a node for each value (id, name) of the dimension, and for each that only a target
    names. The node of the place has as `below` the sum of its values. `TargetNode.id` of a value is how targets write it.
    """
    known = target_source(data, registry)
    sums_up = registry.sums_up(metric)
    periods = data.config.calendar_of_company.periods(start, end, grain)
    rows = []
    for text, name in _texts(known, metric, dimension, values):
        grid = Grid(known, sums_up, known.book.layer(metric, dimension, text), periods, scope)
        cells = tuple(_at(grid, place, period) for period in periods)
        rows.append(TargetNode("value", text, name, "", 1, cells))
    whole = Grid(known, sums_up, known.book.layer(metric), periods, scope)
    cells = tuple(_summed(whole, place, period, rows, at, sums_up=sums_up) for at, period in enumerate(periods))
    name = (known.unit_names if place[0] == "org_unit" else known.person_names).get(place[1]) or place[1]
    return periods, (TargetNode(place[0], place[1], name, "", 0, cells), *rows)


def _texts(
    known: TargetSource, metric: str, dimension: str, values: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """(how targets write it, name) of every value, the given ones first."""
    members = known.members.get(dimension)
    spoken = {text: members.spoken.get(text, ()) for text in known.book.values(metric, dimension)} if members else {}
    found = []
    for key, name in values:
        text = next((text for text, ids in spoken.items() if key in ids or text == key), key)
        spoken.pop(text, None)
        found.append((text, name))
    return found + [(text, text) for text in sorted(spoken)]


def _at(grid: Grid, place: Place, period: Period) -> TargetCell:
    kind, key = place
    if kind == "company":
        return grid.company(period)
    return grid.unit(key, period) if kind == "org_unit" else grid.person(key, period)


def _summed(whole: Grid, place: Place, period: Period, rows: list[TargetNode], at: int, *, sums_up: bool) -> TargetCell:
    """The place's own cell; where it states nothing, the sum of its values holds."""
    cell = _at(whole, place, period)
    known = [row.cells[at].target for row in rows]
    below = sum((one for one in known if one is not None), Decimal(0)) if any(o is not None for o in known) else None
    if not sums_up:
        below = None
    holds = cell.target if cell.target is not None else below
    return TargetCell(cell.stated, below, holds, cell.exact, cell.foreign, cell.whole)
