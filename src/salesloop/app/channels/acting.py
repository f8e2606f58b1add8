"""A recommended shift becomes an action whose effect is measured."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from salesloop.app.actions.services import Action, create
from salesloop.app.channels.effort import Effort
from salesloop.app.pages.services import Page
from salesloop.engine.analyze.diagnose.contribution import Member
from salesloop.engine.report.number import format_number

DAYS: Final = 91
"""A quarter: less is too short to see what three monthly budgets did."""


def act_on_shift(page: Page, found: Effort, now: dt.datetime) -> Action:
    """The action for the shift that the history recommends, given to whoever asked; it can be handed on.

    ValueError where nothing is recommended any more.
    """
    shift = found.shift
    if shift is None:
        raise ValueError("no shift to act on")
    extra = shift.amount * ((shift.target.slope or 0) - 1)
    target = shift.target.channel
    return create(
        page.user,
        now,
        owner=page.user,
        members=[Member(found.level, target, found.target)],
        checklist=[
            _("与财务和两个渠道的负责人核对可以挪动的费用"),
            _("按月挪动，不一次挪完"),
            _("三个月后看效果，再决定是否继续"),
        ],
        title=_("渠道费用从「%(source)s」挪到「%(target)s」") % {"source": found.source, "target": found.target},
        metric="channel_profit",
        start=page.as_of,
        due=page.as_of + dt.timedelta(days=DAYS),
        expected_change=extra / found.profit if found.profit and found.profit > 0 else None,
        note=evidence_of(page, found),
        evidence=f"{reverse('channels:index')}?{page.view.to_query()}",
    )


def evidence_of(page: Page, found: Effort) -> str:
    """The numbers that led to the shift, with the snapshot that they come from."""
    shift = found.shift
    if shift is None:
        return ""

    def money(amount: float) -> str:
        return str(format_number(amount, "money", page.lang, currency=page.workspace.config.currency))

    return _(
        "每月约 %(amount)s。依据 %(start)s 至 %(end)s 的完整月份（快照 %(snapshot)s）：费用每多 1，毛利在「%(target)s」多 %(to).2f，"
        "在「%(source)s」多 %(from).2f；预计每月毛利多 %(gain)s（区间 %(low)s 至 %(high)s）。"
    ) % {
        "amount": money(shift.amount),
        "start": found.days.start,
        "end": found.days.end,
        "snapshot": page.snapshot.number,
        "target": found.target,
        "source": found.source,
        "to": shift.target.slope,
        "from": shift.source.slope,
        "gain": money(shift.gain),
        "low": money(shift.low),
        "high": money(shift.high),
    }
