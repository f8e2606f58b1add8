"""Remind owners of what is due, and tell their managers of what stays undone."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_noop

from salesloop.app.actions.models import Action
from salesloop.app.actions.register import action_register
from salesloop.app.actions.services import tell
from salesloop.app.org.services import manager_of


def remind(today: dt.date) -> int:
    """Send today's reminders, each action at most once a day; returns how many actions reminded."""
    register = action_register()
    reminded = 0
    for action in Action.objects.filter(state__in=register.open).exclude(reminded_on=today).select_related("owner"):
        if not register.reminds(action.due, today):
            continue
        late = action.due < today
        tell(
            action.owner,
            gettext_noop("行动「%(action)s」已逾期（%(due)s 到期）")
            if late
            else gettext_noop("行动「%(action)s」%(due)s 到期"),
            action,
        )
        if late and register.escalates(action.due, today) and (manager := manager_of(action.owner)):
            tell(
                manager,
                gettext_noop("%(who)s 的行动「%(action)s」已逾期（%(due)s 到期）"),
                action,
                who=str(action.owner),
            )
        action.reminded_on = today
        action.save(update_fields=["reminded_on"])
        reminded += 1
    return reminded
