"""The declaration of one entity of the sales world, and the model: all of them together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from graphlib import TopologicalSorter
from typing import Literal, Self

from pydantic import Field as _Field
from pydantic import model_validator

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.fields import Declaration, Field
from salesloop.engine.model.text import Messages, Text

_MESSAGES = Messages("salesloop.engine.model")

Kind = Literal["dimension", "fact"]
Severity = Literal["error", "warning", "info"]

_QUOTED = re.compile(r"'(?:[^']|'')*'")
_WORD = re.compile(r"\b[a-z_][a-z0-9_]*\b")


def fields_in(expression: str) -> frozenset[str]:
    """Lower-case words of an SQL expression outside its quoted texts: the candidates for field names."""
    return frozenset(_WORD.findall(_QUOTED.sub("", expression)))


class Check(Declaration):
    """A rule that always holds for a row: a boolean SQL expression over its fields.

    A row fails where the expression is false; NULL (something it speaks of is missing) does not fail.
    """

    name: str = _Field(pattern=r"^[a-z][a-z0-9_]*$")
    expression: str
    label: Text
    severity: Severity = "warning"


class Level(Declaration):
    """One level of a tree dimension, top first, and the headers of wide exports that hold it (国家, 省份, 城市 …)."""

    name: str = _Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: Text
    aliases: tuple[str, ...] = ()


class Entity(Declaration):
    """One kind of thing or event. Keys are the business key: the same key delivered again replaces the row."""

    name: str = _Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: Kind
    label: Text
    doc: Text
    key: tuple[str, ...] = _Field(min_length=1)
    fields: tuple[Field, ...]
    checks: tuple[Check, ...] = ()
    levels: tuple[Level, ...] = ()
    event_date: str | None = None
    entry_time: str | None = None
    visibility: Literal["owner", "shared"] = "shared"
    name_field: str | None = None
    sheet_aliases: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _names_are_fields(self) -> Self:
        names = [field.name for field in self.fields]
        if len(set(names)) != len(names):
            raise ValueError("a field is declared twice")
        spoken_of = [*self.key, self.event_date, self.entry_time, self.name_field]
        unknown = [name for name in spoken_of if name is not None and name not in names]
        if unknown:
            raise ValueError(f"unknown fields: {', '.join(unknown)}")
        if self.kind == "fact" and self.event_date is None:
            raise ValueError("a fact needs an event_date")
        return self

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}

    def field(self, name: str) -> Field:
        """UserError where the entity has no such field."""
        if name not in self.by_name:
            raise UserError(
                _MESSAGES.message(
                    "unknown_field",
                    entity=self.label,
                    name=name,
                    known=list(self.by_name),
                )
            )
        return self.by_name[name]

    def has(self, name: str) -> bool:
        return name in self.by_name

    @property
    def required(self) -> tuple[str, ...]:
        """Fields without which a row goes to quarantine: the required ones and the key."""
        return tuple(f.name for f in self.fields if f.required or f.name in self.key)

    @property
    def references(self) -> Mapping[str, str]:
        """Field name → name of the entity that it refers to."""
        return {field.name: field.references for field in self.fields if field.references is not None}

    @property
    def has_money(self) -> bool:
        """Whether rows carry a currency, and so an `fx_rate` in the snapshot."""
        return self.has("currency") and "currency" not in self.key

    @cached_property
    def derivations(self) -> tuple[Field, ...]:
        """The fields with a `derive`, each after those that its expression uses. ValueError on a circle."""
        derived = {field.name: field.derive for field in self.fields if field.derive is not None}
        order = TopologicalSorter({name: fields_in(sql) & derived.keys() for name, sql in derived.items()})
        return tuple(self.by_name[name] for name in order.static_order())


class Model:
    """All entities of a workspace: built in plus its own."""

    def __init__(self, entities: Mapping[str, Entity]) -> None:
        self._entities = dict(entities)
        for entity in self._entities.values():
            for field, target in entity.references.items():
                if target not in self._entities:
                    raise UserError(
                        _MESSAGES.message(
                            "unknown_reference",
                            entity=entity.name,
                            field=field,
                            name=target,
                        )
                    )

    @property
    def entities(self) -> tuple[Entity, ...]:
        """Dimensions first, then facts, in the order of declaration."""
        return self.dimensions + self.facts

    @property
    def dimensions(self) -> tuple[Entity, ...]:
        return tuple(e for e in self._entities.values() if e.kind == "dimension")

    @property
    def facts(self) -> tuple[Entity, ...]:
        return tuple(e for e in self._entities.values() if e.kind == "fact")

    def entity(self, name: str) -> Entity:
        """UserError where there is no such entity."""
        if name not in self._entities:
            raise UserError(_MESSAGES.message("unknown_entity", name=name, known=[e.name for e in self.entities]))
        return self._entities[name]

    def has(self, name: str) -> bool:
        return name in self._entities
