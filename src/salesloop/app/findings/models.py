"""Findings as people work on them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from salesloop.engine.model.text import Lang, Message


class State(models.TextChoices):
    """Where a finding stands in the loop."""

    OPEN = "open", _("待处理")
    ACTING = "acting", _("行动中")
    CLOSED = "closed", _("已闭环")
    DISMISSED = "dismissed", _("已忽略")


class Severity(models.TextChoices):
    CRITICAL = "critical", _("严重")
    WARNING = "warning", _("警示")
    INFO = "info", _("提示")


class Finding(models.Model):
    """One trouble. Raised again, it is updated and not doubled: `fingerprint` is unique.

    `members` are the slice ([{dimension, id, name}]); `causes` [{members, share, observed, expected}]; numbers in the unit
    of the metric; `message` a stored `Message`; `evidence` the query string of the page that shows it. `org_unit_id` and
    `employee_id` repeat the slice's owners, so that a Scope can be applied in the database.
    """

    fingerprint = models.CharField(max_length=32, unique=True)
    rule = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)
    severity = models.CharField(max_length=8, choices=Severity)
    metric = models.CharField(max_length=64, blank=True)
    members = models.JSONField(default=list)
    org_unit_id = models.CharField(max_length=64, blank=True, db_index=True)
    employee_id = models.CharField(max_length=64, blank=True, db_index=True)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    observed = models.FloatField(null=True)
    expected = models.FloatField(null=True)
    score = models.FloatField(null=True)
    message = models.JSONField()
    causes = models.JSONField(default=list)
    suggestions = models.JSONField(default=list)
    evidence = models.TextField(blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN, db_index=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="findings"
    )
    raised_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    still_raised = models.BooleanField(default=True)
    reopened = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    snapshot = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-seen_at", "-id"]

    def __str__(self) -> str:
        return self.sentence("zh-Hans")

    @property
    def label_message(self) -> dict[str, Any]:
        """What the audit log keeps as this finding's name."""
        return dict(self.message)

    def sentence(self, lang: Lang) -> str:
        """The finding in one sentence, with the number in it."""
        return Message.from_json(self.message).text(lang)
