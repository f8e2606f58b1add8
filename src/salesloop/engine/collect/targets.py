"""Tables of targets: which metric, for how long, and by what they are split, beside units and people."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

from salesloop.engine.collect.aliases import Match
from salesloop.engine.collect.draft import Draft, Sheet
from salesloop.engine.collect.normal import bare, normal
from salesloop.engine.collect.periods import period_of_targets

TARGET: Final = "target"
_BY_NAME: Final = 0.9


def settle_targets(sheet: Sheet, draft: Draft) -> None:
    """Fill what a table of targets leaves to its reader; what cannot be told is left open."""
    _take_values(sheet, draft)
    value = draft.column_of("target.value")
    if value is not None and draft.column_of("target.metric") is None:
        metric = _metric(value)
        draft.unsettled |= {"target.metric"} if metric is None else set()
        if metric is not None:
            draft.constants["target.metric"] = metric
    start = draft.column_of("target.period_start")
    if start is not None and draft.column_of("target.period") is None:
        period = period_of_targets(sheet.rows.values(start))
        if period is not None:
            draft.constants["target.period"] = period
    _split(sheet, draft)


def _take_values(sheet: Sheet, draft: Draft) -> None:
    """回款目标 is a target, whatever its metric; of several (保底目标, 冲刺目标) a person takes one."""
    fed = draft.column_of("target.value")
    found = [column for column in _ending_in_target(sheet) if column == fed or draft.is_free(column)]
    unsure = fed is None or draft.feeds[fed][0].confidence < _BY_NAME
    if unsure and len(found) == 1:
        draft.release(found)
        draft.add(found[0], Match("target.value", _BY_NAME, "evidence_ending", word=_word(found[0]) or ""))


def _ending_in_target(sheet: Sheet) -> list[str]:
    return [c for c, profile in sheet.columns.items() if _word(c) and profile.share("number") > 0.7]


def _word(header: str) -> str | None:
    """The word for a target in which a header ends."""
    said = normal(bare(header))
    return max((word for word in _words()["values"] if said.endswith(word)), key=len, default=None)


def _metric(header: str) -> str | None:
    """The metric of which a header names the target, revenue where it names none; None for a word that nobody knows."""
    said = normal(bare(header))
    metrics: dict[str, str] = _words()["metrics"]
    word = _word(header)
    rest = said.removesuffix(word) if word else said
    return metrics.get(rest, metrics.get(said)) if rest else "revenue"


def _split(sheet: Sheet, draft: Draft) -> None:
    """A column of products, places or customers is a further dimension; one at most, as a target has one."""
    if draft.column_of("target.dimension_value") is not None:
        return
    found = [
        (column, name) for column in sheet.columns if draft.is_free(column) and (name := _dimension(sheet, column))
    ]
    if len(found) == 1:
        column, name = found[0]
        draft.add(column, Match("target.dimension_value", _BY_NAME, "evidence_dimension", word=column))
        draft.constants["target.dimension"] = name


def _dimension(sheet: Sheet, column: str) -> str | None:
    levels = {normal(word) for level in sheet.model.entity("region").levels for word in level.aliases}
    if normal(bare(column)) in levels:
        return "region"
    for name, field in _words()["dimensions"].items():
        if any(match.field == field for match in sheet.index.find(column, field.split(".")[0])):
            return str(name)
    return None


@cache
def _words() -> dict[str, Any]:
    text = resources.files("salesloop.engine.collect").joinpath("targets.yaml").read_text(encoding="utf-8")
    read = yaml.load(text, Loader=yaml.CSafeLoader)
    metrics = {normal(word): metric for metric, words in read["metrics"].items() for word in words}
    return {"metrics": metrics, "values": [normal(w) for w in read["values"]], "dimensions": read["dimensions"]}
