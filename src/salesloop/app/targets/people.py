"""What people say to their targets: what they commit themselves to, that they have seen them, and their remarks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop

from salesloop.app.accounts.services import User
from salesloop.app.audit.services import log
from salesloop.app.notices.services import notify
from salesloop.app.org.services import people_responsible_for
from salesloop.app.targets.models import Acknowledgement, Commitment, Remark

if TYPE_CHECKING:
    from salesloop.app.targets.sheet import Line, Sheet

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class BottomUp:
    """What a row's people commit to in the year. `people` have a target, of whom `seen` acknowledged it as it stands."""

    committed: Decimal | None
    people: int
    seen: int

    @property
    def complete(self) -> bool:
        return bool(self.people) and self.seen == self.people


def bottom_up(sheet: Sheet) -> Mapping[str, BottomUp]:
    """By row key; empty where nobody committed to or acknowledged anything. Units are the sum of the people below."""
    of = {"metric": sheet.metric.metric, "year": sheet.number}
    committed: dict[str, Decimal] = {}
    for person, value in Commitment.objects.filter(**of).values_list("employee_id", "value"):
        committed[person] = committed.get(person, _ZERO) + value
    seen = dict(Acknowledgement.objects.filter(**of).values_list("employee_id", "total"))
    if (not committed and not seen) or sheet.along or sheet.by or sheet.currency:
        return {}
    found: dict[str, BottomUp] = {}
    for line in sheet.lines.values():
        person = line.node.id
        whole = sheet.person(person) if line.node.kind == "employee" and not line.node.former else None
        if whole is None:
            continue
        target = year_target(sheet, whole)
        has = target is not None
        mine = BottomUp(committed.get(person), int(has), int(has and seen.get(person) == target))
        for key in (line.key, *line.parents, "company:"):
            found[key] = _added(found.get(key), mine)
    return {key: one for key, one in found.items() if key in sheet.lines}


def year_target(sheet: Sheet, line: Line) -> Decimal | None:
    """A row's target of the whole year."""
    cell = next(cell for key, cell in line.cells.items() if sheet.columns[key].grain == "year")
    return cell.target


@transaction.atomic
def commit(
    actor: User, metric: str, year: int, employee: str, months: Mapping[dt.date, Decimal | None], now: dt.datetime
) -> None:
    """Say what one will bring, by first day of month; None takes a month back. Who is responsible for the person hears of it."""
    for month, value in months.items():
        of: dict[str, Any] = {"metric": metric, "employee_id": employee, "period_start": month}
        if value is None:
            Commitment.objects.filter(**of).delete()
        else:
            fresh = {"value": value, "year": year, "by": actor, "at": now}
            Commitment.objects.update_or_create(**of, defaults=fresh)
    data = {"metric": metric, "year": year, "months": {str(day): str(value) for day, value in months.items()}}
    log(actor, "target.committed", employee, data)
    _tell_manager(actor, employee, gettext_noop("%(who)s 报了 %(year)s 年的承诺"), metric, year)


@transaction.atomic
def acknowledge(actor: User, metric: str, year: int, employee: str, total: Decimal, now: dt.datetime) -> None:
    """Say that one has seen one's target as it stands."""
    of: dict[str, Any] = {"metric": metric, "year": year, "employee_id": employee}
    Acknowledgement.objects.update_or_create(**of, defaults={"total": total, "by": actor, "at": now})
    log(actor, "target.acknowledged", employee, {"metric": metric, "year": year, "total": total})
    _tell_manager(actor, employee, gettext_noop("%(who)s 确认了 %(year)s 年的目标"), metric, year)


@transaction.atomic
def remark(actor: User, sheet: Sheet, line: Line, text: str, now: dt.datetime) -> Remark:
    """Say something about a row's targets. Who takes part in the thread, and who is responsible, hears of it."""
    said = Remark.objects.create(
        metric=sheet.metric.metric, year=sheet.number, row=line.key, author=actor, text=text[:2000], at=now
    )
    log(actor, "target.discussed", said, {"row": line.key})
    node = line.node
    people = {one.author for one in remarks(sheet, line.key)}
    people |= set(
        people_responsible_for(node.id if node.kind == "org_unit" else "", node.id if node.kind == "employee" else "")
    )
    address = f"{reverse('targets:row')}?row={line.key}&metrics={sheet.metric.metric}&period={sheet.number}"
    text_ = gettext_noop("%(who)s 谈到 %(row)s %(year)s 年的目标")
    row = node.name or sheet.page.workspace.config.name
    notify(people - {actor}, text_, address, who=str(actor), row=row, year=str(sheet.number))
    return said


def remarks(sheet: Sheet, row: str) -> QuerySet[Remark]:
    """What was said about a row, the oldest first."""
    of = {"metric": sheet.metric.metric, "year": sheet.number, "row": row}
    return Remark.objects.filter(**of).select_related("author")


def commitments(metric: str, year: int, employee: str) -> Mapping[dt.date, Decimal]:
    """What a person committed to, by first day of month."""
    of = {"metric": metric, "year": year, "employee_id": employee}
    return dict(Commitment.objects.filter(**of).values_list("period_start", "value"))


def acknowledgement(metric: str, year: int, employee: str) -> Acknowledgement | None:
    return Acknowledgement.objects.filter(metric=metric, year=year, employee_id=employee).first()


def _tell_manager(actor: User, employee: str, text: str, metric: str, year: int) -> None:
    address = f"{reverse('targets:index')}?metrics={metric}&period={year}"
    people = [person for person in people_responsible_for("", employee) if person != actor]
    notify(people, text, address, who=str(actor), year=str(year))


def _added(one: BottomUp | None, other: BottomUp) -> BottomUp:
    if one is None:
        return other
    both = [value for value in (one.committed, other.committed) if value is not None]
    return BottomUp(sum(both, _ZERO) if both else None, one.people + other.people, one.seen + other.seen)
