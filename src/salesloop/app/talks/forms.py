"""The forms of a talk and of the opportunity that it becomes."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from salesloop.app.talks.models import Deal, Talk
from salesloop.app.talks.recording import WRITTEN
from salesloop.app.workspace.services import local_day, now

MINUTES_AHEAD = 10
"""How far a phone's clock may be ahead of ours."""


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TalkForm(forms.ModelForm):
    """What a representative writes; the customer is chosen before."""

    class Meta:
        model = Talk
        fields = WRITTEN
        widgets = {
            "kind": forms.RadioSelect,
            "deal_state": forms.RadioSelect,
            "happened_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "feedback": forms.Textarea(attrs={"rows": 4}),
            "next_due": day_input(),
            "chance_close": day_input(),
            "chance_amount": forms.NumberInput(attrs={"inputmode": "decimal", "min": "0", "step": "any"}),
        }

    def clean_happened_at(self) -> dt.datetime:
        moment: dt.datetime = self.cleaned_data["happened_at"]
        if moment > now() + dt.timedelta(minutes=MINUTES_AHEAD):
            raise forms.ValidationError(_("还没有发生的沟通不能记录；计划请写在「下一步」。"))
        return moment

    def clean_chance_amount(self) -> Any:
        amount = self.cleaned_data["chance_amount"]
        if amount is not None and amount < 0:
            raise forms.ValidationError(_("金额不能为负。"))
        return amount

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        happened, due = cleaned.get("happened_at"), cleaned.get("next_due")
        if due and not cleaned.get("next_step"):
            self.add_error("next_step", _("写了日期，也请写下一步做什么。"))
        if due and happened and due < local_day(happened):
            self.add_error("next_due", _("下一步不能早于这次沟通。"))
        if not cleaned.get("chance") and (cleaned.get("chance_amount") is not None or cleaned.get("chance_close")):
            self.add_error("chance", _("写了金额或日期，也请写是什么商机。"))
        return cleaned


class PromoteForm(forms.ModelForm):
    """The opportunity as it begins."""

    stage = forms.ChoiceField(label=gettext_lazy("销售阶段"))

    class Meta:
        model = Deal
        fields = ("name", "amount", "stage", "expected_close")
        widgets: ClassVar[dict[str, Any]] = {
            "expected_close": day_input(),
            "amount": forms.NumberInput(attrs={"inputmode": "decimal", "min": "0", "step": "any"}),
        }

    def __init__(self, *args: Any, stages: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [self.instance.stage] if self.instance.pk and self.instance.stage not in stages else []
        self.fields["stage"].choices = [(stage, stage) for stage in [*known, *stages]]  # type: ignore[attr-defined]

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if amount is not None and amount < 0:
            raise forms.ValidationError(_("金额不能为负。"))
        return amount


class DealForm(PromoteForm):
    """How the opportunity stands."""

    class Meta(PromoteForm.Meta):
        fields = ("name", "amount", "stage", "expected_close", "status", "closed_on", "lost_reason")  # type: ignore[assignment]
        widgets: ClassVar[dict[str, Any]] = {
            **PromoteForm.Meta.widgets,
            "status": forms.RadioSelect,
            "closed_on": day_input(),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        status, closed = cleaned.get("status"), cleaned.get("closed_on")
        if status == Deal.Status.OPEN:
            cleaned |= {"closed_on": None, "lost_reason": ""}
        elif closed is None:
            self.add_error("closed_on", _("请写赢单或输单的日期。"))
        elif closed < self.instance.created_date:
            self.add_error("closed_on", _("不能早于商机建立的日期。"))
        if status == Deal.Status.LOST and not cleaned.get("lost_reason"):
            self.add_error("lost_reason", _("请写为什么没有赢，之后的分析要用。"))
        if status == Deal.Status.WON:
            cleaned["lost_reason"] = ""
        return cleaned
