"""From the primary entity's own columns to the whole mapping."""

from __future__ import annotations

from typing import Final

from salesloop.engine.collect.aliases import Match
from salesloop.engine.collect.draft import Draft, Sheet
from salesloop.engine.collect.fit import Fit, missing_fields, options
from salesloop.engine.collect.flags import add_flags
from salesloop.engine.collect.fold import NUMBER, meaning
from salesloop.engine.collect.learnt import follow_lessons
from salesloop.engine.collect.mentions import add_references
from salesloop.engine.collect.normal import normal
from salesloop.engine.collect.places import add_paths, place_customers, release_places
from salesloop.engine.collect.profile import Profile
from salesloop.engine.collect.targets import TARGET, settle_targets
from salesloop.engine.model.entity import Entity
from salesloop.engine.model.fields import Field

# So sure must a header be for a fact that a sheet feeds beside its own.
_CLEAR: Final = 0.93
_UNDERSTOOD: Final = 2
_FIRST_NAMES: Final = frozenset({"firstname", "givenname", "forename"})
_LAST_NAMES: Final = frozenset({"lastname", "surname", "familyname"})


def compose(sheet: Sheet, fit: Fit) -> Draft:
    """The whole draft for a table whose primary entity is chosen."""
    draft = Draft({column: [match] for column, match in fit.chosen.items()})
    primary = fit.entity
    if primary.kind == "dimension":
        _separate_parent(sheet, draft, primary)
    release_places(sheet, draft, primary)
    add_paths(sheet, draft, primary)
    _name_in_two_columns(sheet, draft, primary)
    add_references(sheet, draft, primary)
    place_customers(sheet, draft, primary)
    _take_key(sheet, draft, primary)
    _name_itself(draft, primary)
    _release_row_numbers(sheet, draft, primary)
    _add_linked_facts(sheet, draft, primary)
    _add_refunds(sheet, draft, primary)
    add_flags(sheet, draft, primary)
    _add_by_values(sheet, draft, primary)
    follow_lessons(sheet, draft, primary)
    if primary.name == TARGET:
        settle_targets(sheet, draft)
    return draft


def _separate_parent(sheet: Sheet, draft: Draft, primary: Entity) -> None:
    """Of two columns that read like the key, the one with repeated values is the parent (territoryID, regionID)."""
    key = f"{primary.name}.{primary.key[0]}"
    parents = [name for name, target in primary.references.items() if target == primary.name]
    rivals = [c for c, found in options(sheet.index, primary, sheet.columns).items() if key in {m.field for m in found}]
    unique = [column for column in rivals if sheet.rows.is_unique(column)]
    if len(rivals) < 2 or not unique:
        return
    current = draft.column_of(key)
    if current not in unique:
        draft.release([c for c in rivals if c == current])
        draft.release(unique[:1])
        draft.add(unique[0], Match(key, 1.0, "evidence_exact_alias"))
    if parents and draft.column_of(f"{primary.name}.{parents[0]}") is None:
        for column in rivals:
            if column not in unique and draft.is_free(column):
                draft.add(column, Match(f"{primary.name}.{parents[0]}", 0.8, "evidence_values"))
                return


def _name_in_two_columns(sheet: Sheet, draft: Draft, primary: Entity) -> None:
    """First and last name make the name, in this order."""
    field = f"{primary.name}.{primary.name_field}"
    first = [c for c in sheet.columns if normal(c) in _FIRST_NAMES]
    last = [c for c in sheet.columns if normal(c) in _LAST_NAMES]
    if primary.name_field is None or not first or not last:
        return
    if draft.column_of(field) in (None, first[0], last[0]):
        for column in (first[0], last[0]):
            draft.release([column])
            draft.add(column, Match(field, 0.95, "evidence_exact_alias"))


def _take_key(sheet: Sheet, draft: Draft, primary: Entity) -> None:
    """Of a list of things that is well understood, the only column that reads like a number and never repeats is the key."""
    key = f"{primary.name}.{primary.key[0]}"
    own = [c for c, m in draft.feeds.items() if m[0].field.startswith(f"{primary.name}.") and m[0].confidence >= _CLEAR]
    if primary.kind != "dimension" or draft.column_of(key) is not None or len(own) < _UNDERSTOOD:
        return
    free = [c for c in sheet.columns if draft.is_free(c) and not sheet.index.find(c, primary.name)]
    rivals = [c for c in free if NUMBER in meaning(c) and sheet.rows.is_unique(c, 1.0)]
    if len(rivals) == 1 and draft.column_of(f"{primary.name}.{primary.name_field}") is not None:
        draft.add(rivals[0], Match(key, 0.8, "evidence_key"))


def _name_itself(draft: Draft, primary: Entity) -> None:
    """A dimension of which a sheet gives only the name, or only the key, has the one for the other."""
    if primary.kind != "dimension" or primary.name_field is None:
        return
    key, name = f"{primary.name}.{primary.key[0]}", f"{primary.name}.{primary.name_field}"
    for lacking, given in ((key, name), (name, key)):
        column = draft.column_of(given)
        in_path = any(path.entity == primary.name for path in draft.paths)
        if draft.column_of(lacking) is None and column is not None and not in_path:
            draft.also(column, lacking)


def _release_row_numbers(sheet: Sheet, draft: Draft, primary: Entity) -> None:
    """A number that no two rows share counts the rows of the file, not the lines of orders that have several."""
    line, order = draft.column_of(f"{primary.name}.line_no"), draft.column_of(f"{primary.name}.{primary.key[0]}")
    if line and order and sheet.rows.is_unique(line, 1.0) and not sheet.rows.is_unique(order, 1.0):
        draft.release([line])


def _add_linked_facts(sheet: Sheet, draft: Draft, primary: Entity) -> None:
    """Facts of the same orders in the same rows: an order export with payment date and amount feeds payments, too."""
    order = draft.column_of(f"{primary.name}.order_id")
    if order is None:
        return
    for fact in sheet.model.facts:
        if fact.name == primary.name or not fact.has("order_id") or fact.has("line_no"):
            continue
        found = options(sheet.index, fact, {c: p for c, p in sheet.columns.items() if draft.is_free(c)})
        clear = {c: m[0] for c, m in found.items() if m[0].confidence >= _CLEAR and m[0].role == "own"}
        given = {match.field.split(".")[1] for match in clear.values()}
        if fact.event_date not in given or missing_fields(fact, given | {"order_id"}):
            continue
        draft.also(order, f"{fact.name}.order_id")
        for column, match in clear.items():
            if draft.column_of(match.field) is None:
                draft.add(column, match)


def _add_refunds(sheet: Sheet, draft: Draft, primary: Entity) -> None:
    """A column of refunds in a sheet of orders feeds returns; a row in which nothing came back says so by 0 or a blank."""
    if primary.name != "order_line" or draft.column_of("order_line.order_id") is None:
        return
    returns = sheet.model.entity("return_line")
    free = {column: profile for column, profile in sheet.columns.items() if draft.is_free(column)}
    own = options(sheet.index, primary, free)
    clear = {
        column: found[0]
        for column, found in options(sheet.index, returns, free).items()
        if found[0].confidence >= _CLEAR
        and found[0].role == "own"
        and not any(match.confidence >= _CLEAR for match in own.get(column, ()))
    }
    if not any(match.field in ("return_line.amount", "return_line.quantity") for match in clear.values()):
        return
    for column, match in clear.items():
        if draft.column_of(match.field) is None:
            draft.add(column, match)


def _add_by_values(sheet: Sheet, draft: Draft, primary: Entity) -> None:
    """Fields that no header tells but the values do: e-mail addresses, and the only dates or amounts where some are required."""
    given = {m.field.split(".")[1] for ms in draft.feeds.values() for m in ms if m.field.startswith(f"{primary.name}.")}
    missing = missing_fields(primary, given)
    for field in primary.fields:
        if field.name in given or (field.type != "email" and field.name not in missing):
            continue
        fitting = [c for c, p in sheet.columns.items() if draft.is_free(c) and _speaks_for_itself(p, field)]
        if len(fitting) == 1:
            draft.add(fitting[0], Match(f"{primary.name}.{field.name}", 0.6, "evidence_values"))


def _speaks_for_itself(profile: Profile, field: Field) -> bool:
    if field.type == "email":
        return profile.is_email
    if field.type in ("date", "datetime"):
        return profile.share("date") > 0.9
    return field.type in ("money", "quantity", "decimal") and profile.has_fractions and profile.share("number") > 0.9
