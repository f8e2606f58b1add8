"""Columns that are called like a field and do not hold what it needs: they are not taken, and it is said why."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from salesloop.engine.collect.aliases import AliasIndex, Match
from salesloop.engine.collect.cells import Kind, kind_of
from salesloop.engine.collect.fit import ACCEPTED
from salesloop.engine.collect.profile import Profile
from salesloop.engine.model.entity import Entity
from salesloop.engine.model.text import Message, Messages

_MESSAGES: Final = Messages("salesloop.engine.collect")
_DATES: Final = ("date", "datetime")
_NUMBERS: Final = ("money", "quantity", "decimal", "percent", "integer")


def reason_not_taken(
    column: str, profile: Profile, entity: Entity, index: AliasIndex, taken: Collection[str]
) -> Message | None:
    """Why `column` does not feed the field whose name it has; None where it has no such name, or others feed the field."""
    for match in sorted(index.find(column, entity.name), key=_surest_first):
        field = entity.field(match.field.split(".")[1])
        if match.field in taken or not profile.values or match.confidence * profile.fits(field) >= ACCEPTED:
            continue
        kind: Kind = "date" if field.type in _DATES else "number"
        odd = next((value for value in profile.values if kind_of(value) != kind), None)
        if field.type in (*_DATES, *_NUMBERS) and odd is not None:
            counted = {"values": len(profile.values), "good": profile.kinds[kind], "sample": odd}
            named = _MESSAGES.message(f"kind_{kind}")
            return _MESSAGES.message("header_but_not_values", field=field.label, kind=named, **counted)
    return None


def _surest_first(match: Match) -> tuple[float, int]:
    return -match.confidence, match.rank
