"""What people say about definitions: requests to change them, comments, reviews of metrics."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a request stands."""

    SUGGESTED = "suggested", _("已提出")
    REVIEWING = "reviewing", _("审议中")
    APPROVED = "approved", _("已批准")
    REJECTED = "rejected", _("未采纳")
    APPLIED = "applied", _("已生效")
    WITHDRAWN = "withdrawn", _("已撤回")


OPEN = (State.SUGGESTED, State.REVIEWING)


class Subject(models.TextChoices):
    """What a request is about: the kinds of `engine.governance`."""

    METRIC = "metric", _("指标")
    DIMENSION = "dimension", _("维度")
    SOURCE = "source", _("数据来源映射")
    CHECK = "check", _("数据检查")
    RULE = "rule", _("分析规则")
    REPORT = "report", _("报告")
    ENTITY = "entity", _("数据实体")


class ChangeRequest(models.Model):
    """One wish to change one definition.

    `evidence` is the address of the page that shows why (path and query), `snapshot` the data that it was seen on.
    `proposal` is the definition as it shall be, '' where somebody else has to write it; `base` the number of the version
    that it was written against (0: there was none), `proposal_by` who wrote it. `restores` is the version that a rollback brings back.
    """

    kind = models.CharField(_("对象类型"), max_length=10, choices=Subject)
    target = models.CharField(_("编号"), max_length=128, db_index=True)
    title = models.CharField(_("建议"), max_length=200)
    why = models.TextField(_("理由"))
    evidence = models.CharField(_("依据"), max_length=2000, blank=True)
    snapshot = models.PositiveIntegerField(default=0)
    proposal = models.TextField(_("新的定义"), blank=True)
    proposal_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    base = models.PositiveIntegerField(default=0)
    restores = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=9, choices=State, default=State.SUGGESTED, db_index=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def open(self) -> bool:
        """Whether it is not decided yet."""
        return self.state in OPEN


class Comment(models.Model):
    """What somebody said about a request, or about a metric as such (`metric`, no request)."""

    request = models.ForeignKey(ChangeRequest, null=True, on_delete=models.CASCADE, related_name="comments")
    metric = models.CharField(max_length=128, blank=True, db_index=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:80]


class Outcome(models.TextChoices):
    """What a review of a metric decided."""

    KEEP = "keep", _("保留")
    CHANGE = "change", _("修改")
    RETIRE = "retire", _("停用")


class MetricReview(models.Model):
    """One review of one metric. `due` is the day by which it was to be done."""

    metric = models.CharField(max_length=128, db_index=True)
    due = models.DateField()
    outcome = models.CharField(max_length=6, choices=Outcome)
    reason = models.TextField()
    request = models.ForeignKey(ChangeRequest, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.metric


class ReviewReminder(models.Model):
    """That the owner of a metric was told of a review: once when it is due, once when it is late."""

    metric = models.CharField(max_length=128)
    due = models.DateField()
    late = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["metric", "due", "late"], name="one_reminder_each")]

    def __str__(self) -> str:
        return self.metric


class MetricOpens(models.Model):
    """How often the page of a metric was opened in a month (`month`: its first day)."""

    metric = models.CharField(max_length=128)
    month = models.DateField()
    opens = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["metric", "month"], name="one_count_a_month")]

    def __str__(self) -> str:
        return self.metric
