"""Which comparison a rule asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from salesloop.engine.clean.identity import simple
from salesloop.engine.clean.identity.company_match import Company
from salesloop.engine.clean.identity.comparison import Comparison, Part
from salesloop.engine.clean.identity.product import product
from salesloop.engine.clean.identity.settings import FieldRule, Matching


def comparison(rule: FieldRule) -> Comparison:
    """The comparison of one field."""
    match rule.kind:
        case "company":
            return Company(rule.field)
        case "product":
            return product(rule.field)
        case "identifier":
            return simple.identifier(rule.field)
        case "registration":
            return simple.registration(rule.field)
        case "code":
            return simple.code(rule.field)
        case "date":
            return simple.date(rule.field)
        case "person":
            return simple.person(rule.field)
        case "text":
            return simple.text(rule.field)


def weighted_parts(settings: Matching, comparisons: Sequence[Comparison]) -> list[Part]:
    """All parts that are compared, with the weights that the rules state in place of those of the kind."""
    stated = {rule.field: rule.weights for rule in settings.fields}
    return [
        replace(
            part,
            levels=tuple(
                replace(level, weight=stated[part.field].get(level.name, level.weight)) for level in part.levels
            ),
        )
        for one in comparisons
        for part in one.parts
    ]
