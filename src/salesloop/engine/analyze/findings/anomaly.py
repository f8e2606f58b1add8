"""Slices that left their own season."""

from __future__ import annotations

from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.diagnose.explain import explain_deviation
from salesloop.engine.analyze.findings.build import Raised, outside_direction
from salesloop.engine.analyze.findings.rule import Rule
from salesloop.engine.analyze.predict.season import Expectation, expect
from salesloop.engine.analyze.series import Key, SliceSeries, latest_period, periods_until, slice_series

HISTORY = {"day": 400, "week": 160, "month": 37, "quarter": 16}
SAME_TROUBLE = 0.2
"""Two slices that miss the same amount, to this share, tell the same trouble."""
MADE_BY_PART = 0.6
"""The whole is not raised where one raised slice makes this share of its deviation."""


def raise_anomalies(asking: Asking, rule: Rule) -> list[Raised]:
    """The slices of `rule.watch` whose latest period lies outside the band of what was to be expected."""
    assert rule.metric is not None  # noqa: S101 - the rule's own validation
    last = latest_period(asking, rule.grain)
    if last.end > asking.today and not _comparable_unfinished(asking, rule.metric):
        last = asking.calendar.previous(last)
    periods = periods_until(asking, last, HISTORY[rule.grain])
    whole = slice_series(asking, rule.metric, (), rule.where, periods)
    raised: list[Raised] = []
    for by in rule.watch:
        series = slice_series(asking, rule.metric, by, rule.where, periods) if by else whole
        for key, expectation in _outside(asking, rule, series, whole):
            if not _already_told(raised, key, expectation):
                raised.append(Raised(rule, key, last, expectation.observed, expectation.expected, expectation.score))
    return [
        item.explained(
            explain_deviation(
                asking, rule.metric, item.filters(rule.where), rule.explain_by, last, item.observed - item.expected
            )
        )
        for item in raised
    ]


def _outside(asking: Asking, rule: Rule, series: SliceSeries, whole: SliceSeries) -> list[tuple[Key, Expectation]]:
    at = len(series.periods) - 1
    rate = asking.metric(rule.metric or "").format == "percent"
    total = expect(whole.levelled[0], whole.season, at) if len(whole.values) else None
    found = []
    for place, key in enumerate(series.keys):
        expectation = expect(series.levelled[place], series.season, at, width=rule.band)
        if expectation is None or not outside_direction(asking, rule, expectation.observed - expectation.expected):
            continue
        deviation = expectation.observed - expectation.expected if rate else expectation.deviation
        if abs(deviation) < rule.min_deviation or abs(expectation.score) < rule.band:
            continue
        if not rate and total is not None and abs(expectation.expected) < rule.min_share * abs(total.expected):
            continue
        found.append((key, expectation))
    return sorted(found, key=lambda item: -abs(item[1].observed - item[1].expected))


def _already_told(raised: list[Raised], key: Key, expectation: Expectation) -> bool:
    missing = expectation.observed - expectation.expected
    for other in raised:
        told = other.observed - other.expected
        if not key and told / missing >= MADE_BY_PART:
            return True
        if told * missing > 0 and abs(told - missing) <= SAME_TROUBLE * max(abs(told), abs(missing)):
            return True
    return False


def _comparable_unfinished(asking: Asking, metric: str) -> bool:
    """Sums are cut at the same elapsed part and rates need no cut; numbers of different customers and the like do."""
    parts = asking.parts(metric)
    return asking.adds_up(metric) if parts is None else all(asking.adds_up(part) for part in parts)
