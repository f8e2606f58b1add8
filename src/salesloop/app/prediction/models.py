"""Models that were learnt from data, every version of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    LIFETIME = "lifetime", _("客户价值")
    FORECAST = "forecast", _("指标预测")


class SavedModel(models.Model):
    """One version, never changed afterwards but for `in_force`: the version that answers now, one of each kind and subject.

    `subject`: the metric of a forecast. `choices`: what the person chose; `document`: parameters, convergence and back-test as
    the engine wrote them. Learnt from the snapshot's rows of `first` … `until`. `error` and `naive_error`: what the model and
    its naive rival missed by in the back-test, on average.
    """

    kind = models.CharField(max_length=16, choices=Kind)
    subject = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField()
    in_force = models.BooleanField(default=False)
    choices = models.JSONField(default=dict)
    document = models.JSONField()
    snapshot = models.PositiveIntegerField()
    first = models.DateField()
    until = models.DateField()
    error = models.FloatField()
    naive_error = models.FloatField()
    trained_at = models.DateTimeField()
    trained_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["kind", "subject", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "version"], name="one_of_each_version"),
            models.UniqueConstraint(fields=["kind", "subject"], condition=Q(in_force=True), name="one_model_in_force"),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [str(self.get_kind_display()), self.subject, f"v{self.version}"]))

    @property
    def better(self) -> bool:
        """Whether the model missed by less than its naive rival."""
        return self.error < self.naive_error
