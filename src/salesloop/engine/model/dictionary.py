"""The data dictionary: the model's declarations as pages for people and as JSON for machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.model.fields import WAREHOUSE_TYPES, Field
from salesloop.engine.model.text import LANGS, Lang, Messages, Text

_MESSAGES = Messages("salesloop.engine.model")


def entity_json(entity: Entity) -> dict[str, Any]:
    """Everything declared about an entity, with every text in the three languages."""
    return {
        **entity.model_dump(mode="json", exclude={"fields", "checks", "levels", "label", "doc"}),
        "label": _all_languages(entity.label),
        "doc": _all_languages(entity.doc),
        "fields": [_field_json(field) for field in entity.fields],
        "checks": [check.model_dump(mode="json") | {"label": _all_languages(check.label)} for check in entity.checks],
        "levels": [level.model_dump(mode="json") | {"label": _all_languages(level.label)} for level in entity.levels],
    }


def entity_rows(model: Model, lang: Lang) -> tuple[list[str], list[list[str]]]:
    """The list of entities: headings and rows."""
    rows = [
        [e.name, e.label.get(lang), _word(e.kind, lang), ", ".join(e.key), str(len(e.fields)), e.doc.get(lang)]
        for e in model.entities
    ]
    return _heads(("entity", "name", "kind", "key", "fields", "doc"), lang), rows


def field_rows(entity: Entity, lang: Lang) -> tuple[list[str], list[list[str]]]:
    """The fields of an entity: headings and rows. An asterisk marks the key."""
    rows = [
        [
            field.name + ("*" if field.name in entity.key else ""),
            field.label.get(lang),
            _MESSAGES.say(f"type_{field.type}", lang),
            "" if field.unit is None else _MESSAGES.say(f"unit_{field.unit}", lang),
            _word("yes", lang) if field.name in entity.required else "",
            _meaning(field, lang),
        ]
        for field in entity.fields
    ]
    return _heads(("field", "name", "type", "unit", "required", "doc"), lang), rows


def choice_rows(entity: Entity, lang: Lang) -> tuple[list[str], list[list[str]]]:
    """The allowed values of the choice fields: headings and rows."""
    rows = [
        [field.name, choice.value, choice.label.get(lang), _listed(choice.aliases, lang)]
        for field in entity.fields
        for choice in field.choices
    ]
    return _heads(("field", "value", "name", "also"), lang), rows


def check_rows(entity: Entity, lang: Lang) -> tuple[list[str], list[list[str]]]:
    """The rules that hold for every row: headings and rows."""
    rows = [
        [check.name, check.label.get(lang), check.expression, _word(check.severity, lang)] for check in entity.checks
    ]
    return _heads(("check", "name", "expression", "severity"), lang), rows


def derived_rows(entity: Entity, lang: Lang) -> tuple[list[str], list[list[str]]]:
    """How fields are filled that were not delivered, in the order in which that happens: headings and rows."""
    rows = [[field.name, field.derive or ""] for field in entity.derivations]
    return _heads(("field", "derived"), lang), rows


def header_rows(entity: Entity, lang: Lang) -> tuple[list[str], list[list[str]]]:
    """The headers by which exports call the fields (and the levels of a tree): headings and rows."""
    rows = [[field.name, _listed(field.aliases, lang)] for field in entity.fields if field.aliases]
    rows += [[f"path · {level.label.get(lang)}", _listed(level.aliases, lang)] for level in entity.levels]
    return _heads(("field", "headers"), lang), rows


def facts_about(entity: Entity, lang: Lang) -> list[tuple[str, str]]:
    """What holds for the entity as a whole: heading and value."""
    about = [
        ("kind", _word(entity.kind, lang)),
        ("key", ", ".join(entity.key)),
        ("event_date", entity.event_date or ""),
        ("entry_time", entity.entry_time or ""),
        ("visibility", _word(entity.visibility, lang)),
        ("levels", " → ".join(level.label.get(lang) for level in entity.levels)),
        ("sheets", _listed(entity.sheet_aliases, lang)),
    ]
    return [(_word(heading, lang), value) for heading, value in about if value]


def dictionary_markdown(model: Model, lang: Lang) -> str:
    """The whole dictionary as one Markdown page."""
    return "\n".join(_page(model, lang)) + "\n"


def entity_markdown(entity: Entity, lang: Lang) -> str:
    """The section of one entity."""
    return "\n".join(_entity_section(entity, lang)).lstrip() + "\n"


def table_markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    return "\n".join(_table(heads, rows)) + "\n"


def _page(model: Model, lang: Lang) -> Iterator[str]:
    yield f"# {_word('title', lang)}\n"
    yield f"{_word('about', lang)}\n"
    for heading, entities in (("dimensions", model.dimensions), ("facts", model.facts)):
        names = _listed([f"[{e.label.get(lang)}](#{e.name})" for e in entities], lang)
        yield f"- {_word(heading, lang)}{': ' if lang == 'en' else '：'}{names}"
    yield f"\n## {_word('types', lang)}\n"
    types = [
        [_MESSAGES.say(f"type_{type_}", lang), _MESSAGES.say(f"format_{type_}", lang), stored]
        for type_, stored in WAREHOUSE_TYPES.items()
    ]
    yield from _table(_heads(("type", "format", "stored"), lang), types)
    for entity in model.entities:
        yield from _entity_section(entity, lang)


def _entity_section(entity: Entity, lang: Lang) -> Iterator[str]:
    yield f'\n<a id="{entity.name}"></a>\n\n## {entity.label.get(lang)} `{entity.name}`\n'
    yield f"{entity.doc.get(lang)}\n"
    for heading, value in facts_about(entity, lang):
        yield f"- {heading}{': ' if lang == 'en' else '：'}{value}"
    yield ""
    yield from _table(*field_rows(entity, lang))
    for heading, (heads, rows), code in (
        ("choices", choice_rows(entity, lang), None),
        ("derivations", derived_rows(entity, lang), 1),
        ("checks", check_rows(entity, lang), 2),
    ):
        if rows:
            yield f"\n### {_word(heading, lang)}\n"
            yield from _table(heads, rows, code)
    yield f"\n<details><summary>{_word('headers', lang)}</summary>\n"
    yield from _table(*header_rows(entity, lang))
    yield "\n</details>"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], code: int | None = None) -> Iterator[str]:
    """The lines of a table; `code` is the column that holds SQL."""
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        cells = (f"`{text}`" if index == code else text.replace("*", "\\*") for index, text in enumerate(row))
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _field_json(field: Field) -> dict[str, Any]:
    return field.model_dump(mode="json", exclude={"label", "doc", "choices"}) | {
        "label": _all_languages(field.label),
        "doc": _all_languages(field.doc),
        "choices": [c.model_dump(mode="json") | {"label": _all_languages(c.label)} for c in field.choices],
        "stored_as": field.warehouse_type,
    }


def _meaning(field: Field, lang: Lang) -> str:
    """The doc, what is referred to, and what is stored where nothing was delivered."""
    parts = [field.doc.get(lang).rstrip("。.")]
    if field.references:
        parts.append(_MESSAGES.say("dictionary_refers", lang, entity=field.references))
    if field.default:
        parts.append(_MESSAGES.say("dictionary_default", lang, value=field.default))
    if field.default == "":
        parts.append(_word("default_empty", lang))
    return ("; " if lang == "en" else "；").join(parts)


def _all_languages(text: Text) -> dict[str, str]:
    return {lang: text.get(lang) for lang in LANGS}


def _listed(words: Iterable[str], lang: Lang) -> str:
    return (", " if lang == "en" else "、").join(words)


def _heads(names: Sequence[str], lang: Lang) -> list[str]:
    return [_word(name, lang) for name in names]


def _word(name: str, lang: Lang) -> str:
    return _MESSAGES.say(f"dictionary_{name}", lang)
