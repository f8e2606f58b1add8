"""A piece of long work: what, for whom, how far, and what came of it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Message


class State(models.TextChoices):
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")


class Job(models.Model):
    """`fraction` (0 to 1) of the work is behind, `rows` rows have been through; `result` is what the kind of job says.

    `error` is a message as key and parameters with the place in the person's file: it is read in anyone's language.
    """

    kind = models.CharField(max_length=32)
    params = models.JSONField(default=dict)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=16, choices=State, default=State.QUEUED, db_index=True)
    stage = models.CharField(max_length=32, blank=True)
    fraction = models.FloatField(default=0.0)
    rows = models.BigIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.JSONField(default=dict)
    cancel_requested = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.state in (State.DONE, State.FAILED, State.CANCELLED)

    @property
    def percent(self) -> int:
        return 100 if self.state == State.DONE else min(99, int(self.fraction * 100))

    @property
    def elapsed(self) -> dt.timedelta:
        """How long it has run; nothing before it starts."""
        if self.started_at is None:
            return dt.timedelta(0)
        return (self.finished_at or timezone.now()) - self.started_at

    @property
    def rate(self) -> float | None:
        """Rows a second; None while there are none."""
        seconds = self.elapsed.total_seconds()
        return self.rows / seconds if self.rows and seconds > 0.5 else None

    @property
    def seconds_left(self) -> int | None:
        """What remains if the rest goes as fast; None while it is too early to tell."""
        if self.state != State.RUNNING or self.fraction < 0.08:
            return None
        return round(self.elapsed.total_seconds() * (1 - self.fraction) / self.fraction)

    @property
    def problem(self) -> UserError | None:
        """Why it failed, for a person."""
        if not self.error:
            return None
        return UserError(Message.from_json(self.error["message"]), **self.error["where"])
