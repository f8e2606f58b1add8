"""The form of an action."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from salesloop.app.accounts.services import User, people
from salesloop.app.actions.models import Action
from salesloop.app.actions.slices import with_dimension_id
from salesloop.app.metrics.services import choices
from salesloop.app.ui.language import current_lang
from salesloop.app.workspace.services import registry
from salesloop.engine.metrics.query import parse_filter
from salesloop.engine.model.errors import UserError


class ActionForm(forms.ModelForm):
    """What is done, for which metric and slice, by whom, until when, and what it is to bring."""

    owner = forms.ModelChoiceField(label=_("责任人"), queryset=User.objects.none())
    metric = forms.ChoiceField(label=_("要改变的指标"))
    slice = forms.CharField(
        label=_("作用范围"),
        required=False,
        help_text=_("写成 部门=华东大区, 渠道=分销 的样子；与第一项同级的其他切片用来对照。留空表示整体。"),
    )
    expected_percent = forms.DecimalField(
        label=_("预期变化（%）"), required=False, max_digits=6, decimal_places=2, help_text=_("比率类指标填百分点。")
    )
    steps = forms.CharField(
        label=_("步骤"), required=False, widget=forms.Textarea(attrs={"rows": 4}), help_text=_("每行一步。")
    )

    class Meta:
        model = Action
        fields = ["title", "owner", "start", "due", "note"]
        widgets = {
            "start": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "due": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people(active=True)  # type: ignore[attr-defined]
        self.fields["metric"].choices = choices(current_lang())  # type: ignore[attr-defined]
        if self.instance.pk:
            for name in ("metric", "slice", "steps"):
                del self.fields[name]

    def clean_slice(self) -> list[str]:
        """The filters, each one value of one dimension."""
        written = self.cleaned_data["slice"].replace("，", ",").replace("＝", "=").split(",")
        texts = [with_dimension_id(text.strip()) for text in written if text.strip()]
        for text in texts:
            try:
                found = parse_filter(text)
                registry().dimension(found.dimension)
            except UserError as error:
                raise ValidationError(error.text(current_lang())) from error
            if found.negated or len(found.values) != 1:
                raise ValidationError(_("“%(text)s”：每个维度只能取一个值。"), params={"text": text})
        return texts

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, due = data.get("start"), data.get("due")
        if isinstance(start, dt.date) and isinstance(due, dt.date) and due <= start:
            self.add_error("due", _("到期日期要在开始日期之后。"))
        return data

    @property
    def expected_change(self) -> float | None:
        """The expected change as a share."""
        percent = self.cleaned_data.get("expected_percent")
        return None if percent is None else float(percent) / 100

    @property
    def step_lines(self) -> list[str]:
        return [line.strip()[:200] for line in self.cleaned_data.get("steps", "").splitlines() if line.strip()]
