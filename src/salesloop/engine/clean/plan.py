"""What a mapping says about a table, checked against both and laid out for the queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pyarrow as pa

from salesloop.engine.clean.columns import ROW
from salesloop.engine.clean.values import value_type
from salesloop.engine.clean.values.cells import is_blank, literal
from salesloop.engine.clean.values.label import Text as TextType
from salesloop.engine.clean.values.recipe import NONE_OFF, Off, ValueType
from salesloop.engine.clean.values.unit import Unit, parse_unit
from salesloop.engine.collect.mapping import Mapping
from salesloop.engine.collect.raw import RawTable
from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.fields import Field
from salesloop.engine.model.text import Message, Messages

MESSAGES: Final = Messages("salesloop.engine.clean")


@dataclass(frozen=True)
class Source:
    """One text that is read: a column, several columns joined by a blank, or a constant (`column` is None).

    `sql` is the text over the table as delivered, `places` the columns there that it is made of, `column` what people
    see as its header.
    """

    alias: str
    sql: str
    column: str | None
    kind: ValueType
    entity: str
    field: Field | None
    unit: Unit | None = None
    places: tuple[int, ...] = ()

    @property
    def type_name(self) -> str:
        return self.field.type if self.field else "text"


@dataclass(frozen=True)
class Path:
    """The sources that name the levels of a tree, top first, and the reference fields that take the deepest node."""

    entity: str
    levels: tuple[str, ...]
    feeds: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Plan:
    """`delivered` says which source states a field of an entity. `notes` collects what a person should know. `off` are
    the repairs that workspace or mapping do not want."""

    entity: Entity
    model: Model
    sources: dict[str, Source]
    delivered: dict[tuple[str, str], str]
    paths: tuple[Path, ...]
    notes: list[Message] = field(default_factory=list)
    off: Off = NONE_OFF

    def source(self, entity: str, name: str) -> Source | None:
        """The source of a field; None where it was not delivered."""
        alias = self.delivered.get((entity, name))
        return self.sources[alias] if alias else None

    @property
    def secondary(self) -> tuple[Entity, ...]:
        """The entities that the table mentions beside its own, in the order of the model."""
        named = {entity for entity, _ in self.delivered} | {path.entity for path in self.paths}
        return tuple(e for e in self.model.entities if e.name in named and e.name != self.entity.name)

    @property
    def kinds(self) -> dict[str, ValueType]:
        """How each source is read."""
        return {alias: source.kind for alias, source in self.sources.items()}


def make_plan(raw: RawTable, mapping: Mapping, model: Model, timezone: str, off: Off = NONE_OFF) -> Plan:
    """Check the mapping against table and model. UserError names what is not there. `off`: repairs that are not wanted."""
    sources = _Sources(raw, mapping, timezone)
    delivered: dict[tuple[str, str], str] = {}
    for path in dict.fromkeys([one.field for one in mapping.columns] + list(mapping.constants)):
        entity, name = target = _target(model, path)
        declared = model.entity(entity).field(name)
        headers = mapping.columns_of(path)
        unit = next((one.unit for one in mapping.columns if one.field == path and one.unit), None)
        if headers:
            delivered[target] = sources.columns(headers, entity, declared, unit)
        else:
            delivered[target] = sources.constant(mapping.constants[path], entity, declared)
    paths = tuple(
        Path(
            model.entity(path.entity).name,
            tuple(sources.columns([header], path.entity, None, None) for header in path.columns),
            tuple(_target(model, feed) for feed in path.feeds),
        )
        for path in mapping.paths
    )
    return Plan(model.entity(mapping.entity), model, sources.found, delivered, paths, off=off)


class _Sources:
    """Collects sources; fields of the same type on the same columns share one."""

    def __init__(self, raw: RawTable, mapping: Mapping, timezone: str) -> None:
        self.raw, self.mapping, self.timezone = raw, mapping, timezone
        self.found: dict[str, Source] = {}

    def columns(self, headers: Sequence[str], entity: str, declared: Field | None, stated: str | None) -> str:
        for header in headers:
            if header not in self.raw.columns:
                raise UserError(MESSAGES.message("column_missing", column=header, known=list(self.raw.columns)))
        if len(headers) == 1:
            sql = self.place(headers[0])
        else:
            places = map(self.place, headers)
            parts = (f"CASE WHEN NOT {is_blank(place)} THEN trim({place}) END" for place in places)
            sql = f"concat_ws(' ', {', '.join(parts)})"
        unit = self._unit(headers, declared, stated)
        kind = value_type(declared, self.timezone, unit) if declared else TextType()
        translated = self._translated(sql, entity, declared)
        found = tuple(map(self.raw.columns.index, headers))
        return self._add(Source("", translated, " + ".join(headers), kind, entity, declared, unit, found))

    def place(self, header: str) -> str:
        return column_name(self.raw.columns.index(header))

    def constant(self, text: str, entity: str, declared: Field) -> str:
        kind = value_type(declared, self.timezone)
        return self._add(Source("", self._translated(literal(text), entity, declared), None, kind, entity, declared))

    def _add(self, source: Source) -> str:
        for alias, known in self.found.items():
            if (known.sql, known.kind) == (source.sql, source.kind):
                return alias
        alias = f"_c{len(self.found)}"
        self.found[alias] = replace(source, alias=alias)
        return alias

    def _unit(self, headers: Sequence[str], declared: Field | None, stated: str | None) -> Unit | None:
        """What the mapping states, else the header, else (for money) the sheet."""
        for text in (stated, *(self.raw.units.get(header) for header in headers)):
            if unit := parse_unit(text):
                return unit
        return parse_unit(self.raw.sheet_unit) if declared is not None and declared.type == "money" else None

    def _translated(self, sql: str, entity: str, declared: Field | None) -> str:
        """The text after the value map of the mapping (线下 → 直销)."""
        values = self.mapping.values.get(f"{entity}.{declared.name}", {}) if declared else {}
        if not values:
            return sql
        cases = " ".join(f"WHEN {literal(was)} THEN {literal(to)}" for was, to in values.items())
        return f"CASE trim({sql}) {cases} ELSE {sql} END"


def column_name(place: int) -> str:
    """The name of a delivered column in queries: DuckDB would not tell `Amount` from `amount`."""
    return f"_r{place}"


def as_delivered(raw: RawTable) -> pa.Table:
    """The rows with columns named by their place (`column_name`)."""
    names = [ROW, *(column_name(place) for place in range(len(raw.columns)))]
    return raw.data.select([ROW, *raw.columns]).rename_columns(names)


def _target(model: Model, path: str) -> tuple[str, str]:
    entity, _, name = path.partition(".")
    return model.entity(entity).name, model.entity(entity).field(name).name
