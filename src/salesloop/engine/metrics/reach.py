"""What can be reached from a row of an entity: columns of its own, and of others through references."""

from __future__ import annotations

import difflib
from typing import Final

from salesloop.engine.metrics.dimension import Dimension
from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.model.text import Message, Messages

_MESSAGES: Final = Messages("salesloop.engine.metrics")


def usable_paths(dimension: Dimension, entity: Entity, model: Model) -> tuple[str, ...]:
    """The ways from a row of an entity to a dimension that the fields of the model allow."""
    return tuple(path for path in dimension.paths_from(entity.name) if walk(path, entity, model) is None)


def walk(path: str, entity: Entity, model: Model) -> Message | None:
    """What stops the way `customer.region_id` from an entity, or None where it is open.

    Every step but the last goes through a reference to an entity with a single key, so that a row stays one row.
    """
    here = entity
    *steps, last = path.split(".")
    for step in steps:
        if reference(here, step) is None:
            return _MESSAGES.message(
                "wrong_reference", entity=here.name, name=step, known=sorted(set(here.references.values()))
            )
        here = model.entity(step)
        if len(here.key) != 1:
            return _MESSAGES.message("wrong_dated", name=step)
    if not has_column(here, last):
        return no_field(here, last)
    return None


def reference(entity: Entity, target: str) -> str | None:
    """The field by which rows of an entity refer to another; the one named like the key where there are several."""
    fields = [name for name, referred in entity.references.items() if referred == target]
    return f"{target}_id" if f"{target}_id" in fields else next(iter(fields), None)


def has_column(entity: Entity, name: str) -> bool:
    """Whether the snapshot's table has it: facts carry their owners and the exchange rate besides their fields."""
    if entity.has(name):
        return True
    if entity.kind != "fact":
        return False
    if name == "fx_rate":
        return entity.has_money
    return name in ("employee_id", "org_unit_id") and (entity.visibility == "owner" or entity.has("employee_id"))


def no_field(entity: Entity, name: str) -> Message:
    """That an entity has no such field, with those of a similar name."""
    near = difflib.get_close_matches(name, [field.name for field in entity.fields], 3, 0.5)
    known = near or [field.name for field in entity.fields]
    return _MESSAGES.message("wrong_field_near" if near else "wrong_field", entity=entity.name, name=name, known=known)
