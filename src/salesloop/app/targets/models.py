"""Targets that people have entered, and the changes by which they did."""

from django.conf import settings
from django.db import models

KEY = ("metric", "org_unit_id", "employee_id", "dimension", "dimension_value", "period_start", "period")


class Target(models.Model):
    """One stated target, with the fields of the entity `target`. Empty texts mean: not of a unit, a person, a dimension.

    It wins over an imported one with the same key. `value` is in the metric's unit (money in the base currency, rates as
    fractions); NULL takes an imported target back.
    """

    metric = models.CharField(max_length=64)
    org_unit_id = models.CharField(max_length=64, blank=True)
    employee_id = models.CharField(max_length=64, blank=True)
    dimension = models.CharField(max_length=64, blank=True)
    dimension_value = models.CharField(max_length=200, blank=True)
    period_start = models.DateField()
    period = models.CharField(max_length=8)
    value = models.DecimalField(max_digits=28, decimal_places=8, null=True)
    version = models.CharField(max_length=64, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=KEY, name="one_target_a_key")]

    def __str__(self) -> str:
        owner = self.employee_id or self.org_unit_id
        return " ".join(filter(None, [self.metric, owner, f"{self.period} {self.period_start}"]))


class Change(models.Model):
    """What one person did in one go: `before` holds, for every key touched, the entered row as it was, so that it can be
    undone: [{"key": {…}, "entered": bool, "value": text or null}]."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    metric = models.CharField(max_length=64)
    year = models.IntegerField()
    before = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.metric} {self.year}"
