"""Remind people of next steps that are due, and of plans of yesterday that nobody wrote down."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_noop

from salesloop.app.accounts.services import people_of_employees
from salesloop.app.notices.services import notices_of, notify
from salesloop.app.talks.models import Talk
from salesloop.app.talks.planned import planned_on


def remind(today: dt.date) -> int:
    """Tell authors of due steps, once a talk, and owners of yesterday's plans without a record; returns the notices."""
    return _due_steps(today) + _unwritten(today - dt.timedelta(days=1))


def _due_steps(today: dt.date) -> int:
    due = Talk.objects.filter(next_due__lte=today, next_done_at=None, reminded_on=None).exclude(next_step="")
    talks = list(due.select_related("author"))
    for talk in talks:
        notify(
            [talk.author],
            gettext_noop("%(customer)s 的下一步到期：%(step)s"),
            reverse("talks:detail", args=[talk.pk]),
            customer=talk.customer_name,
            step=talk.next_step,
        )
    Talk.objects.filter(pk__in=[talk.pk for talk in talks]).update(reminded_on=today)
    return len(talks)


def _unwritten(yesterday: dt.date) -> int:
    plans = planned_on(yesterday)
    logins = people_of_employees(plan.employee_id for plan in plans)
    told = 0
    for plan in plans:
        person, address = (
            logins.get(plan.employee_id),
            f"{reverse('talks:new')}?{urlencode({'plan': plan.activity_id})}",
        )
        if person is None or notices_of(person).filter(url=address).exists():
            continue
        notify([person], gettext_noop("昨天计划的沟通还没有记录：%(customer)s"), address, customer=plan.customer_name)
        told += 1
    return told
