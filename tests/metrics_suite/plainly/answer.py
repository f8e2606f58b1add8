"""The whole answer to a question: every row with its values, what they are compared with, changes, shares, targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from tests.metrics_suite.plainly.days import windows
from tests.metrics_suite.plainly.definitions import ADD_UP, BY_NAME, RATES, minus, over
from tests.metrics_suite.plainly.setting import DAYS, Found, Key, Setting
from tests.metrics_suite.plainly.targets import Targets
from tests.metrics_suite.plainly.values import found, parts
from tests.metrics_suite.plainly.world import Asked, World

EARLIER = ("previous", "year", "festival")
Row = dict[str, Any]


def variants(asked: Asked) -> dict[str, str]:
    """Name in the columns → what it is compared with."""
    return {name if name in EARLIER else "custom": name for name in asked.compare if name in EARLIER or ".." in name}


def answer(world: World, asked: Asked) -> dict[Key, Row]:
    """Every row by its key (period, slices …). A row is there if something counts in it, now or earlier, or a target."""
    whole = _Answer(world, asked)
    return {key: dict(whole.columns(key)) for key in whole.keys}


class _Answer:
    def __init__(self, world: World, asked: Asked) -> None:
        self.world, self.asked = world, asked
        against: dict[str, str | None] = {"now": None} | variants(asked)
        self.settings = {
            name: Setting(
                world, asked, asked.by, asked.keep, windows(asked.company, asked.grain, asked.span, what, asked.today)
            )
            for name, what in against.items()
        }
        self.targets = {}
        if "target" in asked.compare or any(BY_NAME[name]["type"] == "target" for name in asked.metrics):
            self.targets = self._targets()
        self.found = {
            (metric, name): self._found(metric, at) for metric in asked.metrics for name, at in self.settings.items()
        }
        self.keys = self._keys()

    # -- rows --------------------------------------------------------------------------------------------------------

    def _keys(self) -> list[Key]:
        if self.asked.grain is None and not self.asked.by:
            return [(None,)]
        keys = {key for one in self.found.values() for key in one.values}
        if "target" in self.asked.compare and "r_sold" in self.asked.metrics:
            keys |= {key for key, (target, _) in self.targets.items() if target is not None}
        return list(keys)

    def _found(self, metric: str, at: Setting) -> Found:
        definition = BY_NAME[metric]
        if definition["type"] != "target":
            return found(metric, at) if self._first(metric) is not None else Found()
        place = 1 if definition["value"] == "pace" else 0
        now = at is self.settings["now"]
        spoken = self.targets if now else self._targets(at)
        if definition["value"] == "target":
            return Found({key: both[0] for key, both in spoken.items() if both[0] is not None})
        actual = found(definition["of"], at)
        keys = {*actual.values, *(key for key, both in spoken.items() if both[0] is not None)}
        return Found({key: over(actual.of(key), spoken.get(key, (None, None))[place]) for key in keys})

    def _targets(self, at: Setting | None = None) -> dict[Key, tuple[Fraction | None, Fraction | None]]:
        """(target, target so far) by key: of the organisation only; where another slice or filter is asked, nothing."""
        asked, at = self.asked, at or self.settings["now"]
        further = {*asked.slices, *(one.dimension for one in asked.keep)} - {"org_unit", "employee"}
        if further:
            return {}
        said = Targets(self.world.rows["target"], asked.company, asked)
        level = next((level or 2 for name, level in asked.by if name == "org_unit"), 2)
        out = {}
        for slices in said.groups(asked.slices, level):
            for period, (start, end) in at.windows.items():
                key = (period, *(slices[name] for name in asked.slices))
                out[key] = said.of(slices, level, (start, end)), said.of(slices, level, (start, min(end, asked.today)))
        return out

    # -- values --------------------------------------------------------------------------------------------------------

    def _first(self, metric: str) -> dt.date | None:
        """The first day with data: before it nothing is known."""
        days = []
        for base in _bases(metric):
            entity = base["entity"]
            for name in {DAYS[entity], base.get("opened") or base.get("date") or DAYS[entity]}:
                days += [row[name] for row in self.world.rows[entity] if row[name] is not None]
        return min((day.date() if isinstance(day, dt.datetime) else day for day in days), default=None)

    def value(self, metric: str, variant: str, key: Key) -> Any:
        if BY_NAME[metric]["type"] == "rank":
            return self._place(metric, variant, key)
        return self._plain(metric, variant, key)

    def _plain(self, metric: str, variant: str, key: Key) -> Any:
        first, end = self._first(metric), self.settings[variant].windows[key[0]][1]
        if BY_NAME[metric]["type"] != "target" and (first is None or end < first):
            return None
        return self.found[metric, variant].of(key)

    def _place(self, metric: str, variant: str, key: Key) -> int | None:
        value, rule, asked = self._plain(metric, variant, key), BY_NAME[metric], self.asked
        if value is None or not asked.by:
            return None
        same = [0, *(n for n, name in enumerate(asked.slices, 1) if name in rule.get("within", ()))]
        others = [self._plain(metric, variant, k) for k in self.keys if [k[n] for n in same] == [key[n] for n in same]]
        better: Callable[[Any], bool] = (
            (lambda v: v > value) if rule.get("order") != "rising" else (lambda v: v < value)
        )
        return 1 + sum(better(other) for other in others if other is not None)

    def _among(self, key: Key) -> list[Key]:
        """The rows of the same period."""
        return [other for other in self.keys if other[0] == key[0]]

    def columns(self, key: Key) -> Iterator[tuple[str, Any]]:
        for metric in self.asked.metrics:
            now = self.value(metric, "now", key)
            yield metric, now
            relative = BY_NAME[metric].get("format") != "percent" and BY_NAME[metric]["type"] != "rank"
            for name in variants(self.asked):
                before = self.value(metric, name, key)
                change = minus(now, before)
                yield f"{metric}_{name}", before
                yield (
                    f"{metric}_{name}_change",
                    over(change, abs(before)) if relative and before is not None else change,
                )
                if "contribution" in self.asked.compare:
                    for ending, value in self._contribution(metric, name, key, now, before).items():
                        yield f"{metric}_{name}_contribution{ending}", value
            if "share" in self.asked.compare:
                yield f"{metric}_share", self._share(metric, key, now)
            if "target" in self.asked.compare:
                target = self.targets.get(key, (None, None))[0] if metric == "r_sold" else None
                yield f"{metric}_target", target
                yield f"{metric}_attainment", over(now, target)

    def _share(self, metric: str, key: Key, now: Any) -> Any:
        if metric in ADD_UP:
            known = [v for v in (self.value(metric, "now", other) for other in self._among(key)) if v is not None]
            return over(now, sum(known)) if known else None
        at = self.settings["now"]
        return over(now, found(metric, _whole(at)).values.get(key[:1]))

    def _contribution(self, metric: str, name: str, key: Key, now: Any, before: Any) -> Mapping[str, Any]:
        """Of a rate: w (r − r₀) of the slice's own, (w − w₀)(r₀ − R₀) of its weight (Kitagawa)."""
        if metric in ADD_UP:
            return {"": minus(now, before)}
        assert metric in RATES
        (above, below), (above0, below0) = (parts(metric, self.settings[which]) for which in ("now", name))
        among = self._among(key)

        def total(of: Found) -> Any:
            return sum(of.of(other) or 0 for other in among)

        whole, whole0 = total(below), total(below0)
        if not whole or not whole0:
            return {"": None, "_rate": None, "_mix": None}
        n, d, n0, d0 = (of.of(key) or 0 for of in (above, below, above0, below0))
        rate0 = Fraction(total(above0)) / whole0
        weight, weight0 = Fraction(d) / whole, Fraction(d0) / whole0
        own0 = Fraction(n0) / d0 if d0 else rate0
        all_of_it = Fraction(n) / whole - Fraction(n0) / whole0 - rate0 * (weight - weight0)
        rate = Fraction(n) / whole - weight * own0 if d else Fraction(0)
        return {"": all_of_it, "_rate": rate, "_mix": all_of_it - rate}


def _whole(at: Setting) -> Setting:
    """The question without its slices; the filters stay."""
    return Setting(at.world, at.asked, (), at.keep, at.windows)


def _bases(metric: str) -> Iterator[Mapping[str, Any]]:
    """The metrics of rows that a metric is made of."""
    definition = BY_NAME[metric]
    if "entity" in definition:
        yield definition
    elif definition.get("value") != "target":
        named = [definition.get(k) for k in ("of", "measure", "numerator", "denominator")]
        named += definition.get("expression", "").replace("(", "").replace(")", "").split()
        for name in filter(BY_NAME.__contains__, filter(None, named)):
            yield from _bases(name)
