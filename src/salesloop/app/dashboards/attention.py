"""What needs the reader first: open findings, own actions that are due, and what earlier measures brought."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from django.db.models import Case, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from salesloop.app.actions import services as actions
from salesloop.app.findings import services as findings
from salesloop.app.metrics.services import trend_grain
from salesloop.app.pages.services import Page
from salesloop.app.workspace.services import local_day

SHOWN = 3
WORST_FIRST = ("critical", "warning", "info")
RECENT = dt.timedelta(days=14)
SOON = dt.timedelta(days=3)


class Cause(Protocol):
    """The first cause of a finding, ready to be shown."""

    @property
    def name(self) -> str: ...
    @property
    def share(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Need:
    """One card. `tone`: bad, warn or good (the coloured edge); `chip` is the state, `meta` who and when."""

    tone: str
    kind: str
    when: dt.datetime | None
    sentence: str
    detail: str
    chip: str
    chip_tone: str
    meta: str
    href: str
    button: str
    primary: bool = False


def needs(page: Page, now: dt.datetime) -> list[Need]:
    """At most three: trouble before duties before good news, but never only trouble where there is good news."""
    trouble = list(_trouble(page))
    duties = list(_duties(page, now))
    news = list(_news(page, now))
    first = [*duties[:1], *trouble, *duties[1:]]
    return [*first[: SHOWN - min(len(news), 1)], *news][:SHOWN]


def _trouble(page: Page) -> Iterator[Need]:
    may_assign = page.user.has_perm("findings.assign")
    worst_first = Case(*(When(severity=name, then=Value(place)) for place, name in enumerate(WORST_FIRST)))
    found = findings.visible_to(page.user).filter(state__in=("open", "acting"), still_raised=True)
    for finding in (
        found.select_related("owner").prefetch_related("actions").order_by(worst_first, "-state", "-seen_at")[:SHOWN]
    ):
        shown = findings.Shown(finding)
        action = next(iter(finding.actions.all()), None)
        waits = finding.state == "open" and finding.owner is None
        yield Need(
            tone=shown.level,
            kind=shown.kind,
            when=finding.raised_at,
            sentence=shown.sentence,
            detail=_cause(shown.main_cause) if shown.main_cause else "",
            chip=_("未指派") if waits else finding.get_state_display(),
            chip_tone="warn" if finding.state == "open" else "accent",
            meta=_("%(owner)s · %(due)s 到期") % {"owner": action.owner, "due": action.due}
            if action
            else str(finding.owner or ""),
            href=shown.href,
            button=_("指派") if waits and may_assign else _("查看"),
            primary=waits and may_assign,
        )


def _cause(cause: Cause) -> str:
    """`72% 来自 分销 × 打印设备`; more than all of it where the rest of the business made up for a part."""
    percent = round(cause.share * 100)
    if percent >= 100:
        return _("主要来自 %(names)s") % {"names": cause.name}
    return _("%(share)d%% 来自 %(names)s") % {"share": percent, "names": cause.name}


def _duties(page: Page, now: dt.datetime) -> Iterator[Need]:
    today = local_day(now)
    mine = actions.visible_to(page.user).filter(owner=page.user, state__in=("planned", "doing"), due__lte=today + SOON)
    for action in mine.order_by("due")[:SHOWN]:
        late = action.due < today
        yield Need(
            tone="bad" if late else "warn",
            kind=_("行动逾期") if late else _("行动到期"),
            when=None,
            sentence=action.title,
            detail=action.note,
            chip=_("逾期 %(n)d 天") % {"n": (today - action.due).days}
            if late
            else _("%(day)s 到期") % {"day": action.due},
            chip_tone="bad" if late else "warn",
            meta="",
            href=reverse("actions:detail", args=[action.pk]),
            button=_("去处理"),
            primary=True,
        )


def _news(page: Page, now: dt.datetime) -> Iterator[Need]:
    measured = actions.visible_to(page.user).filter(measured_at__gte=now - RECENT, verdict__in=("improved", "worse"))
    for action in measured.select_related("owner").order_by("-measured_at")[:1]:
        good = action.verdict == "improved"
        yield Need(
            tone="good" if good else "bad",
            kind=_("已见效") if good else _("变差"),
            when=action.measured_at,
            sentence=action.title,
            detail=action.effect_sentence(page.lang),
            chip=_("闭环") if good else _("重新打开"),
            chip_tone="good" if good else "bad",
            meta=str(action.owner),
            href=reverse("actions:detail", args=[action.pk]),
            button=_("看效果"),
        )


def anomalies(page: Page, metric: str) -> dict[dt.date, str]:
    """Remarks for the metric's trend: first day of the period → `华东大区 低于预期`, at most three."""
    grain = trend_grain(page)
    found = findings.visible_to(page.user).filter(metric=metric, kind="anomaly")
    remarks: dict[dt.date, str] = {}
    for finding in found.exclude(state="dismissed").order_by("-start")[:SHOWN]:
        if finding.start is None:
            continue
        names = " × ".join(str(member["name"]) for member in finding.members)
        day = page.calendar.period_of(finding.start, grain).start
        remarks.setdefault(day, f"{names} {findings.Shown(finding).kind}".strip())
    return remarks
