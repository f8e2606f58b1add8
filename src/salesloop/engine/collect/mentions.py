"""Records that a table mentions beside its own: the customers, products and people of an order export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from salesloop.engine.collect.aliases import Match
from salesloop.engine.collect.draft import Draft, Sheet
from salesloop.engine.collect.fit import options
from salesloop.engine.collect.fold import is_generic, is_of_the_rows, meaning
from salesloop.engine.model.entity import Entity

# A column that every row has its own value of proves nothing about whose it is: then only a clear header counts.
_CLEAR: Final = 0.93


def add_references(sheet: Sheet, draft: Draft, primary: Entity) -> None:
    """What the sheet tells about the records that it refers to: their keys, names and attributes."""
    attributes: list[tuple[Match, str, str, Entity]] = []
    for name, target_name in primary.references.items():
        target = sheet.model.entity(target_name)
        if (
            target.kind != "dimension"
            or target_name == primary.name
            or any(p.entity == target_name for p in draft.paths)
        ):
            continue
        found = options(sheet.index, target, sheet.columns)
        reference = f"{primary.name}.{name}"
        column = draft.column_of(reference)
        named = _name_column(sheet, draft, target, found, column)
        if named is None and column is not None and _is_words(sheet, draft, column):
            draft.also(column, f"{target_name}.{target.key[0]}", f"{target_name}.{target.name_field}")
        if column is None:
            if named is None:
                continue
            column = named
            draft.add(column, replace(found[column][0], field=reference, role="name"))
        if named is not None:
            draft.also(column, f"{target_name}.{target.key[0]}")
            draft.add(named, _as_name(found[named], target))
        _add_heads(sheet, draft, primary, target, found)
        for free, matches in found.items():
            if draft.is_free(free) and free != column:
                attributes += [
                    (m, free, column, target) for m in matches if _is_attribute(m, target) and not is_of_the_rows(free)
                ]
    for match, column, key, target in sorted(attributes, key=lambda item: -item[0].confidence):
        told = match.confidence >= _CLEAR or not sheet.rows.is_unique(key)
        if (
            draft.is_free(column)
            and draft.column_of(match.field) is None
            and told
            and sheet.rows.determines(key, column)
        ):
            mention(draft, key, target)
            draft.add(column, match)


def _is_words(sheet: Sheet, draft: Draft, column: str) -> bool:
    """Whether a reference by a word for its role (地区 of an employee) holds names, not codes."""
    return (
        draft.feeds[column][0].role == "own" and sheet.columns[column].share("text") > 0.8 and _letters(sheet, column)
    )


def _letters(sheet: Sheet, column: str) -> bool:
    """Names have no digits."""
    return not any(character.isdigit() for value in sheet.columns[column].samples for character in value)


def _add_heads(sheet: Sheet, draft: Draft, primary: Entity, target: Entity, found: Mapping[str, list[Match]]) -> None:
    """A list of people with the unit that each one heads (地区, 地区经理) names the heads of the units, too."""
    key = draft.column_of(f"{target.name}.{target.key[0]}")
    person = draft.column_of(f"{primary.name}.{primary.name_field}") if primary.name_field else None
    if key is None or person is None:
        return
    for match in found.get(person, ()):
        field = match.field.split(".")[1]
        if target.references.get(field) == primary.name and sheet.rows.determines(key, person):
            draft.also(person, match.field)


def _is_attribute(match: Match, target: Entity) -> bool:
    name = match.field.split(".")[1]
    return name != target.name_field and name not in target.key and name not in target.references


def _as_name(matches: list[Match], target: Entity) -> Match:
    return next(match for match in matches if match.field == f"{target.name}.{target.name_field}")


def _name_column(
    sheet: Sheet, draft: Draft, target: Entity, found: Mapping[str, list[Match]], column: str | None
) -> str | None:
    """The column that names the records of `target`: a free one, else the one that refers to them, if it reads so."""
    field = f"{target.name}.{target.name_field}"
    naming = [c for c, matches in found.items() if field in {m.field for m in matches} and not is_generic(meaning(c))]
    free = [c for c in naming if draft.is_free(c) and c != column and _may_name(sheet, found[c], column, c)]
    if column is not None and draft.feeds[column][0].role == "name":
        return column
    if column in naming and draft.feeds[column][0].role == "own" and not _has_key_like(found, column, target):
        return column
    return min(free, key=lambda c: -_as_name(found[c], target).confidence, default=None)


def _may_name(sheet: Sheet, matches: list[Match], key: str | None, name: str) -> bool:
    """Beside a key that reads like a name, and for a header that only ends in a word for it, names and keys must pair."""
    if key is None or not (matches[0].evidence == "evidence_ending" or _letters(sheet, key)):
        return True
    return sheet.rows.determines(key, name) and sheet.rows.determines(name, key)


def _has_key_like(found: Mapping[str, list[Match]], column: str, target: Entity) -> bool:
    key = f"{target.name}.{target.key[0]}"
    return any(match.field == key and match.role == "own" for match in found.get(column, ()))


def mention(draft: Draft, column: str, target: Entity) -> None:
    """Records that have attributes need a key and a name; without a name, the key is what people call them."""
    key, name = f"{target.name}.{target.key[0]}", f"{target.name}.{target.name_field}"
    if draft.column_of(key) is None:
        draft.also(column, key)
    if target.name_field and draft.column_of(name) is None:
        draft.also(column, name)
