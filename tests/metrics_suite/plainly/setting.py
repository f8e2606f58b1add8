"""Where a value is worked out, and what is common to all types of metrics."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from statistics import median
from typing import Any

from tests.metrics_suite.plainly.days import Span
from tests.metrics_suite.plainly.definitions import MEANING
from tests.metrics_suite.plainly.world import Asked, Keep, Row, World, group

Key = tuple[Any, ...]
Windows = Mapping[dt.date | None, Span]
Definition = Mapping[str, Any]
_MONEY = ("order_line", "return_line", "opportunity", "contract")
DAYS = {
    "order_line": "order_date",
    "return_line": "return_date",
    "opportunity": "created_date",
    "activity": "event_time",
    "contract": "sign_date",
    "inventory_snapshot": "snapshot_date",
}


@dataclass
class Found:
    """Values by key (period, slices …) of those groups in which something counts, and the value of all others."""

    values: dict[Key, Any] = field(default_factory=dict)
    empty: Any = None
    elsewhere: Callable[[Key], Any] | None = None

    def of(self, key: Key) -> Any:
        found = self.values.get(key)
        if found is not None:
            return found
        return self.empty if self.elsewhere is None else self.elsewhere(key)


@dataclass(frozen=True)
class Setting:
    """Where a value is worked out: the world, the question, its filters as they hold here, the days of each period."""

    world: World
    asked: Asked
    by: tuple[tuple[str, int | None], ...]
    keep: tuple[Keep, ...]
    windows: Windows

    def without(self, dimensions: Iterable[str]) -> Setting:
        """The same without these slices and filters; with none named, without any."""
        left = set(dimensions) or {name for name, _ in self.by} | {one.dimension for one in self.keep}
        return replace(
            self,
            by=tuple(one for one in self.by if one[0] not in left),
            keep=tuple(one for one in self.keep if one.dimension not in left),
        )

    def key(self, period: dt.date | None, row: Row) -> Key:
        return (period, *(group(row, name, level) for name, level in self.by if name != "bucket"))

    def seen(self, definition: Definition) -> list[dict[str, Any]]:
        return list(self.world.seen(definition["entity"], condition(definition), self.asked, self.keep))

    def begun(self) -> Iterator[tuple[dt.date | None, dt.date, dt.date]]:
        """Each period that has begun, with its first and its last day that has come."""
        for period, (start, end) in self.windows.items():
            if start <= min(end, self.asked.today):
                yield period, start, min(end, self.asked.today)

    def grouped(self, definition: Definition, rows: Iterable[Row]) -> dict[Key, list[Row]]:
        """Rows by key, where their day is in the windows."""
        out: dict[Key, list[Row]] = {}
        for row in rows:
            day = day_of(definition, row)
            for period, (start, end) in self.windows.items():
                if day is not None and start <= day <= end:
                    out.setdefault(self.key(period, row), []).append(row)
        return out


def day_of(definition: Definition, row: Row) -> dt.date | None:
    return as_day(row[definition.get("date") or DAYS[definition["entity"]]])


def as_day(moment: Any) -> dt.date | None:
    return moment.date() if isinstance(moment, dt.datetime) else moment


def condition(definition: Definition) -> Callable[[Row], bool] | None:
    return MEANING[definition["filter"]] if "filter" in definition else None


def value_of(definition: Definition, row: Row) -> Any:
    if "expression" not in definition:
        return 1
    value = MEANING[definition["expression"]](row)
    if definition.get("unit") != "currency" or definition["entity"] not in _MONEY or value is None:
        return value
    return None if row["fx_rate"] is None else value * row["fx_rate"]


def aggregate(kind: str, values: Iterable[Any]) -> Any:
    """What a number of values make together; unknown ones are left out."""
    known = [value for value in values if value is not None]
    if kind == "count":
        return len(known)
    if kind == "count_distinct":
        return len(set(known))
    if not known:
        return None
    match kind:
        case "sum":
            return sum(known)
        case "average":
            return sum(known) / Fraction(len(known))
        case "median":
            return median(known)
        case "minimum":
            return min(known)
    return max(known)


def first_days(rule: Definition, subject: str, at: Setting) -> dict[Any, dt.date]:
    out: dict[Any, dt.date] = {}
    for row in at.world.all(rule["entity"], condition(rule)):
        day = day_of(rule, row)
        if row[subject] is not None and day is not None:
            out[row[subject]] = min(out.get(row[subject], day), day)
    return out
