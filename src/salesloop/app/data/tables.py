"""The tables of the warehouse: how much is there, how fresh it is, what each field means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from salesloop.app.ui.language import current_lang, joined
from salesloop.app.workspace.services import snapshot, workspace
from salesloop.engine.model.entity import Entity
from salesloop.engine.model.text import Messages
from salesloop.engine.report.number import Format

_MODEL = Messages("salesloop.engine.model")
FORMATS: dict[str, Format] = {
    "integer": "number",
    "decimal": "number",
    "quantity": "number",
    "money": "money",
    "percent": "percent",
}


@dataclass(frozen=True, slots=True)
class TableRow:
    """One entity. `last_event` is its newest day, `last_received` (UTC) when it was last delivered."""

    name: str
    label: str
    doc: str
    kind: str
    rows: int
    last_event: dt.date | None
    last_received: dt.datetime | None


@dataclass(frozen=True, slots=True)
class FieldRow:
    name: str
    label: str
    doc: str
    type: str
    required: bool
    references: str
    choices: str


def tables() -> list[TableRow]:
    """All entities: those with rows first, by how many."""
    current, lang = snapshot(), current_lang()
    fresh = current.freshness()
    found = [
        TableRow(
            entity.name,
            entity.label.get(lang),
            entity.doc.get(lang),
            entity.kind,
            current.count(entity.name),
            fresh[entity.name].last_event if entity.name in fresh else None,
            fresh[entity.name].last_received if entity.name in fresh else None,
        )
        for entity in workspace().model.entities
    ]
    return sorted(found, key=lambda table: (-table.rows, table.label))


def fields_of(entity: Entity) -> list[FieldRow]:
    """The dictionary of one entity."""
    lang = current_lang()
    model = workspace().model
    return [
        FieldRow(
            field.name,
            field.label.get(lang),
            field.doc.get(lang),
            _MODEL.say(f"type_{field.type}", lang),
            field.name in entity.required,
            model.entity(field.references).label.get(lang) if field.references else "",
            joined(choice.label.get(lang) for choice in field.choices),
        )
        for field in entity.fields
    ]


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """A column of rows. `format` only for numbers; `main` columns are those that a phone shows."""

    name: str
    label: str
    format: Format | None
    main: bool


def columns_of(entity: Entity, rows: Sequence[dict[str, Any]]) -> list[ColumnHead]:
    """The fields that any of the rows has."""
    lang = current_lang()
    filled = {name for row in rows for name, value in row.items() if value not in (None, "")}
    main = {entity.key[0], entity.event_date, entity.name_field, "amount"}
    return [
        ColumnHead(f.name, f.label.get(lang), FORMATS.get(f.type), f.name in main)
        for f in entity.fields
        if f.name in filled
    ]
