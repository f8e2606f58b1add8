"""Whether a check that somebody wrote makes sense in this model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import duckdb

from salesloop.engine.clean.quality import definition as say
from salesloop.engine.clean.quality.declared import MESSAGES
from salesloop.engine.clean.quality.rules import Circumstances, columns_in, rules_of, verdicts
from salesloop.engine.clean.values.cells import ident
from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.model.text import Message
from salesloop.engine.store.engines.quiet import connect
from salesloop.engine.store.schema import columns, owner_fields

_DATES: Final = ("date", "datetime")
_NUMBERS: Final = ("integer", "decimal", "money", "quantity", "percent")


@dataclass(frozen=True, slots=True)
class Problem:
    """Where in a check something is wrong (the name of its part), and what."""

    place: str
    message: Message


def problems_of(check: say.Check, model: Model) -> Iterator[Problem]:
    """Everything that is wrong with a check, the first thing first."""
    if not model.has(check.entity):
        known = [entity.name for entity in model.entities]
        yield Problem("entity", MESSAGES.message("no_such_entity", name=check.entity, known=known))
        return
    entity = model.entity(check.entity)
    unknown = list(_unknown_fields(check, entity))
    yield from unknown
    wrong = [*_wrong_sql(check, entity), *(() if unknown else _wrong_use(check, entity, model))]
    yield from wrong
    if not unknown and not wrong and not isinstance(check, say.TABLE_KINDS):
        yield from _unanswerable(check, entity, model)


def _unknown_fields(check: say.Check, entity: Entity) -> Iterator[Problem]:
    named = {part: [getattr(check, part)] for part in ("field", "by", "event", "entry") if hasattr(check, part)}
    named |= {part: list(getattr(check, part)) for part in ("fields", "touched") if hasattr(check, part)}
    for part, names in named.items():
        for name in names:
            if not entity.has(name):
                yield Problem(part, _no_field(entity, name))


def _wrong_sql(check: say.Check, entity: Entity) -> Iterator[Problem]:
    added = {*owner_fields(entity), "fx_rate"}
    for part in ("when", "holds", "open"):
        sql = getattr(check, part, None)
        if sql is None:
            continue
        try:
            names = columns_in(sql)
        except ValueError as error:
            yield Problem(part, MESSAGES.message("sql_wrong", problem=str(error)))
            continue
        for name in sorted(names):
            if not entity.has(name) and name not in added:
                yield Problem(part, _no_field(entity, name))


def _wrong_use(check: say.Check, entity: Entity, model: Model) -> Iterator[Problem]:
    match check:
        case say.Reference(field=name) if name not in entity.references:
            yield Problem("field", MESSAGES.message("not_a_reference", entity=entity.label, name=name))
        case say.Range(field=name, min=low, max=high):
            dated = entity.field(name).type in _DATES
            fits = dated or entity.field(name).type in _NUMBERS
            for part, bound in (("min", low), ("max", high)):
                if bound is not None and not (fits and dated == isinstance(bound, dt.date)):
                    yield Problem(part, MESSAGES.message("not_that_bound", name=name, bound=str(bound)))
        case say.Outlier(field=name) if entity.field(name).type not in _NUMBERS:
            yield Problem("field", MESSAGES.message("not_a_number", name=name))
        case say.Order(fields=names) | say.Stale(touched=names):
            yield from _dates(entity, "fields" if isinstance(check, say.Order) else "touched", names)
            for other in getattr(check, "touched_by", ()):
                yield from _referring(entity, other, model)
        case say.NotInFuture(field=name):
            yield from _dates(entity, "field", (name,))
        case say.BackDated(event=event, entry=entry):
            yield from _dates(entity, "event", (event,))
            yield from _dates(entity, "entry", (entry,))
        case say.Freshness(of="event") | say.Volume(per="day") | say.Drift() if entity.event_date is None:
            yield Problem("entity", MESSAGES.message("no_event_date", entity=entity.label))


def _unanswerable(check: say.RowCheck, entity: Entity, model: Model) -> Iterator[Problem]:
    """What the database says of it, asked over empty tables: a wrong type or pattern must not stop an import later."""
    read = {entity.name, *entity.references.values(), *getattr(check, "touched_by", ())}
    tables = {name: columns(model.entity(name), model) for name in read}
    with connect() as con:
        for name, types in tables.items():
            con.execute(f"CREATE TABLE {ident(name)} ({', '.join(f'{ident(c)} {kind}' for c, kind in types.items())})")
        names = {name: set(types) for name, types in tables.items()}
        rules = rules_of(entity, model, [check], names, Circumstances(dt.date(2000, 1, 1)))
        try:
            con.execute(verdicts(rules, f"FROM {ident(entity.name)} t", inline=True))
        except duckdb.Error as error:
            yield Problem(check.kind, MESSAGES.message("sql_wrong", problem=str(error).splitlines()[0]))


def _dates(entity: Entity, part: str, names: tuple[str, ...]) -> Iterator[Problem]:
    for name in names:
        if entity.field(name).type not in _DATES:
            yield Problem(part, MESSAGES.message("not_a_date", name=name))


def _referring(entity: Entity, other: str, model: Model) -> Iterator[Problem]:
    if not model.has(other):
        known = [each.name for each in model.entities]
        yield Problem("touched_by", MESSAGES.message("no_such_entity", name=other, known=known))
    elif entity.name not in model.entity(other).references.values():
        words = {"other": model.entity(other).label, "entity": entity.label}
        yield Problem("touched_by", MESSAGES.message("not_referring", **words))
    elif model.entity(other).event_date is None:
        yield Problem("touched_by", MESSAGES.message("no_event_date", entity=model.entity(other).label))


def _no_field(entity: Entity, name: str) -> Message:
    return MESSAGES.message("no_such_field", entity=entity.label, name=name, known=[f.name for f in entity.fields])
