"""What representatives write down after they spoke with a customer, and the opportunities that came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """How the customer was met; the values are those of `activity.type`."""

    VISIT = "visit", _("拜访")
    CALL = "call", _("电话")
    MEETING = "meeting", _("会议")
    MAIL = "mail", _("消息邮件")


class DealState(models.TextChoices):
    """How the deal stood after the talk."""

    NOT_RAISED = "not_raised", _("没有谈到")
    EXPLORING = "exploring", _("了解需求")
    INTERESTED = "interested", _("有意向")
    QUOTED = "quoted", _("已报价")
    AGREED = "agreed", _("已成交")
    REFUSED = "refused", _("没谈成")


class Talk(models.Model):
    """One talk with one customer. It reaches the engine as the entered row `activity_id` of the entity activity.

    `happened_at` is when it took place, `entered_at` when it was first written down. `org_unit_id` is the author's unit on
    that day. Where the talk had been planned elsewhere, `activity_id` and `planned_date` are those of the plan: the record
    stands in its place. Of a chance that was heard of, `chance` is the name; amounts are in the base currency.
    """

    activity_id = models.CharField(max_length=200, unique=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    employee_id = models.CharField(max_length=64, db_index=True)
    org_unit_id = models.CharField(max_length=64, blank=True, db_index=True)
    customer_id = models.CharField(max_length=200, db_index=True)
    customer_name = models.CharField(max_length=200)
    kind = models.CharField(_("方式"), max_length=8, choices=Kind, default=Kind.VISIT)
    happened_at = models.DateTimeField(_("什么时候"), db_index=True)
    entered_at = models.DateTimeField()
    planned_date = models.DateField(null=True)
    feedback = models.TextField(_("客户说了什么"), max_length=4000)
    deal_state = models.CharField(_("成交情况"), max_length=10, choices=DealState, default=DealState.NOT_RAISED)
    next_step = models.CharField(_("下一步"), max_length=200, blank=True)
    next_due = models.DateField(_("下一步日期"), null=True, blank=True, db_index=True)
    next_done_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)
    competitor = models.CharField(_("提到的竞争对手"), max_length=100, blank=True)
    opportunity_id = models.CharField(max_length=200, blank=True)
    chance = models.CharField(_("潜在商机"), max_length=200, blank=True)
    chance_amount = models.DecimalField(_("大约金额"), max_digits=18, decimal_places=2, null=True, blank=True)
    chance_close = models.DateField(_("预计成交"), null=True, blank=True)

    class Meta:
        ordering = ["-happened_at", "-id"]

    def __str__(self) -> str:
        return f"{self.customer_name} {self.happened_at:%Y-%m-%d}"


class Version(models.Model):
    """A talk as it read before a correction: field → value."""

    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="versions")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.talk} < {self.at:%Y-%m-%d %H:%M}"


class Deal(models.Model):
    """An opportunity that was promoted from a talk: an entered row of the entity opportunity."""

    class Status(models.TextChoices):
        OPEN = "open", _("进行中")
        WON = "won", _("赢单")
        LOST = "lost", _("输单")

    talk = models.OneToOneField(Talk, on_delete=models.PROTECT, related_name="deal")
    opportunity_id = models.CharField(max_length=200, unique=True)
    name = models.CharField(_("商机名称"), max_length=200)
    amount = models.DecimalField(_("金额"), max_digits=18, decimal_places=2, null=True, blank=True)
    stage = models.CharField(_("销售阶段"), max_length=100)
    status = models.CharField(_("结果"), max_length=4, choices=Status, default=Status.OPEN)
    created_date = models.DateField()
    expected_close = models.DateField(_("预计成交"), null=True, blank=True)
    closed_on = models.DateField(_("关闭日期"), null=True, blank=True)
    lost_reason = models.CharField(_("输单原因"), max_length=200, blank=True)
    promoted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
