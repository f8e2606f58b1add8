"""Metrics of rows: sums and counts, values for each subject, states on a day, amounts for a span of days."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from tests.metrics_suite.plainly.definitions import MEANING
from tests.metrics_suite.plainly.setting import Definition, Found, Key, Setting, aggregate, day_of, first_days, value_of
from tests.metrics_suite.plainly.world import Row

_KEYS = {"inventory_snapshot": ("product_id", "warehouse")}


def measure(rule: Definition, at: Setting) -> Found:
    rows: Iterable[Row] = at.seen(rule)
    if "first_by" in rule:
        first = first_days(rule, rule["first_by"], at)
        rows = [row for row in rows if first.get(row[rule["first_by"]]) == day_of(rule, row)]
    kind = rule["aggregate"]
    empty = 0 if kind in ("sum", "count", "count_distinct") else None
    groups = at.grouped(rule, rows)
    if "per" not in rule:
        return Found(
            {key: aggregate(kind, (value_of(rule, row) for row in rows)) for key, rows in groups.items()}, empty
        )
    subjects = {key: _subjects(rule, rows) for key, rows in groups.items()}
    return Found({key: aggregate(kind, values) for key, values in subjects.items() if values}, empty)


def _subjects(rule: Definition, rows: Iterable[Row]) -> list[Any]:
    """One value for each subject that reaches what it must."""
    per, by_subject = rule["per"], dict[Any, list[Any]]()
    for row in rows:
        if row[per["key"]] is not None:
            by_subject.setdefault(row[per["key"]], []).append(value_of(rule, row))
    values = [aggregate(per["aggregate"], those) for those in by_subject.values()]
    least = per.get("at_least")
    return values if least is None else [v for v in values if v is not None and v >= least]


def distribution(rule: Definition, at: Setting) -> Found:
    out: dict[Key, Any] = {}
    for key, rows in at.grouped(rule, at.seen(rule)).items():
        values = _subjects(rule, rows) if "per" in rule else [value_of(rule, row) for row in rows]
        known = sorted(value for value in values if value is not None)
        if known and "quantile" in rule:
            place = rule["quantile"] * (len(known) - 1)
            low, high = known[math.floor(place)], known[math.ceil(place)]
            out[key] = float(low) + (float(high) - float(low)) * (place - math.floor(place))
        for value in known if "buckets" in rule else ():
            there = [name for name, _ in at.by]
            bucket = str(sum(value >= bound for bound in rule["buckets"]))
            whole = list(key)
            if "bucket" in there:
                whole.insert(1 + there.index("bucket"), bucket)
            out[tuple(whole)] = out.get(tuple(whole), 0) + 1
    return Found(out, 0 if "buckets" in rule else None)


def stock(rule: Definition, at: Setting) -> Found:
    series: dict[Key, dict[Key, list[Row]]] = {}
    names = _KEYS[rule["entity"]]
    for key, rows in at.grouped(rule, at.seen(rule)).items():
        for row in rows:
            series.setdefault(key, {}).setdefault(tuple(row[name] for name in names), []).append(row)
    out = {}
    for key, each in series.items():
        if rule.get("over_time") == "average":
            states = [aggregate("average", (value_of(rule, row) for row in rows)) for rows in each.values()]
        else:
            states = [value_of(rule, max(rows, key=lambda row: row["snapshot_date"])) for rows in each.values()]
        out[key] = aggregate("sum", states)
    return Found(out)


def open_rows(rule: Definition, at: Setting) -> Found:
    groups: dict[Key, list[Row]] = {}
    still = MEANING[rule["open_filter"]]
    for row in at.seen(rule):
        opened, closed = row[rule["opened"]], row[rule["closed"]]
        for period, _, last in at.begun():
            if opened is not None and opened <= last and (still(row) if closed is None else closed > last):
                groups.setdefault(at.key(period, row), []).append(row)
    return Found({key: aggregate("sum", (value_of(rule, row) for row in rows)) for key, rows in groups.items()}, 0)


def spread(rule: Definition, at: Setting) -> Found:
    out: dict[Key, list[Any]] = {}
    for row in at.seen(rule):
        first, last, amount = row[rule["date"]], row[rule["until"]], value_of(rule, row)
        if first is None or last is None:
            continue
        for period, start, end in at.begun():
            days = (min(last, end) - max(first, start)).days + 1
            if days > 0:
                whole = Fraction(days, (last - first).days + 1)
                out.setdefault(at.key(period, row), []).append(None if amount is None else round(amount * whole, 4))
    return Found({key: aggregate("sum", values) for key, values in out.items()})
