"""What people decide about the quality of records, and the samples and reviews by which they keep watch."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    """What a steward says of a record that fails a check."""

    ACCEPTED = "accepted", _("认可")
    REJECTED = "rejected", _("退回")


class Decision(models.Model):
    """A verdict on one record and one check, in force until undone. `key` is the record's key as canonical JSON.

    Accepted: the record is right although it fails. Rejected: whoever owns the record has to mend it at its source.
    Either holds as long as the record is as it was then: `mark` is the fingerprint that it had.
    """

    entity = models.CharField(max_length=64)
    key = models.CharField(max_length=400)
    check_name = models.CharField(max_length=64)
    verdict = models.CharField(max_length=8, choices=Verdict)
    mark = models.CharField(max_length=32, blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "key", "check_name"],
                condition=models.Q(undone_at=None),
                name="one_decision_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.key} {self.check_name}"


class ToldAlarm(models.Model):
    """An alarm of a monitor of which the stewards were told: each once."""

    entity = models.CharField(max_length=64)
    source = models.CharField(max_length=200)
    monitor = models.CharField(max_length=16)
    field = models.CharField(max_length=64, blank=True)
    batch_id = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity", "source", "monitor", "field", "batch_id"], name="told_once")
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.source} {self.monitor} {self.field}"


class Every(models.TextChoices):
    """How often a planned audit is drawn."""

    MONTH = "month", _("每月")
    QUARTER = "quarter", _("每季度")


class AuditPlan(models.Model):
    """An audit that comes back: a sample of `size` records is drawn in every month or quarter until the plan is stopped."""

    entity = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    stratum = models.CharField(max_length=16, blank=True)
    every = models.CharField(max_length=8, choices=Every)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.entity} × {self.size} / {self.every}"


class Audit(models.Model):
    """A sample of one entity, drawn by `seed` from a snapshot, to be compared with the evidence (paper, contract, call).

    One that a plan asked for has the first day of its `period` and the day by which it is `due`.
    """

    plan = models.ForeignKey(AuditPlan, null=True, on_delete=models.PROTECT, related_name="audits")
    period = models.DateField(null=True)
    due = models.DateField(null=True)
    late_told = models.BooleanField(default=False)
    entity = models.CharField(max_length=64)
    stratum = models.CharField(max_length=16, blank=True)
    seed = models.PositiveIntegerField()
    snapshot = models.PositiveIntegerField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["plan", "period"], name="drawn_once_a_period")]

    def __str__(self) -> str:
        return f"{self.entity} #{self.pk}"


class Sample(models.Model):
    """One record of an audit as it stood when drawn. `wrong`: field → what the evidence says."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="samples")
    place = models.PositiveIntegerField()
    key = models.JSONField()
    values = models.JSONField()
    stratum = models.CharField(max_length=200, blank=True)
    right = models.BooleanField(null=True)
    wrong = models.JSONField(default=dict)
    compared_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["place"]

    def __str__(self) -> str:
        return " · ".join(str(part) for part in self.key.values())


class Review(models.Model):
    """The steward's signature under a week: `figures` are what stood there when it was signed."""

    week = models.DateField(unique=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    note = models.TextField(blank=True)
    figures = models.JSONField(default=dict)

    class Meta:
        ordering = ["-week"]

    def __str__(self) -> str:
        return f"{self.week}"
