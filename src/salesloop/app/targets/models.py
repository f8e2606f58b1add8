"""Targets that people state, the versions in which they are agreed, and what people say to them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

CONTENT = ("value", "currency", "locked")
KEY = ("metric", "org_unit_id", "employee_id", "dimension", "dimension_value", "period_start", "period")


class Statement(models.Model):
    """One stated target, with the fields of the entity `target`. Empty texts mean: not of a unit, a person, a dimension.

    It wins over an imported one with the same key. `value` is in the metric's unit (money in `currency`, '' = the base one;
    rates as fractions); NULL takes an imported target back. A locked one is left alone by splits and by typing.
    """

    metric = models.CharField(max_length=64)
    org_unit_id = models.CharField(max_length=64, blank=True)
    employee_id = models.CharField(max_length=64, blank=True)
    dimension = models.CharField(max_length=64, blank=True)
    dimension_value = models.CharField(max_length=200, blank=True)
    period_start = models.DateField()
    period = models.CharField(max_length=8)
    value = models.DecimalField(max_digits=28, decimal_places=8, null=True)
    currency = models.CharField(max_length=3, blank=True)
    locked = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        owner = self.employee_id or self.org_unit_id
        return " ".join(filter(None, [self.metric, owner, f"{self.period} {self.period_start}"]))


class Target(Statement):
    """What counts: the engine sees exactly these. `version` is the code of the version that decided it, '' where nobody had to
    approve it."""

    version = models.CharField(max_length=64, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=KEY, name="one_target_a_key")]


class PlanRate(models.Model):
    """By which rate targets of a year in another currency count: base currency for one unit of it."""

    year = models.IntegerField()
    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("year", "currency"), name="one_plan_rate_a_year")]

    def __str__(self) -> str:
        return f"{self.currency} {self.year}: {self.rate}"


class Version(models.Model):
    """The targets of one metric and year on their way to count. `basis` keeps the inputs of a proposal.

    Its cells are a draft's own; while it counts, `Target` holds them, and they come back here when another one takes over.
    """

    class State(models.TextChoices):
        """Only approved and frozen ones count; of one metric and year at most one does."""

        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待批准")
        APPROVED = "approved", _("已批准")
        FROZEN = "frozen", _("已冻结")
        REPLACED = "replaced", _("已被替换")

    metric = models.CharField(max_length=64)
    year = models.IntegerField()
    number = models.PositiveIntegerField()
    why = models.CharField(_("说明"), max_length=400, blank=True)
    basis = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["metric", "-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=("metric", "year", "number"), name="one_number_a_version"),
            models.UniqueConstraint(
                fields=("metric", "year"),
                condition=models.Q(state__in=("approved", "frozen")),
                name="one_version_counts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.year} v{self.number}"

    @property
    def code(self) -> str:
        """Among the versions of the metric."""
        return f"{self.year}-v{self.number}"

    @property
    def counts(self) -> bool:
        return self.state in (self.State.APPROVED, self.State.FROZEN)


class VersionCell(Statement):
    """One statement of a version that does not count now."""

    of = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="cells")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("of", *KEY), name="one_cell_a_key")]


class PlanCell(Statement):
    """One statement of the original plan of a metric and year: what counted when its first version was approved. Never
    changed, so that later versions can be held against it."""

    year = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=KEY, name="one_plan_a_key")]


class Change(models.Model):
    """What one person did in one go, to a draft or (`draft` empty) to what counts: `before` holds, for every key touched, the
    row as it was and as it became, so that it can be undone: [{"key": {…}, "before": [entered, value], "after": […]}]."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    metric = models.CharField(max_length=64)
    year = models.IntegerField()
    draft = models.ForeignKey(Version, null=True, on_delete=models.CASCADE, related_name="changes")
    before = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.metric} {self.year}"


class MoveDecision(models.Model):
    """What was decided about the target of somebody who changed units; in force until its change is undone."""

    class Choice(models.TextChoices):
        FOLLOW = "follow", _("目标随人走")
        SUCCESSOR = "successor", _("交给接任者")
        TEAM = "team", _("团队分担")
        UNIT = "unit", _("由原部门承担")

    metric = models.CharField(max_length=64)
    year = models.IntegerField()
    employee_id = models.CharField(max_length=64)
    day = models.DateField()
    choice = models.CharField(max_length=9, choices=Choice)
    change = models.OneToOneField(Change, on_delete=models.CASCADE, related_name="move")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.metric} {self.year} {self.employee_id} {self.day}: {self.choice}"


class Commitment(models.Model):
    """What a person says they will bring in a month: bottom-up, beside the target from above."""

    metric = models.CharField(max_length=64)
    year = models.IntegerField()
    employee_id = models.CharField(max_length=64)
    period_start = models.DateField()
    value = models.DecimalField(max_digits=28, decimal_places=8)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("metric", "employee_id", "period_start"), name="one_commitment_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.employee_id} {self.period_start}"


class Acknowledgement(models.Model):
    """A person has seen their target of a year; `total` is what it was then, so that a later change shows."""

    metric = models.CharField(max_length=64)
    year = models.IntegerField()
    employee_id = models.CharField(max_length=64)
    total = models.DecimalField(max_digits=28, decimal_places=8)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("metric", "year", "employee_id"), name="one_acknowledgement")]

    def __str__(self) -> str:
        return f"{self.metric} {self.year} {self.employee_id}"


class Remark(models.Model):
    """What somebody said about the targets of one row of one year. `row` is its key: `org_unit:D1`, `employee:E12`, `company:`."""

    metric = models.CharField(max_length=64)
    year = models.IntegerField()
    row = models.CharField(max_length=80)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("留言"), max_length=2000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:80]


class Objective(models.Model):
    """What the company wants, over several years, one, or a quarter of it. With a metric and a value it can be followed in
    numbers: the value is that of the last year, or of the quarter."""

    name = models.CharField(_("公司目标"), max_length=120)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    first_year = models.IntegerField(_("从哪一年"))
    last_year = models.IntegerField(_("到哪一年"))
    quarter = models.PositiveSmallIntegerField(_("季度"), null=True, blank=True)
    metric = models.CharField(_("指标"), max_length=64, blank=True)
    value = models.DecimalField(_("最后一年（或该季度）要达到"), max_digits=28, decimal_places=8, null=True, blank=True)
    note = models.TextField(_("说明"), blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["last_year", "quarter", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def span(self) -> str:
        """`2026–2028`, `2026`, `2026 Q2`."""
        if self.is_long:
            return f"{self.first_year}–{self.last_year}"
        return f"{self.last_year} Q{self.quarter}" if self.quarter else str(self.last_year)

    @property
    def is_long(self) -> bool:
        """Long-term: more than one year."""
        return self.last_year > self.first_year


class ObjectiveLink(models.Model):
    """The targets of a metric and year serve this objective."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="links")
    metric = models.CharField(max_length=64)
    year = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("metric", "year"), name="one_objective_a_target")]

    def __str__(self) -> str:
        return f"{self.metric} {self.year}"


class Milestone(models.Model):
    """One step of the plan behind an objective."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_("里程碑"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("责任人"), on_delete=models.PROTECT, related_name="+"
    )
    due = models.DateField(_("到期日期"))
    done_on = models.DateField(null=True)

    class Meta:
        ordering = ["due", "id"]

    def __str__(self) -> str:
        return self.title
