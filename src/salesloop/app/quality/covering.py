"""Coverage as the page shows it: fields by entity, and which metrics can be computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from salesloop.app.quality.sight import entity_word
from salesloop.app.ui.language import current_lang
from salesloop.app.workspace.services import registry, workspace
from salesloop.engine.analyze.quality.coverage import FieldCoverage, metric_coverage


@dataclass(frozen=True, slots=True)
class Covered:
    """One entity; `fields`: (label, share filled, expected), the expected ones first."""

    label: str
    records: int
    fields: list[tuple[str, float, bool]]
    filled: int


@dataclass(frozen=True, slots=True)
class Computable:
    """One metric; `lacking` names what it needs and nobody delivered, `rate` is its least filled input."""

    metric: str
    label: str
    rate: float
    lacking: list[str]


def fields_of(fields: Sequence[FieldCoverage]) -> list[Covered]:
    """By entity, in the order of the model."""
    model, lang = workspace().model, current_lang()
    out = []
    for name in dict.fromkeys(each.entity for each in fields):
        own = [each for each in fields if each.entity == name]
        shown = [(model.entity(name).field(e.field).label.get(lang), e.rate or 0.0, e.expected) for e in own]
        shown.sort(key=lambda one: (not one[2], -one[1]))
        out.append(Covered(entity_word(name), own[0].records, shown, sum(bool(each.filled) for each in own)))
    return out


def metrics_of(fields: Sequence[FieldCoverage]) -> list[Computable]:
    """Every metric: those that lack something first, the wholly covered ones last."""
    known, lang = registry(), current_lang()
    found = [
        Computable(
            each.metric,
            known.metric(each.metric).label.get(lang),
            each.rate,
            [_field_word(name) for name in each.lacking],
        )
        for each in metric_coverage(known, list(fields))
    ]
    return sorted(found, key=lambda one: (not one.lacking, one.rate, one.label))


def _field_word(name: str) -> str:
    entity, _dot, field = name.partition(".")
    declared = workspace().model.entity(entity)
    return f"{declared.label.get(current_lang())}·{declared.field(field).label.get(current_lang())}"
