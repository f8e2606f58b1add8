"""Split the periods of a parent over its parts, so that both the periods and the years of the parts come out exactly.

The ideal table has the margins that are asked for and leaves fixed cells alone: iterative proportional fitting (Deming and
Stephan, Ann. Math. Stat. 11, 1940). It is then rounded period by period, each part's rounding error being carried into its next
period, so that no part drifts away from its year.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from salesloop.engine.analyze.planning.split import CENT, Part, apportion, split
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.engine.analyze.planning")
_ZERO = Decimal(0)
_ROUNDS = 200
_CLOSE = 1e-9

Table = tuple[tuple[Decimal, ...], ...]
"""One row a part, one column a period."""


def split_table(
    periods: Sequence[Decimal],
    parts: Sequence[Part],
    fixed: Sequence[Sequence[Decimal | None]],
    step: Decimal = CENT,
) -> Table:
    """The amounts of `periods` over `parts`: every column adds up to its period, to the cent.

    `Part.fixed`, `low` and `high` are of the part's whole year; `fixed[i][j]` is a locked cell, which stays. Rows reach the
    year that `split` gives the part to within a step. UserError where what is locked is more than a period holds.
    """
    for column, amount in enumerate(periods):
        locked = sum((row[column] or _ZERO for row in fixed), _ZERO)
        full = all(row[column] is not None for row in fixed)
        if locked > amount or (full and locked != amount):
            key = "nothing_left_open" if full else "locked_above_total"
            raise UserError(_MESSAGES.message(key, locked=f"{locked:,}", total=f"{amount:,}"))
    years = split(sum(periods, _ZERO), [_at_least(part, row) for part, row in zip(parts, fixed, strict=True)], step)
    ideal = _fitted(periods, years, fixed)
    rows = [[cell if cell is not None else _ZERO for cell in row] for row in fixed]
    due, given = [_ZERO] * len(parts), [_ZERO] * len(parts)
    for column, amount in enumerate(periods):
        free = [place for place, row in enumerate(fixed) if row[column] is None]
        if not free:
            continue
        rest = amount - sum((fixed[place][column] or _ZERO for place in range(len(parts))), _ZERO)
        for place in free:
            due[place] += ideal[place][column]
        wanted = [max(due[place] - given[place], _ZERO) for place in free]
        if not any(wanted):
            wanted = [ideal[place][column] for place in free]
        for place, share in zip(free, apportion(rest, wanted, step), strict=True):
            rows[place][column] = share
            given[place] += share
    return tuple(tuple(row) for row in rows)


def _at_least(part: Part, cells: Sequence[Decimal | None]) -> Part:
    """A part gets no less than its locked cells, and no more where all of them are."""
    locked = sum((cell or _ZERO for cell in cells), _ZERO)
    if part.fixed is None and cells and all(cell is not None for cell in cells):
        return Part(part.weight, fixed=locked)
    return Part(part.weight, part.fixed, max(part.low or _ZERO, locked), part.high)


def _fitted(
    periods: Sequence[Decimal], years: Sequence[Decimal], fixed: Sequence[Sequence[Decimal | None]]
) -> list[list[Decimal]]:
    free = np.array([[cell is None for cell in row] for row in fixed], dtype=float).reshape(len(years), len(periods))
    locked = np.array([[float(cell or 0) for cell in row] for row in fixed]).reshape(free.shape)
    columns = np.array([float(amount) for amount in periods]) - locked.sum(axis=0)
    rows = np.array([float(amount) for amount in years]) - locked.sum(axis=1)
    table = free * np.outer(np.maximum(rows, 0), np.maximum(columns, 0))
    whole = columns.sum() or 1.0
    table /= whole
    for _ in range(_ROUNDS):
        table *= _factor(columns, table.sum(axis=0))[None, :]
        table *= _factor(rows, table.sum(axis=1))[:, None]
        if np.abs(table.sum(axis=0) - columns).max(initial=0) <= _CLOSE * max(whole, 1.0):
            break
    return [[Decimal(repr(float(cell))) for cell in row] for row in table]


def _factor(wanted: np.ndarray, there: np.ndarray) -> np.ndarray:
    return np.divide(wanted, there, out=np.zeros_like(wanted), where=there > 0)
