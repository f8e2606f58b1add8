"""What the values of filters mean in the data: names become ids, nodes of trees stand for everything below them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from salesloop.engine.metrics.dimension import Dimension
from salesloop.engine.metrics.query import Filter
from salesloop.engine.metrics.registry import MESSAGES, Registry, hint
from salesloop.engine.metrics.warehouse import Warehouse
from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.fields import Field
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import to_traditional

_NO_LEVEL: Final = 0


@dataclass(frozen=True, slots=True)
class Resolved:
    """A filter whose values are ids.

    `nodes` are (level, ids) of a tree, `plain` the ids that rows must have themselves; `ids` are all of them. `null` also
    matches what is unassigned.
    """

    dimension: Dimension
    ids: tuple[str, ...]
    plain: tuple[str, ...]
    nodes: tuple[tuple[int, tuple[str, ...]], ...]
    null: bool
    negated: bool


def resolve(filters: tuple[Filter, ...], registry: Registry, data: Warehouse, scope: Scope) -> tuple[Resolved, ...]:
    """UserError with the nearest values where a value is unknown.

    Where the scope is limited and the values belong to rows with owners, an unknown value matches nothing instead: the
    difference would tell what exists beyond the scope.
    """
    return tuple(_resolve(item, registry, data, scope) for item in filters)


def _resolve(item: Filter, registry: Registry, data: Warehouse, scope: Scope) -> Resolved:
    dimension = registry.dimension(item.dimension)
    texts = tuple(value for value in item.values if value is not None)
    ids: dict[str, int] = {}
    if texts:
        found = _entity_values(dimension, texts, data) if dimension.entity else _own_values(dimension, texts, data)
        secret = not scope.everything and _owned(dimension, registry.model)
        for text in texts:
            matches = found.get(text)
            if matches is None and _stands_in_rows(dimension, text, registry, data):
                matches = {text: _NO_LEVEL}  # an id that rows have, though nobody told us what it is
            if matches is None and not secret:
                raise _unknown(dimension, text, data)
            ids |= matches or {}
    levels = sorted(set(ids.values()) - {_NO_LEVEL})
    return Resolved(
        dimension,
        tuple(ids),
        tuple(name for name, level in ids.items() if level == _NO_LEVEL),
        tuple((level, tuple(name for name, depth in ids.items() if depth == level)) for level in levels),
        None in item.values,
        item.negated,
    )


def _entity_values(dimension: Dimension, texts: tuple[str, ...], data: Warehouse) -> dict[str, dict[str, int]]:
    """Text → ids with their level. An id counts before a name; a name may belong to several ids."""
    by_id: dict[str, dict[str, int]] = {}
    by_name: dict[str, dict[str, int]] = {}
    for row in data.values(dimension, texts):
        level = row["depth"] if dimension.tree else _NO_LEVEL
        by_id[row["id"]] = {row["id"]: level}
        by_name.setdefault(row["name"], {})[row["id"]] = level
    return by_name | by_id


def _own_values(dimension: Dimension, texts: tuple[str, ...], data: Warehouse) -> dict[str, dict[str, int]]:
    known = set(_known(dimension, data))
    spoken = {word: choice for field in _fields(dimension, data.model) for word, choice in _words(field)}
    out = {}
    for text in texts:
        value = text if text in known else spoken.get(text.lower(), text if text in spoken.values() else None)
        if value is not None:
            out[text] = {value: _NO_LEVEL}
    return out


def _stands_in_rows(dimension: Dimension, text: str, registry: Registry, data: Warehouse) -> bool:
    """Whether a row refers to this id. Asked only where the dimension itself does not know it."""
    if dimension.entity is None:
        return False
    for fact in data.model.facts:
        for path in registry.paths(dimension, fact.name) if data.has(fact.name) else ():
            if "." not in path:
                same = exp.EQ(this=exp.column(path), expression=exp.Literal.string(text))
                if data.ask(
                    exp.select(exp.Literal.number(1)).from_(exp.to_table(fact.name)).where(same).limit(1)
                ).num_rows:
                    return True
    return False


def _words(field: Field) -> Iterator[tuple[str, str]]:
    """Every word for a choice, in lower case → its value."""
    for choice in field.choices:
        label = choice.label
        for word in (choice.value, label.zh_hans, label.en, to_traditional(label.zh_hans), *choice.aliases):
            yield word.lower(), choice.value


def _known(dimension: Dimension, data: Warehouse, limit: int = 5000) -> list[str]:
    """The values that a dimension without an entity has in the data."""

    def find() -> list[str]:
        parts = [
            exp.select(exp.alias_(exp.cast(exp.column(field), exp.DataType.Type.VARCHAR), "value"))
            .distinct()
            .from_(entity.name)
            for entity, field in dict.fromkeys(_ends(dimension, data.model))
            if data.has(entity.name)
        ]
        if not parts:
            return []
        union = parts[0] if len(parts) == 1 else exp.union(*parts, distinct=True)
        rows = data.ask(exp.select("value").from_(union.subquery("known")).where("NOT value IS NULL").limit(limit))
        return [str(value) for value in rows["value"].to_pylist()]

    return data.remembered(("known values", dimension.dimension), find)


def _ends(dimension: Dimension, model: Model) -> Iterator[tuple[Entity, str]]:
    """The fields in which the paths of a dimension end."""
    for start, paths in dimension.paths.items():
        for path in paths:
            *steps, field = path.split(".")
            holders = [model.entity(steps[-1])] if steps else [model.entity(start)] if model.has(start) else []
            for entity in holders:
                if entity.has(field):
                    yield entity, field


def _fields(dimension: Dimension, model: Model) -> Iterator[Field]:
    for entity, name in _ends(dimension, model):
        yield entity.field(name)


def _owned(dimension: Dimension, model: Model) -> bool:
    """Whether the values of a dimension are rows, or stand in rows, that belong to somebody."""
    if dimension.entity:
        return model.entity(dimension.entity).visibility == "owner"
    return any(entity.visibility == "owner" for entity, _ in _ends(dimension, model))


def _unknown(dimension: Dimension, text: str, data: Warehouse) -> UserError:
    if dimension.entity:
        near = [(str(row["name"] or row["id"]), (str(row["id"]),)) for row in data.some_values(dimension)]
    else:
        near = [(value, (value,)) for value in _known(dimension, data)]
    some = [name for name, _ in near[:8]]
    otherwise = MESSAGES.message("known_ones", names=some) if some else MESSAGES.message("nothing_known")
    return UserError(
        MESSAGES.message("unknown_value", dimension=dimension.label, value=text, hint=hint(text, near, otherwise))
    )
