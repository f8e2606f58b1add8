"""Why a column is proposed for a field, in words: what its header says, and what it holds."""

from __future__ import annotations

from typing import Final

from salesloop.engine.collect.aliases import Match
from salesloop.engine.collect.normal import bare, normal
from salesloop.engine.collect.profile import Profile
from salesloop.engine.model.entity import Model
from salesloop.engine.model.fields import Field
from salesloop.engine.model.text import Message, Messages

_MESSAGES: Final = Messages("salesloop.engine.collect")
_ENOUGH: Final = 0.5


def reasons(header: str, match: Match, profile: Profile, model: Model) -> tuple[Message, ...]:
    """What speaks for `match`: the header first, then the values where they say something."""
    entity, name = match.field.split(".")
    kept = model.entity(entity)
    field = kept.field(name) if kept.has(name) else None
    label = field.label if field is not None else kept.label
    told = _MESSAGES.message(match.evidence, header=header, word=match.word, entity=kept.label, field=label)
    held = holds(profile, field) if field is not None else None
    return (told,) if held is None else (told, held)


def holds(profile: Profile, field: Field) -> Message | None:
    """What the values say for `field`; None where they say nothing about it."""
    found = _measured(profile, field)
    if found is None or found[1] < _ENOUGH:
        return None
    key, share = found
    return _MESSAGES.message(key, percent=round(100 * share), count=profile.distinct, field=field.label)


def _measured(profile: Profile, field: Field) -> tuple[str, float] | None:
    """The message and the share of the values that are as the field needs them."""
    if not profile.values:
        return None
    match field.type:
        case "date" | "datetime":
            return "holds_dates", profile.as_dates
        case "money" | "quantity" | "decimal" | "integer":
            return "holds_numbers", profile.share("number")
        case "percent":
            return (
                ("holds_percents", profile.as_percents)
                if profile.as_percents
                else (
                    "holds_numbers",
                    profile.share("number"),
                )
            )
        case "email":
            return "holds_emails", profile.as_emails
        case "phone":
            return "holds_phones", profile.as_phones
        case "choice":
            return "holds_choices", profile.as_choices(field)
        case "boolean":
            return "holds_truths", profile.as_truths
    if field.name == "credit_code":
        return "holds_credit_codes", profile.as_credit_codes
    if field.references == "employee":
        return "holds_people", profile.as_people
    if field.references == "customer" or field.name == "name":
        return "holds_companies", profile.as_companies
    if field.type == "identifier":
        return "holds_codes", profile.as_codes
    return ("holds_few", 1.0) if profile.distinct <= max(12, len(profile.values) // 20) and profile.repeats else None


def level_reason(header: str, tree: str, profile: Profile, model: Model) -> tuple[Message, ...]:
    """Why a column is a level of a tree."""
    entity = model.entity(tree)
    said = normal(bare(header))
    words = {normal(alias): level.label for level in entity.levels for alias in level.aliases}
    told = _MESSAGES.message("evidence_level", header=header, entity=entity.label, level=words.get(said, entity.label))
    if tree != "region" or profile.as_places < _ENOUGH:
        return (told,)
    return told, _MESSAGES.message("holds_places", percent=round(100 * profile.as_places))
