"""Metrics of what subjects do over time: going on through stages, coming back, leaving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from tests.metrics_suite.plainly.days import DAY
from tests.metrics_suite.plainly.definitions import over
from tests.metrics_suite.plainly.setting import (
    DAYS,
    Definition,
    Found,
    Key,
    Setting,
    as_day,
    condition,
    day_of,
    first_days,
)
from tests.metrics_suite.plainly.world import Row


def quotients(of: Mapping[Key, tuple[int, int]]) -> Found:
    return Found({key: over(Fraction(above), Fraction(below)) for key, (above, below) in of.items()})


def conversion(rule: Definition, at: Setting) -> dict[Key, tuple[int, int]]:
    """(went on, entered)."""
    stages = rule.get("then") or [{"filter": rule["to"]}]
    if not all(at.world.rows[stage.get("entity", rule["entity"])] for stage in stages):
        return {}  # what was never delivered at all is unknown, not zero
    out = {}
    for key, rows in at.grouped(rule, at.seen(rule)).items():
        out[key] = sum(_goes_on(rule, stages, row, at) for row in rows), len(rows)
    return out


def _goes_on(rule: Definition, stages: Iterable[Definition], row: Row, at: Setting) -> bool:
    subject, begun = row[rule["subject"]], row[rule.get("date") or DAYS[rule["entity"]]]
    if subject is None:
        return False
    moment, before = begun, rule["entity"]
    for stage in stages:
        entity = stage.get("entity", rule["entity"])
        date = stage.get("date") or (DAYS[entity] if "entity" in stage else rule.get("date") or DAYS[entity])
        later = [
            one[date]
            for one in at.world.all(entity, condition(stage))
            if one[rule["subject"]] == subject
            and one[date] is not None
            and _after(before, moment, entity, one[date])
            and ("within_days" not in rule or (_ordinal(one[date]) - _ordinal(begun)) <= rule["within_days"])
        ]
        if not later:
            return False
        moment, before = min(later), entity
    return True


def _ordinal(moment: Any) -> int:
    day = as_day(moment)
    assert day is not None
    return day.toordinal()


def _after(before: str, moment: Any, entity: str, other: Any) -> bool:
    """Strictly later within one entity; where of different ones only a day is known of one, the same day will do."""
    exact = isinstance(moment, dt.datetime) and isinstance(other, dt.datetime)
    if before == entity or exact:
        return bool(other > moment)
    return _ordinal(other) >= _ordinal(moment)


def cohort(rule: Definition, at: Setting) -> dict[Key, tuple[int, int]]:
    """(came back, first seen)."""
    subject = rule["subject"]
    first = first_days(rule, subject, at)
    out: dict[Key, tuple[set[Any], set[Any]]] = {}
    for key, rows in at.grouped(rule, at.seen(rule)).items():
        for row in rows:
            who, day = row[subject], day_of(rule, row)
            if who is None or first[who] != day or (at.asked.today - first[who]).days < rule["within_days"]:
                continue
            back, seen = out.setdefault(key, (set(), set()))
            seen.add(who)
            for other in at.world.all(rule["entity"], condition(rule)):
                then = day_of(rule, other)
                if (
                    other[subject] == who
                    and then
                    and rule["after_days"] <= (then - first[who]).days <= rule["within_days"]
                ):
                    back.add(who)
    return {key: (len(back), len(seen)) for key, (back, seen) in out.items()}


def churn(rule: Definition, at: Setting) -> Found:
    subject, groups = rule["subject"], dict[Key, tuple[set[Any], set[Any]]]()
    everybody = list(at.world.all(rule["entity"], condition(rule)))
    for period, start, last in at.begun():
        remaining = {row[subject] for row in everybody if _active(rule, row, last)}
        for row in at.seen(rule):
            if row[subject] is not None and _active(rule, row, start - DAY):
                lost, before = groups.setdefault(at.key(period, row), (set(), set()))
                before.add(row[subject])
                if row[subject] not in remaining:
                    lost.add(row[subject])
    match rule.get("value", "rate"):
        case "rate":
            return quotients({key: (len(lost), len(before)) for key, (lost, before) in groups.items()})
        case "lost":
            return Found({key: len(lost) for key, (lost, _) in groups.items()}, 0)
    return Found({key: len(before) for key, (_, before) in groups.items()}, 0)


def _active(rule: Definition, row: Row, on: dt.date) -> bool:
    day = day_of(rule, row)
    if day is None or day > on:
        return False
    if "until" in rule:
        return row[rule["until"]] is None or row[rule["until"]] > on
    return bool((on - day).days < rule["within_days"])
