"""An import in the making: uploaded files, what was read in them, and what a person decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from salesloop.app.jobs.services import Job


class Step(models.TextChoices):
    READ = "read", _("识别")
    MAP = "map", _("对应")
    PREVIEW = "preview", _("预览")
    DONE = "done", _("已导入")


class Draft(models.Model):
    """`files`: name, size and encoding of each upload; its bytes lie under `folder`, never under its own name.

    `tables`: every table that was read, with the proposal and the decisions (see `data.reading`). `problems`: files that
    could not be read, each with its error. `job` is the work under way or the last that was done; `report` is what the
    preview or the import said.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    folder = models.CharField(max_length=32, unique=True)
    files = models.JSONField(default=list)
    tables = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    report = models.JSONField(default=dict)
    step = models.CharField(max_length=8, choices=Step, default=Step.READ)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return "、".join(file["name"] for file in self.files)
