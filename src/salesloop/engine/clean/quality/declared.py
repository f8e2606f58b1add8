"""The checks that follow from the model itself: what entities declare, references, rates, the future."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlglot import exp

from salesloop.engine.clean.quality.definition import NotInFuture, Reference, Required, RowCheck, Rule
from salesloop.engine.model import entity as declared
from salesloop.engine.model.closed_sql import TEXTS, VALUES, parse_closed
from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.model.text import Message, Messages

MESSAGES: Final = Messages("salesloop.engine.clean.quality")


def declared_checks(entity: Entity, model: Model) -> Iterator[RowCheck]:
    """What always holds for an entity's records, without anybody having to say so."""
    for check in entity.checks:
        yield _as_declared(entity, check)
    for name, target in entity.references.items():
        words = {"field": entity.field(name).label, "target": model.entity(target).label}
        yield Reference.model_construct(**_made(entity, f"{name}_known", "reference", words), field=name)
    if entity.kind == "fact" and entity.has_money:
        yield Rule.model_construct(
            **(_made(entity, "rate_known", "rate") | {"kind": "rule"}), holds="fx_rate IS NOT NULL"
        )
    for name in _happened(entity):
        words = {"field": entity.field(name).label}
        yield NotInFuture.model_construct(**_made(entity, f"{name}_not_in_future", "not_in_future", words), field=name)


def _made(entity: Entity, name: str, kind: str, words: dict[str, Any] | None = None) -> dict[str, Any]:
    """The common parts of a check that nobody wrote."""
    return {
        "check": name,
        "entity": entity.name,
        "label": MESSAGES.message(f"holds_{kind}", **(words or {})),
        "why": MESSAGES.message(f"why_{kind}", **(words or {})),
        "kind": kind,
    }


def _as_declared(entity: Entity, check: declared.Check) -> RowCheck:
    """A check of the entity's own file."""
    tree = parse_closed(check.expression, VALUES + TEXTS)
    said: dict[str, Any] = {
        "check": check.name,
        "entity": entity.name,
        "label": check.label,
        "why": _why(tree),
        "severity": check.severity,
    }
    match tree:
        case exp.Not(this=exp.Is(this=exp.Column() as column, expression=exp.Null())):
            return Required.model_construct(**said, kind="required", field=column.name)
    return Rule.model_construct(**said, kind="rule", holds=check.expression)


def _why(tree: exp.Expr) -> Message:
    """What goes wrong where a declared check fails, told by what it looks at."""
    match tree:
        case exp.Not(this=exp.Is()) | exp.Or():
            return MESSAGES.message("why_required")
        case exp.RegexpLike():
            return MESSAGES.message("why_pattern")
        case exp.Between() | exp.And():
            return MESSAGES.message("why_range")
        case exp.GTE(expression=exp.Literal()) | exp.GT(expression=exp.Literal()):
            return MESSAGES.message("why_range")
        case exp.GTE(this=exp.Column() | exp.Cast(), expression=exp.Column() | exp.Cast()):
            return MESSAGES.message("why_order")
    return MESSAGES.message("why_rule")


def _happened(entity: Entity) -> list[str]:
    """The fields that say when something happened; the first day of a period (targets) may lie ahead."""
    names = [entity.event_date, entity.entry_time] if entity.kind == "fact" else []
    return [name for name in names if name is not None and name != "period_start"]
