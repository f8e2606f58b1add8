"""Columns that hold the levels of a tree: where customers are, how channels and units are grouped."""

from __future__ import annotations

from collections.abc import Mapping

from salesloop.engine.collect.draft import Draft, Sheet
from salesloop.engine.collect.fold import without_place_words
from salesloop.engine.collect.mapping import PathMapping
from salesloop.engine.collect.mentions import mention
from salesloop.engine.collect.normal import bare, normal
from salesloop.engine.model.entity import Entity


def release_places(sheet: Sheet, draft: Draft, primary: Entity) -> None:
    """A region between a city and a country is an address, not the sales unit of an employee."""
    levels = _levels(sheet, Draft(), sheet.model.entity("region"))
    if len(levels) > 1 and "region" not in primary.references.values() and primary.name != "region":
        draft.release([c for c in levels if any(m.field.endswith(".org_unit_id") for m in draft.feeds.get(c, ()))])


def add_paths(sheet: Sheet, draft: Draft, primary: Entity) -> None:
    """Columns that hold the levels of a tree: of the primary entity, of one that it refers to, or where its customers are."""
    feeds: dict[str, str] = {primary.name: ""} if primary.levels else {}
    for name, target in primary.references.items():
        feeds.setdefault(target, f"{primary.name}.{name}")
    if "customer" in feeds:
        for name, target in sheet.model.entity("customer").references.items():
            feeds.setdefault(target, f"customer.{name}")
    for target, fed in feeds.items():
        tree = sheet.model.entity(target)
        columns = _levels(sheet, draft, tree)
        if len(columns) < (1 if target == "region" and target != primary.name else 2):
            continue
        by_id = draft.column_of(fed) if fed else None
        if by_id and by_id not in columns and not _is_id_of(sheet, draft, by_id, columns):
            continue  # the reference names another node than the path
        draft.release(columns)
        if target == primary.name:
            _release_node(sheet, draft, tree)
        if fed and (column := draft.column_of(fed)) and draft.feeds[column][0].role != "key":
            draft.release([column])
        leaf = draft.column_of(fed) if fed else None
        if leaf:
            draft.also(leaf, f"{target}.{tree.key[0]}")
        draft.paths.append(PathMapping(entity=target, columns=tuple(columns), feeds=(fed,) if fed and not leaf else ()))


def _is_id_of(sheet: Sheet, draft: Draft, column: str, levels: list[str]) -> bool:
    """Whether a reference to a tree may be the id (or just a name) of the node that `levels` lead to."""
    return draft.feeds[column][0].role == "name" or all(sheet.rows.determines(column, level) for level in levels)


def _release_node(sheet: Sheet, draft: Draft, tree: Entity) -> None:
    """The path names the node; a key that many rows share is not its key."""
    name = draft.column_of(f"{tree.name}.{tree.name_field}")
    key = draft.column_of(f"{tree.name}.{tree.key[0]}")
    shared = key is not None and not sheet.rows.is_unique(key)
    draft.release([c for c in (name, key if shared else None) if c is not None])


def _levels(sheet: Sheet, draft: Draft, tree: Entity) -> list[str]:
    """The columns of the levels of a tree, top first; a region may be told by its name alone."""
    found: list[str] = []
    for level in tree.levels:
        words = {normal(word): i for i, word in enumerate(level.aliases)}
        said = {c: form for c in sheet.columns if c not in found and (form := _form(c, words)) is not None}
        matching = [column for column in said if _names(sheet, draft, column, tree)]
        if matching:
            found.append(min(matching, key=lambda column: words[said[column]]))
    if not found and tree.name == "region":
        words_of_name = {normal(word) for word in tree.field("name").aliases}
        found = [c for c in sheet.columns if normal(bare(c)) in words_of_name and _names(sheet, draft, c, tree)][:1]
    return found


def _form(column: str, words: Mapping[str, int]) -> str | None:
    """The form of a header in which it is one of the words of a level."""
    return next((form for form in (normal(bare(column)), without_place_words(column)) if form in words), None)


def _names(sheet: Sheet, draft: Draft, column: str, tree: Entity) -> bool:
    """Whether a column could name places and nothing surer uses it."""
    if sheet.columns[column].share("date") > 0.5:
        return False
    fields = {f"{tree.name}.{field.name}" for field in tree.fields}
    surer = [match for match in draft.feeds.get(column, ()) if match.evidence != "evidence_label"]
    return all(match.field in fields or match.field.endswith(f".{tree.key[0]}") for match in surer)


def place_customers(sheet: Sheet, draft: Draft, primary: Entity) -> None:
    """Where a customer always has the same place, the place is the customer's, too; only there if nothing else has one."""
    if primary.name == "customer" or "customer" not in primary.references.values():
        return
    field = "customer.region_id"
    reference = next(name for name, target in primary.references.items() if target == "customer")
    customer = draft.column_of("customer.customer_id") or draft.column_of(f"{primary.name}.{reference}")
    placed = []
    for path in draft.paths:
        feeds = tuple(fed for fed in path.feeds if fed != field)
        if path.entity == "region" and customer and all(sheet.rows.determines(customer, c) for c in path.columns):
            mention(draft, customer, sheet.model.entity("customer"))
            feeds = (*feeds, field)
        if feeds or path.entity == primary.name or not path.feeds:
            placed.append(path.model_copy(update={"feeds": feeds}))
    draft.paths[:] = placed
