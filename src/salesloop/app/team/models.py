"""What people are rated by, the ratings, and what colleagues say of one another."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

LEVELS = (1, 2, 3, 4, 5)


class Area(models.TextChoices):
    SKILL = "skill", _("技能")
    ATTITUDE = "attitude", _("态度")


class Competency(models.Model):
    """Something that can be observed at five levels. The texts of those that come with the product are translated.

    `required`: by job title the level that the job asks for, '' for all other titles; a title without one asks for none.
    `courses`: words; a course whose name has one of them trains this.
    """

    name = models.CharField(_("能力项"), max_length=60, unique=True)
    area = models.CharField(_("类别"), max_length=8, choices=Area, default=Area.SKILL)
    levels = models.JSONField(default=list)
    required = models.JSONField(default=dict)
    courses = models.JSONField(default=list)
    place = models.PositiveIntegerField(_("顺序"), default=100)
    retired = models.BooleanField(_("停用"), default=False)

    class Meta:
        ordering = ["retired", "place", "id"]

    def __str__(self) -> str:
        return self.name

    def required_of(self, title: str) -> int | None:
        """The level that a job with this title asks for."""
        found: Any = self.required.get(title, self.required.get(""))
        return int(found) if found else None


class Rating(models.Model):
    """A level that somebody gave an employee for a quarter (its first day), with what they saw. Never changed: a newer one
    follows it. `own`: the employee's view of themselves."""

    employee_id = models.CharField(max_length=64)
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="ratings")
    quarter = models.DateField()
    own = models.BooleanField(default=False)
    level = models.PositiveSmallIntegerField()
    evidence = models.CharField(max_length=400)
    link = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-quarter", "-id"]
        indexes = [models.Index(fields=["employee_id", "competency", "quarter"], name="team_rating_of")]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.competency} {self.quarter}"


class Round(models.Model):
    """A short peer review among a few colleagues. It takes answers until it is closed, or the day `due` has passed."""

    title = models.CharField(_("名称"), max_length=80)
    due = models.DateField(_("截止日期"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


class Colleague(models.Model):
    """One person of a round. Answers are added up as they come and kept nowhere else: nobody can say later whose they were,
    not even with the database before them. `rated`: about whom this person has answered, in no order of time."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="colleagues")
    employee_id = models.CharField(max_length=64)
    rated = models.JSONField(default=list)
    answers = models.PositiveIntegerField(default=0)
    sums = models.JSONField(default=list)

    class Meta:
        ordering = ["employee_id"]
        constraints = [models.UniqueConstraint(fields=["round", "employee_id"], name="once_in_a_round")]

    def __str__(self) -> str:
        return f"{self.round} {self.employee_id}"
