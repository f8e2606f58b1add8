"""Findings against a stated limit: thresholds, changes and the pace to target."""

from __future__ import annotations

import math
from typing import Any

from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.diagnose.contribution import Member
from salesloop.engine.analyze.diagnose.explain import explain_deviation
from salesloop.engine.analyze.findings.build import Raised, outside_direction
from salesloop.engine.analyze.findings.rule import Rule
from salesloop.engine.analyze.series import latest_period
from salesloop.engine.metrics.query import Query
from salesloop.engine.model.calendar import Period

Z_99 = 2.5758293035489004


def raise_thresholds(asking: Asking, rule: Rule) -> list[Raised]:
    """Slices whose value in the latest period is on the wrong side of `rule.limit`."""
    assert rule.metric is not None and rule.limit is not None  # noqa: S101, PT018 - the rule's own validation
    period = latest_period(asking, rule.grain)
    raised = []
    for by in rule.watch:
        for key, row in _slices(asking, rule, by, period):
            value = row.get(rule.metric)
            if (
                value is not None
                and outside_direction(asking, rule, float(value) - rule.limit)
                and float(value) != rule.limit
            ):
                raised.append(Raised(rule, key, period, float(value), rule.limit))
    return [_explained(asking, item) for item in _parts_before_whole(raised)]


def raise_changes(asking: Asking, rule: Rule) -> list[Raised]:
    """Slices that changed by more than `rule.limit` against the compared period (a difference for rates, a share otherwise)."""
    assert rule.metric is not None and rule.limit is not None  # noqa: S101, PT018 - the rule's own validation
    period = latest_period(asking, rule.grain)
    rate = asking.metric(rule.metric).format == "percent"
    parts = _counted_parts(asking, rule.metric)
    raised = []
    for by in rule.watch:
        for key, row in _slices(asking, rule, by, period, compare=rule.compare, more=parts or ()):
            now, base = row.get(rule.metric), row.get(f"{rule.metric}_{rule.compare}")
            if now is None or base is None or (not rate and not base):
                continue
            difference = float(now) - float(base)
            change = difference if rate else difference / abs(float(base))
            if (
                abs(change) > rule.limit
                and outside_direction(asking, rule, difference)
                and _beyond_chance(parts, row, rule.compare)
            ):
                raised.append(Raised(rule, key, period, float(now), float(base)))
    return [_explained(asking, item) for item in _parts_before_whole(raised)]


def raise_target_pace(asking: Asking, rule: Rule) -> list[Raised]:
    """Slices whose attainment in the running period, divided by the share of it that has passed, is below `rule.limit`.

    `expected` is the part of the target that should have been reached by today (targets of months are split by days).
    Periods younger than a third are not judged.
    """
    assert rule.metric is not None and rule.limit is not None  # noqa: S101, PT018 - the rule's own validation
    period = latest_period(asking, rule.grain)
    raised = []
    for by in rule.watch:
        for key, row in _slices(asking, rule, by, period, compare="target"):
            actual, target = row.get(rule.metric), row.get(f"{rule.metric}_target")
            if not target:
                continue
            due = float(target)
            if float(actual or 0) < rule.limit * due:
                raised.append(Raised(rule, key, period, float(actual or 0), due))
    return [_explained(asking, item) for item in _parts_before_whole(raised)]


def _counted_parts(asking: Asking, metric: str) -> tuple[str, str] | None:
    """Numerator and denominator of a share of counted things; None for other metrics."""
    parts = asking.parts(metric)
    counted = parts is not None and all(
        getattr(asking.metric(part), "aggregate", "") in ("count", "count_distinct") for part in parts
    )
    return parts if counted else None


def _beyond_chance(parts: tuple[str, str] | None, row: dict[str, Any], compare: str) -> bool:
    """Whether two shares differ by more than small numbers explain: the pooled two-proportion z test at 1 %.

    Of six deals two more or less are lost by chance; nobody should be called to account for that.
    """
    if parts is None:
        return True
    won, all_, won_before, all_before = (
        float(row.get(name) or 0) for name in (*parts, *(f"{part}_{compare}" for part in parts))
    )
    if not all_ or not all_before:
        return False
    pooled = (won + won_before) / (all_ + all_before)
    error = math.sqrt(pooled * (1 - pooled) * (1 / all_ + 1 / all_before))
    return error > 0 and abs(won / all_ - won_before / all_before) > Z_99 * error


def _slices(
    asking: Asking,
    rule: Rule,
    by: tuple[str, ...],
    period: Period,
    compare: str | None = None,
    more: tuple[str, ...] = (),
) -> list[tuple[tuple[Member, ...], dict[str, Any]]]:
    table = asking.table(
        Query(
            metrics=(rule.metric or "", *more),
            by=by,
            start=period.start,
            end=min(period.end, asking.today),
            where=rule.where,
            compare=(compare,) if compare else (),
        )
    )
    names = [(dimension, dimension.split(":")[0]) for dimension in by]
    return [
        (tuple(Member(dimension, row.get(f"{name}_id", row[name]), row[name]) for dimension, name in names), row)
        for row in table.to_pylist()
        if all(row[name] is not None for _, name in names)
    ]


def _parts_before_whole(raised: list[Raised]) -> list[Raised]:
    """The whole is not raised where parts of it already are."""
    parts = [item for item in raised if item.key]
    return parts or raised


def _explained(asking: Asking, item: Raised) -> Raised:
    rule = item.rule
    return item.explained(
        explain_deviation(
            asking,
            rule.metric or "",
            item.filters(rule.where),
            rule.explain_by,
            item.period,
            item.observed - item.expected,
        )
    )
