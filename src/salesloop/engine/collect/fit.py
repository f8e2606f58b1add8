"""How well a table fits each entity as its primary one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Final

import duckdb

from salesloop.engine.collect.aliases import AliasIndex, Match, Role
from salesloop.engine.collect.normal import normal
from salesloop.engine.collect.profile import Profile
from salesloop.engine.model.entity import Entity, fields_in
from salesloop.engine.model.fields import FieldType
from salesloop.engine.store.engines.quiet import connect

ACCEPTED: Final = 0.5

# By so few letters a header may be known by its sound; fewer where several others of the table are.
_LETTERS: Final = 3
_LETTERS_AMONG_OTHERS: Final = 2
_SPELT: Final = 3
_NAMES_GIVE_WAY: Final = 0.1
_STEP: Final = 0.05
_MISSING_COST: Final = 2.5
_SHEET_BONUS: Final = 3.0
_FACT_BONUS: Final = 0.5
_ROLES: Final[tuple[Role, ...]] = ("key", "own", "name")
_TYPICAL: Final[dict[FieldType, object]] = {
    "integer": 1,
    "decimal": Decimal(1),
    "money": Decimal(1),
    "quantity": Decimal(1),
    "percent": 0.1,
    "date": dt.date(2024, 1, 1),
    "datetime": dt.datetime(2024, 1, 1),
    "boolean": True,
}


@dataclass(frozen=True)
class Fit:
    """`chosen` is the best match per column, each field once; `missing` are required fields that nothing gives."""

    entity: Entity
    chosen: Mapping[str, Match]
    score: float
    missing: tuple[str, ...]


def options(index: AliasIndex, entity: Entity, columns: Mapping[str, Profile]) -> dict[str, list[Match]]:
    """Per column the fields of `entity` that it may feed, best first: how the header reads, weighed by what it holds."""
    found = {}
    letters = _LETTERS_AMONG_OTHERS if _are_spelt(index, columns) else _LETTERS
    for column, profile in columns.items():
        matches = (
            index.find(column, entity.name)
            or index.by_meaning(column, entity.name)
            or index.by_ending(column, entity.name)
        )
        if not matches and not index.knows(column):
            matches = index.by_sound(column, entity.name, least=letters)
        weighed = [_weighed(match, profile, entity) for match in matches]
        accepted = [match for match in weighed if match.confidence >= ACCEPTED]
        if accepted:
            found[column] = sorted(accepted, key=_preference)
    return found


def _are_spelt(index: AliasIndex, columns: Iterable[str]) -> bool:
    """Whether headers are written by their sound, so that a few letters (SL, DJ, JE) are more than chance."""
    return sum(not index.knows(column) and index.is_spelt(column) for column in columns) >= _SPELT


def _preference(match: Match) -> tuple[float, int, int]:
    """Surer matches first, then keys before words for the role before names, then what people say more often.

    A difference of script or brackets does not count; what only names a thing gives way to what else refers to it.
    """
    sure = match.confidence - (_NAMES_GIVE_WAY if match.role == "name" else 0.0)
    return -round(sure / _STEP), _ROLES.index(match.role), match.rank


def _weighed(match: Match, profile: Profile, entity: Entity) -> Match:
    fit = profile.fits(entity.field(match.field.split(".")[1]))
    return replace(match, confidence=round(match.confidence * fit, 3))


def fit(entity: Entity, found: Mapping[str, list[Match]], table_name: str) -> Fit:
    """Give each field its best column, then judge the whole."""
    order = {f"{entity.name}.{field.name}": i for i, field in enumerate(entity.fields)}
    pairs = [(match, column) for column, matches in found.items() for match in matches]
    position = {column: i for i, column in enumerate(found)}
    keys = {f"{entity.name}.{name}" for name in entity.key}

    def urgency(pair: tuple[Match, str]) -> tuple[float, bool, int, int, int, int]:
        match, column = pair
        sure, role, rank = _preference(match)
        own_key = match.role == "own" and match.field in keys  # a Record ID is the row's, not the customer's
        return sure, not own_key, role, order[match.field], rank, position[column]

    pairs.sort(key=urgency)
    chosen: dict[str, Match] = {}
    taken: set[str] = set()
    for match, column in pairs:
        if column not in chosen and match.field not in taken:
            chosen[column] = match
            taken.add(match.field)
    given = {field.split(".")[1] for field in taken}
    missing = missing_fields(entity, given)
    score = sum(_weight(entity, match) * match.confidence for match in chosen.values())
    lacking = without_derived_keys(entity, missing)
    score += _SHEET_BONUS * sheet_likeness(entity, table_name) - _MISSING_COST * len(lacking)
    if entity.kind == "fact" and not missing:
        score += _FACT_BONUS
    return Fit(entity, chosen, round(score, 3), missing)


def _weight(entity: Entity, match: Match) -> float:
    name = match.field.split(".")[1]
    field = entity.field(name)
    if name in entity.key or field.required:
        return 2.0
    return 1.5 if name == entity.event_date else 0.8 if field.references else 1.0


def sheet_likeness(entity: Entity, table_name: str) -> float:
    """How much of a table's name is a word for this entity, 0–1."""
    name = normal(table_name)
    words = {normal(word) for word in (*entity.sheet_aliases, entity.name, entity.label.zh_hans, entity.label.en)}
    found = [word for word in words if word == name or (len(word) >= (4 if word.isascii() else 2) and word in name)]
    return max((0.4 + 0.6 * len(word) / len(name) for word in found), default=0.0)


def missing_fields(entity: Entity, given: Iterable[str]) -> tuple[str, ...]:
    """Required and key fields that are neither given nor derived nor filled by a default.

    A dimension that is only named has its name as id.
    """
    have = set(given)
    lacking = [name for name in entity.required if name not in have and entity.field(name).default is None]
    if not lacking:
        return ()
    if any(entity.field(name).derive for name in lacking):
        derived = _derivable(entity, have)
        lacking = [name for name in lacking if name not in derived]
    if entity.kind == "dimension" and {entity.key[0], entity.name_field} & have:
        lacking = [name for name in lacking if name not in (entity.key[0], entity.name_field)]
    return tuple(lacking)


def without_derived_keys(entity: Entity, missing: Iterable[str]) -> list[str]:
    """Of missing fields those that count: a key that is made of other missing ones comes with them."""
    lacking = set(missing)
    return [
        name
        for name in missing
        if name not in entity.key or not fields_in(entity.field(name).derive or "") & (lacking - {name})
    ]


def _derivable(entity: Entity, given: set[str]) -> set[str]:
    """Fields whose derivation gives a value for a row that has typical values in the `given` fields and nothing else."""
    have = set(given)
    con = _scratch().cursor()
    for field in entity.derivations:
        used = fields_in(field.derive or "") & {f.name for f in entity.fields}
        if field.name in have or (used and not used & have):
            continue
        row = {name: _TYPICAL.get(entity.field(name).type, "x") if name in have else None for name in used}
        columns = ", ".join(f"CAST(${name} AS {entity.field(name).warehouse_type}) AS {name}" for name in sorted(used))
        inner = f"SELECT {columns}{', ' if columns else ''}1 AS _row"
        if con.execute(f"SELECT ({field.derive}) IS NOT NULL FROM ({inner})", row).fetchall()[0][0]:
            have.add(field.name)
    return have - given


@cache
def _scratch() -> duckdb.DuckDBPyConnection:
    """A database in memory, 15 ms to open, for expressions without tables."""
    return connect()
