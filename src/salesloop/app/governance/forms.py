"""Forms of change requests and reviews."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from salesloop.app.governance.models import ChangeRequest, Outcome


class RequestForm(forms.ModelForm):
    """What shall change, why, on what evidence, and, for those who know how, the definition as it shall be."""

    class Meta:
        model = ChangeRequest
        fields = ["kind", "target", "title", "why", "evidence", "proposal"]
        widgets = {
            "why": forms.Textarea(attrs={"rows": 3}),
            "proposal": forms.Textarea(attrs={"rows": 16, "class": "code", "spellcheck": "false"}),
        }
        help_texts = {
            "target": _("例如 revenue；检查写成 实体.检查名。"),
            "title": _("一句话说明要改什么。"),
            "evidence": _("把看到问题的页面网址粘贴到这里，批准的人打开就能看到。"),
            "proposal": _("会改 YAML 的话直接改；不会就不用动，由分析员来写。"),
        }

    def __init__(self, *args: Any, fixed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proposal"].required = False
        if fixed:
            for name in ("kind", "target"):
                self.fields[name].widget = forms.HiddenInput()

    def clean_evidence(self) -> str:
        """The path and query of a page of ours; the host does not matter."""
        written = self.cleaned_data["evidence"].strip()
        if not written:
            return ""
        parts = urlsplit(written)
        if not parts.path.startswith("/") or parts.path.startswith("//"):
            raise ValidationError(_("请粘贴本系统页面的网址，例如 /metrics/revenue/?period=2026-11。"))
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def clean_proposal(self) -> str:
        return str(self.cleaned_data["proposal"]).replace("\r\n", "\n")


class ReviewForm(forms.Form):
    """How a review came out, and why."""

    outcome = forms.ChoiceField(
        label=_("结论"), choices=Outcome.choices, widget=forms.RadioSelect, initial=Outcome.KEEP
    )
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 3}))
    successor = forms.ChoiceField(
        label=_("由谁替代"), required=False, help_text=_("停用时填；用到它的人会被指到那里。")
    )

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].choices = [("", _("没有替代")), *others]  # type: ignore[attr-defined]
