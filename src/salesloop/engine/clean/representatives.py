"""The few rows that tell all that a table says about other things: of every different mention the first and the last row.

Two million order lines mention fifteen thousand customers. What counts of a mention is what it says and where it stands first
and last, so the others need not be looked at: they are told apart by the places of their texts, which are numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from salesloop.engine.clean.columns import ROW
from salesloop.engine.clean.derive import derivable, is_window
from salesloop.engine.clean.plan import Plan

_READ = re.compile(r"\b_c\d+\w*")


def mentions_of(
    plan: Plan, mentioned: Mapping[str, str], codes: Mapping[str, str | None]
) -> list[frozenset[str]] | None:
    """For each entity that rows mention, the columns of numbers that tell its mentions apart.

    `mentioned`: the columns of what rows say of others → SQL over what was read; `codes` as of `Prepared`. None where every
    row counts: events, numbering, and what was not read text by text.
    """
    groups: dict[str, set[str]] = {}
    for column, sql in mentioned.items():
        read = set(_READ.findall(sql))
        if not read <= set(codes):
            return None
        groups.setdefault(_entity_of(plan, column), set()).update(filter(None, map(codes.get, read)))
    for entity in plan.secondary:
        have = [name for owner, name in _fields(mentioned) if owner == entity.name]
        if entity.kind != "dimension" or any(is_window(entity.field(name)) for name in derivable(entity, have)):
            return None
    return [frozenset(columns) for columns in groups.values()]


def representatives(mentions: Iterable[frozenset[str]], relation: str) -> str:
    """SQL of the `_row` of those rows of a relation (with the columns of `mentions`) that stand for all others."""
    each = (
        f"SELECT min({ROW}) AS first, max({ROW}) AS last FROM {relation}"
        + (f" GROUP BY {', '.join(sorted(columns))}" if columns else "")
        for columns in mentions
    )
    return f"SELECT DISTINCT unnest([first, last]) AS {ROW} FROM ({' UNION ALL '.join(each)})"


def _entity_of(plan: Plan, column: str) -> str:
    """The entity that a column tells of: `"ENTITY.FIELD"`, or `_pN` for the Nth path."""
    found = re.fullmatch(r"_p(\d+)", column)
    return plan.paths[int(found[1])].entity if found else column.strip('"').partition(".")[0]


def _fields(mentioned: Iterable[str]) -> list[tuple[str, str]]:
    split = (column.strip('"').partition(".") for column in mentioned)
    return [(entity, name) for entity, _, name in split if name]
