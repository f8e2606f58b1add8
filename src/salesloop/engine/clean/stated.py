"""What each row states about each field: directly, through a constant, or through what the row mentions beside itself.

An order export with the columns 客户名称, 省份 and 城市 states `order_line.customer_id` (the customer's name, for want
of a number) and `order_line.region_id` (the path of the city), though no column is mapped to either.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from salesloop.engine.clean.derive import derivable
from salesloop.engine.clean.plan import MESSAGES, Path, Plan
from salesloop.engine.clean.values.cells import literal
from salesloop.engine.clean.values.recipe import Recipe
from salesloop.engine.model.entity import Entity, fields_in
from salesloop.engine.model.fields import Field

Stated = dict[tuple[str, str], str]
"""(entity, field) → SQL over the read columns."""


def stated(plan: Plan, recipes: Mapping[str, Recipe]) -> Stated:
    """Everything that rows state. Incomplete records are noted in `plan.notes` and left out."""
    out: Stated = {key: recipes[alias].value for key, alias in plan.delivered.items()}
    for (owner, _), alias in plan.delivered.items():
        for name, sql in recipes[alias].also.items():
            if plan.model.entity(owner).has(name):
                out.setdefault((owner, name), sql)
    primary = plan.entity
    currency = _amount_currency(plan, recipes)
    if currency is not None:
        out.setdefault((primary.name, "currency"), currency)
    _from_paths(plan, recipes, out)
    for entity in plan.secondary:
        _identify(primary, entity, out)
    for entity in plan.secondary:
        _inherit(primary, entity, out)
    if primary.kind == "dimension":
        _name_itself(primary, out)
    for entity in plan.secondary:
        _leave_out_incomplete(plan, entity, out)
    return out


def path_of(path: Path, recipes: Mapping[str, Recipe]) -> str:
    """SQL: the id of the deepest level (华东/江苏/南京), NULL where all are blank. A slash in a name is written wide."""
    levels = ", ".join(f"replace({recipes[alias].value}, '/', '／')" for alias in path.levels)
    return f"nullif(concat_ws('/', {levels}), '')"


def above_only(plan: Plan, path: Path) -> bool:
    """Whether a path of the primary entity itself leads only to the node above each row, which has a name of its own."""
    own = plan.entity
    return path.entity == own.name and own.name_field is not None and plan.source(own.name, own.name_field) is not None


def _from_paths(plan: Plan, recipes: Mapping[str, Recipe], out: Stated) -> None:
    for path in plan.paths:
        sql = path_of(path, recipes)
        if path.entity == plan.entity.name:
            _place_itself(plan, path, sql, out)
            continue
        key = (path.entity, plan.model.entity(path.entity).key[0])
        deepest = f"coalesce({out[key]}, {sql})" if key in plan.delivered else sql
        alone = [one.entity for one in plan.paths].count(path.entity) == 1
        if alone:
            out[key] = deepest
        for feed in path.feeds:
            out.setdefault(feed, deepest)


def _place_itself(plan: Plan, path: Path, sql: str, out: Stated) -> None:
    """Rows that are nodes of the tree: their name and their place in it."""
    entity = plan.entity
    key, name = (entity.name, entity.key[0]), (entity.name, str(entity.name_field))
    if above_only(plan, path):
        above, depth = sql, f"len(string_split({sql}, '/')) + 1"
        out.setdefault(key, f"concat_ws('/', {sql}, replace({out[name]}, '/', '／'))")
    else:
        above = f"nullif(array_to_string(string_split({sql}, '/')[:-2], '/'), '')"
        depth = f"len(string_split({sql}, '/'))"
        out.setdefault(key, sql)
        out[name] = f"string_split({sql}, '/')[-1]"
    if entity.has("parent_id"):
        out.setdefault((entity.name, "parent_id"), above)
    if entity.has("level"):
        out.setdefault((entity.name, "level"), depth)


def _identify(primary: Entity, entity: Entity, out: Stated) -> None:
    """The key of a mentioned record (its own column, else the reference to it, else its name), and the reference."""
    key = (entity.name, entity.key[0])
    field = _link(primary, entity)
    candidates = [out.get(key), out.get((primary.name, field)) if field else None]
    if entity.name_field is not None and entity.kind == "dimension" and entity.field(entity.key[0]).derive is None:
        candidates.append(out.get((entity.name, entity.name_field)))
    found = next((sql for sql in candidates if sql is not None), None)
    if found is None:
        return
    out[key] = found
    if field is not None:
        out.setdefault((primary.name, field), found)


def _link(primary: Entity, entity: Entity) -> str | None:
    """The field by which the primary refers to another entity."""
    found = [name for name, target in primary.references.items() if target == entity.name]
    usual = f"{entity.name}_id"
    return usual if usual in found else next(iter(found), None)


def _inherit(primary: Entity, entity: Entity, out: Stated) -> None:
    """What a record beside the row shares with it: the ids of a mentioned event, or those that its own key is made of."""
    for field in entity.fields:
        if (entity.name, field.name) in out or not _is_shared(entity, field):
            continue
        target = entity.references.get(field.name)
        beside = out.get((target, f"{target}_id")) if target and target != entity.name else None
        found = out.get((primary.name, field.name)) or beside
        if found is not None:
            out[entity.name, field.name] = found


def _is_shared(entity: Entity, field: Field) -> bool:
    if entity.kind == "fact":
        return field.type == "identifier" or field.name in entity.key
    derive = entity.field(entity.key[0]).derive
    return derive is not None and field.references is not None and field.name in fields_in(derive)


def _name_itself(entity: Entity, out: Stated) -> None:
    """A list of things without numbers knows them by their names, one without names by their numbers."""
    if entity.name_field is None or entity.name_field == entity.key[0]:
        return
    key, name = (entity.name, entity.key[0]), (entity.name, entity.name_field)
    if key not in out and name in out and entity.field(key[1]).derive is None:
        out[key] = out[name]
    elif name not in out and key in out:
        out[name] = out[key]


def named_by_key(entity: Entity, said: Collection[str]) -> str | None:
    """The name field of a thing that is mentioned by its number alone, and so is called by it; None otherwise."""
    name = entity.name_field
    return name if entity.kind == "dimension" and name not in said and name != entity.key[0] else None


def _leave_out_incomplete(plan: Plan, entity: Entity, out: Stated) -> None:
    """Records that lack what they cannot be without are not records; the columns for them are noted."""
    said = [name for owner, name in out if owner == entity.name]
    have = {*said, named_by_key(entity, said), *(f.name for f in entity.fields if f.default is not None)}
    have |= set(derivable(entity, said))
    lacking = [entity.field(name).label for name in entity.required if name not in have]
    if not said or not lacking:
        return
    found = [plan.source(entity.name, name) for name in said]
    columns = [source.column for source in found if source is not None and source.column is not None]
    if columns:
        plan.notes.append(MESSAGES.message("incomplete", entity=entity.label, columns=columns, lacking=lacking))
    for name in said:
        del out[entity.name, name]


def _amount_currency(plan: Plan, recipes: Mapping[str, Recipe]) -> str | None:
    """SQL: the currency that the amounts of a row carry in the cell or in the header; None where they carry none."""
    if not plan.entity.has_money:
        return None
    found = []
    for (entity, _), alias in plan.delivered.items():
        source = plan.sources[alias]
        if entity != plan.entity.name or source.type_name != "money":
            continue
        if recipes[alias].currency is not None:
            found.append(str(recipes[alias].currency))
        if source.unit is not None and source.unit.currency is not None:
            found.append(literal(source.unit.currency))
    return f"coalesce({', '.join(found)})" if found else None
