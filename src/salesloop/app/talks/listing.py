"""The list of talks, narrowed by what stands in the address, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from salesloop.app.accounts.services import User
from salesloop.app.org.services import employee_names
from salesloop.app.talks.models import Deal, DealState, Kind, Talk
from salesloop.app.talks.sight import visible_to
from salesloop.app.workspace.services import today

DUE = ("due", "late", "open")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the address asks for; what it does not say, or says wrongly, is ''."""

    words: str
    kind: str
    state: str
    who: str
    step: str

    @classmethod
    def of(cls, query: QueryDict) -> Narrowed:
        def one_of(name: str, known: tuple[str, ...] | list[str]) -> str:
            return query.get(name, "") if query.get(name) in known else ""

        return cls(
            query.get("q", "").strip(),
            one_of("kind", Kind.values),
            one_of("state", DealState.values),
            query.get("who", ""),
            one_of("step", DUE),
        )

    @property
    def any(self) -> bool:
        return any((self.words, self.kind, self.state, self.who, self.step))


def talks(user: User, narrowed: Narrowed) -> QuerySet[Talk]:
    """The talks that the person sees, the newest first; with open steps the most urgent first."""
    found = visible_to(user)
    if narrowed.words:
        fields = ("customer_name", "feedback", "next_step", "competitor", "chance")
        found = found.filter(Q(*((f"{field}__icontains", narrowed.words) for field in fields), _connector=Q.OR))
    for field, value in (("kind", narrowed.kind), ("deal_state", narrowed.state), ("employee_id", narrowed.who)):
        if value:
            found = found.filter(**{field: value})
    if narrowed.step:
        found = found.filter(next_done_at=None).exclude(next_step="").order_by("next_due", "-happened_at")
    if narrowed.step == "due":
        found = found.filter(next_due__lte=today())
    if narrowed.step == "late":
        found = found.filter(next_due__lt=today())
    return found


def authors(user: User) -> list[tuple[str, str]]:
    """(employee, name) of everybody whose talks the person sees."""
    ids = set(visible_to(user).select_related(None).order_by().values_list("employee_id", flat=True).distinct())
    names = employee_names(ids)
    return sorted(((key, names.get(key, key)) for key in ids), key=lambda one: one[1])


def steps_due(user: User) -> int:
    """How many of a person's own next steps are due."""
    mine = Talk.objects.filter(author=user, next_done_at=None, next_due__lte=today()).exclude(next_step="")
    return mine.count()


def header() -> list[str]:
    return [
        _("发生时间"), _("录入时间"), _("负责人"), _("客户编码"), _("客户"), _("方式"), _("客户说了什么"), _("成交情况"),
        _("下一步"), _("下一步日期"), _("提到的竞争对手"), _("潜在商机"), _("大约金额"), _("预计成交"), _("转成的商机"),
        _("商机结果"),
    ]  # fmt: skip


def lines(found: QuerySet[Talk]) -> Iterator[list[object]]:
    """One line a talk; moments are wall time of the company."""
    names = employee_names(set(found.order_by().values_list("employee_id", flat=True)))
    for talk in found:
        deal = deal_of(talk)
        yield [
            timezone.localtime(talk.happened_at).replace(tzinfo=None),
            timezone.localtime(talk.entered_at).replace(tzinfo=None),
            names.get(talk.employee_id, talk.employee_id),
            talk.customer_id,
            talk.customer_name,
            talk.get_kind_display(),
            talk.feedback,
            talk.get_deal_state_display(),
            talk.next_step,
            talk.next_due,
            talk.competitor,
            talk.chance,
            talk.chance_amount,
            talk.chance_close,
            deal.opportunity_id if deal else "",
            deal.get_status_display() if deal else "",
        ]


def deal_of(talk: Talk) -> Deal | None:
    """The opportunity that the talk became."""
    return getattr(talk, "deal", None)
