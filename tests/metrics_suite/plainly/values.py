"""The values of a metric in each slice, by its type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from tests.metrics_suite.plainly.days import DAY, Span, period_of
from tests.metrics_suite.plainly.definitions import BY_NAME, FORMULAS, over
from tests.metrics_suite.plainly.rows import distribution, measure, open_rows, spread, stock
from tests.metrics_suite.plainly.setting import Definition, Found, Key, Setting, Windows
from tests.metrics_suite.plainly.subjects import churn, cohort, conversion, quotients


def found(metric: str, at: Setting) -> Found:
    """The values of a metric."""
    definition = BY_NAME[metric]
    match definition["type"]:
        case "measure":
            return measure(definition, at)
        case "distribution":
            return distribution(definition, at)
        case "snapshot":
            return open_rows(definition, at) if "opened" in definition else stock(definition, at)
        case "conversion":
            return quotients(conversion(definition, at))
        case "cohort":
            return quotients(cohort(definition, at))
        case "churn":
            return churn(definition, at)
        case "spread":
            return spread(definition, at)
        case "ratio":
            above, below = found(definition["numerator"], at), found(definition["denominator"], at)
            return _composed(lambda m: over(m["above"], m["below"]), {"above": above, "below": below}, at)
        case "derived":
            names = [
                name for name in BY_NAME if name in definition["expression"].replace("(", "").replace(")", "").split()
            ]
            return _composed(FORMULAS[definition["expression"]], {name: found(name, at) for name in names}, at)
        case "cumulative":
            return found(definition["measure"], replace(at, windows=_accumulated(definition, at)))
        case "share":
            return _share(definition, at)
        case "rank":
            return found(definition["of"], at)
    raise AssertionError(definition["type"])


def parts(metric: str, at: Setting) -> tuple[Found, Found]:
    """What stands above and below the line of a rate."""
    definition = BY_NAME[metric]
    if definition["type"] == "ratio":
        return found(definition["numerator"], at), found(definition["denominator"], at)
    both = conversion(definition, at)
    return Found({k: a for k, (a, _) in both.items()}, 0), Found({k: b for k, (_, b) in both.items()}, 0)


def _composed(formula: Callable[[Mapping[str, Any]], Any], of: Mapping[str, Found], at: Setting) -> Found:
    keys = {key for one in of.values() for key in one.values}

    def value(key: Key) -> Any:
        start, end = at.windows[key[0]]
        passed = max((min(end, at.asked.today) - start).days + 1, 0)
        return formula({name: one.of(key) for name, one in of.items()} | {"elapsed_days": Fraction(passed)})

    return Found({key: value(key) for key in keys}, elsewhere=value)


def _accumulated(rule: Definition, at: Setting) -> Windows:
    out: dict[dt.date | None, Span] = {}
    for period, (start, end) in at.windows.items():
        if start > end:
            out[period] = (start, end)
            continue
        last = min(end, at.asked.today) if start <= at.asked.today else end
        first = (
            last - (rule["days"] - 1) * DAY
            if "days" in rule
            else period_of(at.asked.company, last, rule["to_date"]).start
        )
        out[period] = (first, last)
    return out


def _share(rule: Definition, at: Setting) -> Found:
    of, wider = found(rule["of"], at), at.without(rule.get("over", ()))
    whole = found(rule["of"], wider)
    places = [0, *(n for n, one in enumerate(at.by, 1) if one in wider.by)]

    def value(key: Key) -> Any:
        there = tuple(key[place] for place in places)
        return over(of.of(key), whole.values.get(there)) if there in whole.values else None

    return Found({key: value(key) for key in of.values}, elsewhere=value)
