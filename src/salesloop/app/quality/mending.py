"""Records to mend as the page shows them: what is wrong, whose they are, and what was decided."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from salesloop.app.org.services import employee_names
from salesloop.app.quality.models import Decision
from salesloop.app.quality.sight import check_word, entity_word
from salesloop.app.ui.language import current_lang
from salesloop.app.workspace.services import workspace
from salesloop.engine.analyze.quality import Judged
from salesloop.engine.analyze.quality.mend import Chosen, MendRow, count_to_mend, to_mend, total_to_mend
from salesloop.engine.analyze.quality.source import State
from salesloop.engine.model.entity import Entity
from salesloop.engine.model.fields import Field
from salesloop.engine.report.number import format_number

SIZE = 25
SHOWN_VALUES = 5


@dataclass(frozen=True, slots=True)
class Failure:
    """One check that a record fails, with the decision in force. `overtaken`: it was made before the record changed."""

    check: str
    label: str
    severity: str
    decision: Decision | None
    overtaken: bool


@dataclass(frozen=True, slots=True)
class Record:
    """One record to mend. `name` is what people call it, `values` a few (label, value) that tell it apart."""

    entity: str
    entity_label: str
    key: str
    name: str
    values: list[tuple[str, Any]]
    failures: list[Failure]
    owner: str
    file: str
    row: int
    batch: str
    mark: str


def canonical(key: Mapping[str, Any]) -> str:
    """A key as one text, the same whenever it is made."""
    return json.dumps(dict(key), ensure_ascii=False, sort_keys=True, default=str)


def records(of: Judged, chosen: Chosen, page: int) -> tuple[list[Record], int]:
    """(one page of records, how many there are)."""
    found = to_mend(of, chosen, limit=SIZE, offset=(page - 1) * SIZE)
    owners = employee_names({row.employee_id for row in found if row.employee_id})
    decided = _decisions(found)
    return [_record(of, row, owners, decided) for row in found], sum(total_to_mend(of, chosen).values())


def states(of: Judged, chosen: Chosen) -> list[tuple[State, str, int]]:
    """(state, label, records) of the three lists, each as far as the person answers for it."""
    words: dict[State, str] = {"open": _("待改"), "rejected": _("已退回"), "accepted": _("已认可")}
    return [
        (state, word, sum(total_to_mend(of, replace(chosen, entity=None, check=None, state=state)).values()))
        for state, word in words.items()
    ]


def choices(of: Judged, state: State) -> list[tuple[str, str, list[tuple[str, str, int]]]]:
    """(entity, label, its failed checks with how many records each) for the filters."""
    counts: dict[str, list[tuple[str, str, int]]] = {}
    for (entity, check), n in sorted(count_to_mend(of, Chosen(state=state)).items(), key=lambda item: -item[1]):
        counts.setdefault(entity, []).append((check, check_word(entity, check), n))
    return [(entity, entity_word(entity), checks) for entity, checks in counts.items()]


def _decisions(rows: Sequence[MendRow]) -> dict[tuple[str, str, str], Decision]:
    keys = {canonical(row.key) for row in rows}
    found = Decision.objects.filter(undone_at=None, key__in=keys).select_related("by")
    return {(one.entity, one.key, one.check_name): one for one in found}


def _record(
    of: Judged, row: MendRow, owners: Mapping[str, str], decided: Mapping[tuple[str, str, str], Decision]
) -> Record:
    entity, key = workspace().model.entity(row.entity), canonical(row.key)
    known = of.book.of(row.entity)
    failures = []
    for name in row.checks:
        decision = decided.get((row.entity, key, name))
        overtaken = decision is not None and decision.mark != row.mark
        failures.append(Failure(name, check_word(row.entity, name), known[name].severity, decision, overtaken))
    return Record(
        entity=row.entity,
        entity_label=entity_word(row.entity),
        key=key,
        name=name_of(row),
        values=_telling(entity, row.values),
        failures=failures,
        owner=owners.get(row.employee_id or "", ""),
        file=row.file,
        row=row.row,
        batch=row.batch_id,
        mark=row.mark,
    )


def name_of(row: MendRow) -> str:
    """What people call a record: its name, else its key."""
    entity = workspace().model.entity(row.entity)
    name = row.values.get(entity.name_field) if entity.name_field else None
    return str(name or " · ".join(str(part) for part in row.key.values() if part not in (None, "")))


def _telling(entity: Entity, values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The day, the amount and the first other filled fields; the owner is named elsewhere."""
    first = [name for name in (entity.event_date, "amount", "status") if name and entity.has(name)]
    apart = (*first, *entity.key, entity.name_field, "employee_id", "org_unit_id")
    order = [*first, *(field.name for field in entity.fields if field.name not in apart)]
    filled = [name for name in order if values.get(name) not in (None, "")]
    return [worded(entity.field(name), values[name]) for name in filled[:SHOWN_VALUES]]


def worded(field: Field, value: Any) -> tuple[str, Any]:
    """A field and its value as people call them."""
    lang = current_lang()
    words = {choice.value: choice.label.get(lang) for choice in field.choices}
    if field.type == "percent":
        value = str(format_number(value, "percent", lang))
    elif isinstance(value, Decimal):
        value = f"{value.normalize():,f}"
    return field.label.get(lang), words.get(value, value)
