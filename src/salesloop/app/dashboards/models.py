"""What people keep of dashboards: sets of metrics for a product line or a channel."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MetricSet(models.Model):
    """The metrics that matter for one product line or channel, looked at together.

    `metrics` are ids in the order shown, `where` filters as the address writes them; `by` is a dimension by whose values
    the board lists the metrics once more, '' for none. A `shared` set is for everybody, another for its owner. A deleted one is kept (`deleted_at`), so that it can be taken
    back.
    """

    name = models.CharField(_("名称"), max_length=80)
    metrics = models.JSONField(default=list)
    where = models.JSONField(default=list)
    by = models.CharField(max_length=64, blank=True)
    shared = models.BooleanField(_("大家都能看到"), default=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
