"""Columns of yes and no that say one state of a thing: discontinued, Churn, 是否停用."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final

import yaml

from salesloop.engine.collect.aliases import Match
from salesloop.engine.collect.draft import Draft, Sheet
from salesloop.engine.collect.normal import bare, normal
from salesloop.engine.model.entity import Entity

_FLAG: Final = 0.9
_YES: Final = frozenset(("1", "y", "yes", "true", "t", "是", "有", "√", "对", "真"))


def add_flags(sheet: Sheet, draft: Draft, primary: Entity) -> None:
    """The status of the rows, where no other column tells it: the words of the column are read as states."""
    for column, profile in sheet.columns.items():
        known = _flags().get((primary.name, normal(bare(column))))
        if known is None or not draft.is_free(column) or profile.as_truths < 1.0 or profile.distinct > 2:
            continue
        field, yes, no = known
        if draft.column_of(field) is None:
            draft.add(column, Match(field, _FLAG, "evidence_flag"))
            draft.values[field] = {word: yes if word.casefold() in _YES else no for word in set(profile.values)}


@cache
def _flags() -> dict[tuple[str, str], tuple[str, str, str]]:
    """(entity, header) → field, the state of yes, the state of no."""
    text = resources.files("salesloop.engine.collect").joinpath("flags.yaml").read_text(encoding="utf-8")
    found = {}
    for field, states in yaml.load(text, Loader=yaml.CSafeLoader).items():
        no = states.pop("no")
        for state, headers in states.items():
            for header in headers:
                found[field.split(".")[0], normal(header)] = (field, state, no)
    return found
