"""Checks what is mapped on an engine: that each view can be read, and holds what the numbers rely on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from salesloop.engine.model.entity import Entity
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Message
from salesloop.engine.store.engines.dialect import text
from salesloop.engine.store.remote.definition import MESSAGES
from salesloop.engine.store.remote.mapped import MappedEngine
from salesloop.engine.store.schema import has_rate

State = Literal["ok", "warning", "error"]
_SOME = 5


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found of one entity."""

    entity: str
    state: State
    message: Message


def examine_views(engine: MappedEngine) -> Iterator[Judgement]:
    """Every mapped entity in the order of the model. An engine that does not answer at all raises UserError."""
    engine.engine.execute("SELECT 1 AS one")
    for entity in engine.canon.model.entities:
        if not engine.canon.has(entity.name):
            continue
        try:
            yield from _judged(entity, engine)
        except UserError as error:
            yield _said(entity, "error", "check_failed", problem=error.message)


def _judged(entity: Entity, engine: MappedEngine) -> Iterator[Judgement]:
    missing = [
        name
        for name in entity.required
        if name not in engine.canon.views[entity.name].mapped and entity.field(name).default is None
    ]
    if missing:
        yield _said(entity, "error", "check_required", fields=missing)
    engine.execute(f"SELECT * FROM {entity.name} LIMIT 0")
    day = exp.Null() if entity.event_date is None else exp.Max(this=exp.cast(exp.column(entity.event_date), "DATE"))
    row = _ask(
        engine,
        exp.select(
            exp.alias_(exp.cast(exp.Count(this=exp.Star()), "BIGINT"), "counted"),
            exp.alias_(exp.cast(day, "DATE"), "newest"),
        ).from_(entity.name),
    )[0]
    if not row["counted"]:
        yield _said(entity, "warning", "check_empty")
        return
    yield _said(entity, "ok", "check_ok", rows=row["counted"], newest=row["newest"] or "—")
    if not missing:
        yield from _keys(entity, engine)
    yield from _choices(entity, engine)
    yield from _rates(entity, engine)


def _keys(entity: Entity, engine: MappedEngine) -> Iterator[Judgement]:
    key = [exp.column(name) for name in entity.key]
    empty = exp.or_(*(exp.Is(this=column.copy(), expression=exp.Null()) for column in key))
    count = exp.alias_(exp.cast(exp.Count(this=exp.Star()), "BIGINT"), "counted")
    blank = _ask(engine, exp.select(count).from_(entity.name).where(empty))[0]["counted"]
    if blank:
        yield _said(entity, "error", "check_keys_empty", count=blank, names=list(entity.key))
    groups = exp.select(*key).from_(entity.name).group_by(*(column.copy() for column in key))
    twice = groups.having(exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1)))
    found = _ask(engine, exp.select(count.copy()).from_(twice.subquery("twice")))[0]["counted"]
    if found:
        example = _ask(engine, exp.select("*").from_(twice.subquery("twice")).limit(1))[0]
        told = "/".join(str(value) for value in example.values())
        yield _said(entity, "error", "check_keys_twice", count=found, names=list(entity.key), example=told)


def _choices(entity: Entity, engine: MappedEngine) -> Iterator[Judgement]:
    for field in entity.fields:
        if not field.choices or field.name not in engine.canon.views[entity.name].mapped:
            continue
        known = [choice.value for choice in field.choices]
        column = exp.column(field.name)
        others = exp.not_(column.copy().isin(*known))
        query = exp.select(column).distinct().from_(entity.name).where(others).limit(_SOME)
        unknown = [row[field.name] for row in _ask(engine, query)]
        if unknown:
            yield _said(entity, "warning", "check_choices", field=field.name, values=unknown, known=known)


def _rates(entity: Entity, engine: MappedEngine) -> Iterator[Judgement]:
    if not has_rate(entity) or "currency" not in engine.canon.views[entity.name].mapped:
        return
    count = exp.alias_(exp.cast(exp.Count(this=exp.Star()), "BIGINT"), "counted")
    unknown = exp.Is(this=exp.column("fx_rate"), expression=exp.Null())
    lacking = _ask(engine, exp.select(count).from_(entity.name).where(unknown))[0]["counted"]
    if lacking:
        yield _said(entity, "warning", "check_rates", count=lacking)


def _ask(engine: MappedEngine, query: exp.Select) -> list[dict[str, object]]:
    return engine.execute(text(query, engine.dialect)).to_pylist()


def _said(entity: Entity, state: State, sentence: str, **params: object) -> Judgement:
    return Judgement(entity.name, state, MESSAGES.message(sentence, entity=entity.label, **params))
