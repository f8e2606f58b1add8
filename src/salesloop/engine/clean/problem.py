"""The reasons for which a row must wait in quarantine, as SQL conditions over the typed rows."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from salesloop.engine.clean.plan import MESSAGES, Source
from salesloop.engine.clean.values.cells import ident
from salesloop.engine.model.entity import Check, Entity, fields_in
from salesloop.engine.model.fields import Field
from salesloop.engine.model.text import Message

_STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "identifier": ("excel_rounded", "excel_error", "unreadable_currency", "wrong_check_digit"),
    "phone": ("unreadable_phone", "excel_rounded", "excel_error"),
    "choice": ("unknown_choice", "excel_error"),
    "text": ("excel_error",),
}


@dataclass(frozen=True)
class Problem:
    """`condition` holds for the rows that have it; `value` is SQL for what stands there. `params` are the parameters of
    the message but for the value. `gate` holds for those rows too, and is what several problems have in common."""

    condition: str
    reason: str
    field: str | None
    column: str | None
    value: str
    params: Mapping[str, object]
    gate: str

    @property
    def params_json(self) -> str:
        """The parameters in the form that a message is stored in."""
        return json.dumps(Message(self.reason, self.params, MESSAGES.package).to_json()["params"], ensure_ascii=False)


def unreadable(field: Field, source: Source) -> Iterator[Problem]:
    """A non-blank cell of `source` that gives no value, by each reason that its type knows."""
    for reason in reasons(field):
        state = "!unreadable" if reason == f"unreadable_{field.type}" else f"!{reason}"
        condition = f"{source.alias}_s = '{state}'"
        gate = f"starts_with({source.alias}_s, '!')"
        yield Problem(condition, reason, field.name, source.column, f"{source.alias}_x", _params(field, reason), gate)


def reasons(field: Field) -> Sequence[str]:
    """Why a cell of this field can be unreadable."""
    return (*_STATES.get(field.type, (f"unreadable_{field.type}", "excel_error")), "repair_off")


def reason_of(field: Field | None, state: str) -> str:
    """SQL: the reason key of a state that begins with `!`."""
    kind = field.type if field else "text"
    return f"CASE {state} WHEN '!unreadable' THEN 'unreadable_{kind}' ELSE substr({state}, 2) END"


def missing(field: Field, source: Source | None = None, *, stateful: bool = False) -> Problem:
    """A required field without a value, other than by an unreadable cell (`stateful`: the source has states)."""
    params = _params(field, "missing_required")
    condition = gate = f"{ident(field.name)} IS NULL"
    if source is not None and stateful:
        condition += f" AND NOT coalesce(starts_with({source.alias}_s, '!'), false)"
    column = source.column if source else None
    return Problem(condition, "missing_required", field.name, column, "NULL", params, gate)


def broken_rules(entity: Entity, fields: Collection[str]) -> Iterator[Problem]:
    """The rules without which a row cannot be true, as far as `fields` lets them be checked."""
    for check in entity.checks:
        if check.severity == "error" and {n for n in fields_in(check.expression) if entity.has(n)} <= set(fields):
            yield _broken(entity, check)


def _broken(entity: Entity, check: Check) -> Problem:
    spoken_of = [field for field in entity.fields if field.name in fields_in(check.expression)]
    value = (
        f"concat_ws(', ', {', '.join(f'CAST({ident(f.name)} AS VARCHAR)' for f in spoken_of)})" if spoken_of else "NULL"
    )
    params: dict[str, Any] = {"check": check.label, "field": [field.label for field in spoken_of]}
    name = spoken_of[0].name if spoken_of else None
    condition = f"NOT ({check.expression})"
    return Problem(condition, "check_failed", name, None, value, params, condition)


def _params(field: Field, reason: str) -> Mapping[str, object]:
    if reason == "unknown_choice":
        return {"field": field.label, "known": [choice.label for choice in field.choices]}
    form = "form_currency" if field.name == "currency" else f"form_{field.type}"
    return {"field": field.label, "form": MESSAGES.message(form)}


def decided(problems: Sequence[Problem]) -> str:
    """SQL: the list of the positions (from 1) of the problems that a row has, NULL where it has none."""
    if not problems:
        return "CAST(NULL AS INTEGER[])"
    positions = ", ".join(f"CASE WHEN {problem.condition} THEN {n} END" for n, problem in enumerate(problems, 1))
    some = " OR ".join(f"coalesce({gate}, false)" for gate in dict.fromkeys(problem.gate for problem in problems))
    return f"CASE WHEN {some} THEN nullif(list_filter([{positions}], lambda n: n IS NOT NULL), []) END"
