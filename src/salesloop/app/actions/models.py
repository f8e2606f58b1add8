"""Actions, what they consist of and what was said about them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from salesloop.engine.model.text import Lang, Message


class Verdict(models.TextChoices):
    """What the measurement said."""

    IMPROVED = "improved", _("见效")
    NO_EVIDENCE = "no_evidence", _("无证据")
    WORSE = "worse", _("变差")
    UNMEASURABLE = "unmeasurable", _("无法衡量")


class Action(models.Model):
    """One measure for one slice (`members`: [{dimension, id, name}]; comparable slices differ in the first member).

    `expected_change` is a share of the metric (0.1 = +10 %; for rates a difference). `effect` is the stored `EffectResult`.
    `evidence` is the address of the page of ours that led to it, where no finding did.
    The states and who may move between them stand in `action.yaml`. `org_unit_id` and `employee_id` repeat the slice's owners.
    """

    title = models.CharField(_("行动"), max_length=200)
    note = models.TextField(_("做法"), blank=True)
    finding = models.ForeignKey(
        "findings.Finding", null=True, blank=True, on_delete=models.PROTECT, related_name="actions"
    )
    metric = models.CharField(_("指标"), max_length=64)
    members = models.JSONField(default=list)
    org_unit_id = models.CharField(max_length=64, blank=True, db_index=True)
    employee_id = models.CharField(max_length=64, blank=True, db_index=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("责任人"), on_delete=models.PROTECT, related_name="actions"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    start = models.DateField(_("开始日期"))
    due = models.DateField(_("到期日期"), db_index=True)
    expected_change = models.FloatField(_("预期变化"), null=True, blank=True)
    evidence = models.CharField(max_length=2000, blank=True)
    state = models.CharField(max_length=9, default="planned", db_index=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    effect = models.JSONField(null=True)
    measured_at = models.DateTimeField(null=True)
    measured_snapshot = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["due", "id"]

    def __str__(self) -> str:
        return self.title

    def effect_sentence(self, lang: Lang) -> str:
        """What the measurement found, in one sentence; empty before."""
        return Message.from_json(self.effect["message"]).text(lang) if self.effect else ""


class ChecklistItem(models.Model):
    """One step of an action."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="checklist")
    text = models.CharField(max_length=200)
    order = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.text


class Comment(models.Model):
    """What somebody said about an action."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:80]
