"""Tell people something, and keep track of what they have read."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from salesloop.app.accounts.services import User
from salesloop.app.notices.models import Notice


def notify(recipients: Iterable[User], text: str, url: str = "", **params: Any) -> None:
    """Tell each person once. `text` is marked for translation where it is written (`gettext_noop("%(who)s 给您指派了行动")`);
    `params` fill it. `url` is where a click leads."""
    distinct = {user.pk: user for user in recipients if user.is_active}
    Notice.objects.bulk_create(Notice(recipient=user, text=text, params=params, url=url) for user in distinct.values())


def notices_of(user: User) -> QuerySet[Notice]:
    """All notices of one person, newest first."""
    return Notice.objects.filter(recipient=user)


def unread_count(user: User) -> int:
    return Notice.objects.filter(recipient=user, read_at=None).count()


def mark_read(user: User, notice: Notice | None = None) -> None:
    """Mark one notice, or all, as read."""
    unread = Notice.objects.filter(recipient=user, read_at=None)
    if notice is not None:
        unread = unread.filter(pk=notice.pk)
    unread.update(read_at=timezone.now())
