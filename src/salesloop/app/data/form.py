"""One table of an import as a form: its columns with samples, how sure each field is, and the fields to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from salesloop.app.data.decide import PATH, main_field
from salesloop.app.data.words import entity_label, field_label
from salesloop.app.ui.language import current_lang
from salesloop.app.workspace.services import workspace
from salesloop.engine.model.text import Message

_LIST_OF = {"zh-Hans": "；", "zh-Hant": "；", "en": "; "}
Options = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column. `level`: good, fair, doubt or none, with `sure` in words; `also` are further fields that it feeds."""

    number: int
    name: str
    samples: list[str]
    chosen: str
    also: list[str]
    level: str
    sure: str
    why: str
    unit: str


@dataclass(frozen=True, slots=True)
class MissingField:
    """A field that no column gives, and the one value for all rows in its place; `choices` (value, label) where it has them."""

    path: str
    label: str
    doc: str
    value: str
    choices: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class TableForm:
    place: int
    title: str
    entity: str
    entity_label: str
    entities: Options
    columns: list[ColumnRow]
    fields: Options
    missing: list[MissingField]
    unused: int
    doubtful: int
    notes: list[str]


def form_of(place: int, table: dict[str, Any]) -> TableForm:
    """The form of the table at `place` of a draft."""
    lang = current_lang()
    columns = [_column(number, column) for number, column in enumerate(table["columns"])]
    return TableForm(
        place,
        table["sheet"],
        table["entity"],
        entity_label(table["entity"]) if table["entity"] else "",
        _entities(table),
        columns,
        _fields(table),
        _missing(table),
        sum(column.level == "none" for column in columns),
        sum(column.level == "doubt" for column in columns),
        [Message.from_json(note).text(lang) for note in table["notes"]],
    )


def _column(number: int, column: dict[str, Any]) -> ColumnRow:
    chosen = main_field(column["fields"])
    level, sure = certainty(column)
    evidence = column["evidence"]
    told = (
        [Message.from_json(one).text(current_lang()) for one in evidence] if evidence != "chosen" else [_("由您选定")]
    )
    why = _LIST_OF[current_lang()].join(told)
    also = [
        f"{entity_label(field.split('.')[0])} · {field_label(field)}" for field in column["fields"] if field != chosen
    ]
    return ColumnRow(number, column["name"], column["samples"], chosen, also, level, sure, why, column["unit"] or "")


def certainty(column: dict[str, Any]) -> tuple[str, str]:
    """How sure the field of a column is: a level for its colour, and the words."""
    if not column["fields"]:  # one that was left out for a reason is to be looked at
        return ("doubt", _("请核对")) if column["evidence"] else ("none", _("不导入"))
    percent = round(column["confidence"] * 100)
    if column["confidence"] >= 0.9:
        return "good", _("有把握 %(percent)d%%") % {"percent": percent}
    if column["confidence"] >= 0.7:
        return "fair", _("较有把握 %(percent)d%%") % {"percent": percent}
    return "doubt", _("请核对 %(percent)d%%") % {"percent": percent}


def _entities(table: dict[str, Any]) -> Options:
    """Likely entities first, then all of them."""
    model = workspace().model
    likely = [candidate["entity"] for candidate in table["candidates"] if candidate["score"] >= 1.0]
    groups = [
        (_("可能是"), [(name, entity_label(name)) for name in likely]),
        (_("业务记录"), [(e.name, entity_label(e.name)) for e in model.facts if e.name not in likely]),
        (_("基础资料"), [(e.name, entity_label(e.name)) for e in model.dimensions if e.name not in likely]),
    ]
    return [(label, options) for label, options in groups if options]


def _fields(table: dict[str, Any]) -> Options:
    """The fields of the primary entity, of those that it refers to, and of whatever the columns feed already."""
    if not table["entity"]:
        return []
    model = workspace().model
    primary = model.entity(table["entity"])
    mentioned = [
        field.split(".")[0] for column in table["columns"] for field in (*column["fields"], *column["alternatives"])
    ]
    names = dict.fromkeys([primary.name, *primary.references.values(), *mentioned])
    groups: Options = []
    for name in names:
        entity = model.entity(name)
        if name != primary.name and entity.kind == "fact" and name not in mentioned:
            continue
        fields = [
            (f"{name}.{field.name}", _marked(field_label(f"{name}.{field.name}"), field.name in entity.required))
            for field in entity.fields
            if field.name != "source_system"
        ]
        if entity.levels:
            fields.append((f"{name}{PATH}", field_label(f"{name}{PATH}")))
        groups.append((entity_label(name), fields))
    return groups


def _marked(label: str, required: bool) -> str:
    return _("%(field)s（必需）") % {"field": label} if required else label


def _missing(table: dict[str, Any]) -> list[MissingField]:
    """Required fields that no column gives, and the constants in their place."""
    model, lang = workspace().model, current_lang()
    constants: dict[str, str] = (table["mapping"] or {}).get("constants", {})
    found = []
    for path in dict.fromkeys([*table["missing"], *constants]):
        declared = model.entity(path.split(".")[0]).field(path.split(".")[1])
        given = constants.get(path, "")
        choices = [(choice.value, choice.label.get(lang)) for choice in declared.choices]
        if given and given not in dict(choices):
            choices = []  # a mapping written by hand may say it in other words
        found.append(MissingField(path, declared.label.get(lang), declared.doc.get(lang), given, choices))
    return found
