"""The history of one record as its page shows it: what deliveries brought, and what people did about it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _

from salesloop.app.accounts.services import User
from salesloop.app.quality.mending import canonical, worded
from salesloop.app.quality.models import Decision, Sample, Verdict
from salesloop.app.quality.sight import check_word, entity_word
from salesloop.app.ui.language import current_lang
from salesloop.app.workspace.services import workspace
from salesloop.engine.analyze.quality import Judged
from salesloop.engine.analyze.quality.record import RecordEvent, record_history, record_of
from salesloop.engine.model.entity import Entity
from salesloop.engine.model.text import Message


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the history. `tone` colours its mark; `href` leads to what it is about."""

    at: dt.datetime
    title: str
    detail: str
    who: str
    tone: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A record: what people call it, its values, and its steps, the newest first."""

    entity: str
    name: str
    values: list[tuple[str, Any]]
    steps: list[Step]


def address(entity: str, key: str) -> str:
    """Where the history of the record with this canonical key stands."""
    return f"{reverse('quality:record', args=[entity])}?key={quote(key)}"


def key_of(entity: str, values: Mapping[str, Any]) -> str:
    """The canonical key of the record with these values; blank parts of a key are kept as ''."""
    return canonical({name: values.get(name, "") for name in workspace().model.entity(entity).key})


def objects_of(entity: str, key: str) -> str:
    """What the audit log says of it: the decisions on the record and the audits that drew it, as `entries` takes them."""
    decided = [
        f"quality.decision:{pk}" for pk in Decision.objects.filter(entity=entity, key=key).values_list("pk", flat=True)
    ]
    drawn = Sample.objects.filter(audit__entity=entity, key=_sampled(key)).values_list("audit_id", flat=True)
    return ",".join([*decided, *(f"quality.audit:{pk}" for pk in drawn)])


def record_page(of: Judged, user: User, entity: str, key: str) -> RecordPage | None:
    """The record with this canonical key; None where there is none that the person answers for."""
    model = workspace().model
    texts = _texts(model.entity(entity), key) if model.has(entity) else None
    record = record_of(of, model.entity(entity), texts) if texts is not None else None
    if record is None:
        return None
    declared = model.entity(entity)
    steps = [_step(declared, event, user) for event in record_history(of, declared, record)]
    steps += [*_decisions(entity, key), *_samples(declared, key)]
    name = record.get(declared.name_field) if declared.name_field else None
    return RecordPage(
        entity=entity_word(entity),
        name=str(name or " · ".join(text for text in texts or () if text)),
        values=[worded(f, record[f.name]) for f in declared.fields if record.get(f.name) not in (None, "")],
        steps=sorted(steps, key=lambda step: step.at, reverse=True),
    )


def _texts(entity: Entity, key: str) -> tuple[str, ...] | None:
    try:
        given = json.loads(key)
    except ValueError:
        return None
    fits = isinstance(given, dict) and set(given) == set(entity.key)
    return tuple(str(given[name]) for name in entity.key) if fits else None


def _step(entity: Entity, event: RecordEvent, user: User) -> Step:
    lang = current_lang()
    place = _("%(file)s · 第 %(n)d 行") % {"file": event.file, "n": event.row} if event.file else ""
    change = f"{event.before or _('空')} → {event.after or _('空')}"
    field = entity.by_name[event.field].label.get(lang) if event.field in entity.by_name else event.field
    href = ""
    if event.file and user.has_perm("data.see"):
        href = f"{reverse('data:index')}?q={quote(event.file)}"
    match event.kind:
        case "delivered":
            return Step(event.at, _("送达"), place, "", href=href)
        case "changed":
            return Step(event.at, _("%(field)s 改变") % {"field": field}, f"{change}（{place}）", "", href=href)
        case "held":
            return Step(event.at, _("曾在隔离区"), f"{field}「{event.before}」· {place}", "", "warn")
        case "unread":
            words = _("%(field)s 读不懂") % {"field": field}
            return Step(event.at, words, f"「{event.before}」· {place}", "", "warn")
        case "repaired":
            rule = Message(f"rule_{event.code}", {}, "salesloop.engine.clean").text(lang)
            return Step(event.at, _("%(field)s 自动修正") % {"field": field}, f"{change} · {rule}", "")
        case "corrected":
            return Step(event.at, _("%(field)s 人工改正") % {"field": field}, f"{change} · {place}", "", "good")
        case "merged":
            return Step(event.at, _("合并了 %(id)s") % {"id": event.before}, event.after, event.who, "good")


def _decisions(entity: str, key: str) -> Iterator[Step]:
    for one in Decision.objects.filter(entity=entity, key=key).select_related("by"):
        words = _("已认可") if one.verdict == Verdict.ACCEPTED else _("已退回")
        yield Step(one.at, f"{words}：{check_word(entity, one.check_name)}", one.note, str(one.by), "good")
        if one.undone_at is not None:
            yield Step(one.undone_at, _("判定不再有效"), f"{words}：{check_word(entity, one.check_name)}", "")


def _sampled(key: str) -> dict[str, str]:
    """A canonical key as samples keep it: texts, blank parts left out."""
    return {name: str(value) for name, value in json.loads(key).items() if value not in (None, "")}


def _samples(entity: Entity, key: str) -> Iterator[Step]:
    for one in Sample.objects.filter(audit__entity=entity.name, key=_sampled(key)).select_related("audit__started_by"):
        href = f"{reverse('quality:audit', args=[one.audit_id])}?record={one.place}"
        yield Step(one.audit.started_at, _("被抽查"), "", str(one.audit.started_by), href=href)
        if one.compared_at is not None:
            told = _("与证据一致") if one.right else _("与证据不同")
            wrong = "；".join(
                f"{entity.by_name[name].label.get(current_lang()) if name in entity.by_name else name}：{true}"
                for name, true in one.wrong.items()
            )
            yield Step(one.compared_at, told, wrong, "", "good" if one.right else "bad", href)
