"""Forms of ratings, peer reviews and competencies."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from salesloop.app.org.services import Employee, unit_names
from salesloop.app.team.competencies import in_use
from salesloop.app.team.models import LEVELS, Area, Competency
from salesloop.app.team.ratings import Given

WORDS = 400


class RatingForm(forms.Form):
    """One competency; left empty it says nothing."""

    level = forms.TypedChoiceField(
        label=_("级别"), coerce=int, widget=forms.RadioSelect, error_messages={"required": _("选一个级别。")}
    )
    evidence = forms.CharField(
        label=_("看到了什么"),
        max_length=WORDS,
        error_messages={"required": _("写一句看到的事；没有依据的评价不能保存。")},
    )
    link = forms.CharField(label=_("佐证页面"), required=False, max_length=WORDS)

    def __init__(self, data: Any = None, *, competency: Competency) -> None:
        super().__init__(data, prefix=f"c{competency.pk}", empty_permitted=True, use_required_attribute=False)
        self.competency = competency
        field = self.fields["level"]
        field.choices = [  # type: ignore[attr-defined]
            (level, f"{level} {gettext(words)}") for level, words in zip(LEVELS, competency.levels, strict=True)
        ]
        self.fields["evidence"].widget.attrs["placeholder"] = gettext(
            "一句话写下看到的事，例如：11 月 3 日给华星的方案……"
        )
        self.fields["link"].widget.attrs["placeholder"] = gettext("沟通、行动、商机或指标页的网址")

    def clean_link(self) -> str:
        """The path and query of a page of ours; the host does not matter."""
        written = self.cleaned_data["link"].strip()
        if not written:
            return ""
        parts = urlsplit(written)
        try:
            resolve(parts.path)
        except Resolver404 as error:
            raise ValidationError(_("请粘贴本系统页面的网址，例如 /talks/3/。")) from error
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def given(self) -> Given | None:
        said = self.cleaned_data
        if not said.get("level"):
            return None
        return Given(self.competency, said["level"], said["evidence"], said["link"])


def rating_forms(data: Any = None) -> list[RatingForm]:
    """One form a competency in use."""
    return [RatingForm(data, competency=one) for one in in_use()]


class RoundForm(forms.Form):
    """Whom to ask about one another, and until when."""

    title = forms.CharField(label=_("名称"), max_length=80)
    due = forms.DateField(label=_("截止日期"), widget=forms.DateInput(attrs={"type": "date"}))
    people = forms.MultipleChoiceField(label=_("同事"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, people: list[Employee], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        units = unit_names({one.unit for one in people})
        field = self.fields["people"]
        field.choices = [(one.id, f"{one.name} · {units.get(one.unit, one.unit)}") for one in people]  # type: ignore[attr-defined]
        field.help_text = gettext("至少四人；请选平时一起做事的人。")

    def clean_due(self) -> dt.date:
        due: dt.date = self.cleaned_data["due"]
        if due < self._today:
            raise ValidationError(_("截止日期不能早于今天。"))
        return due


class CompetencyForm(forms.Form):
    """A competency with the words of its five levels and what jobs ask for."""

    name = forms.CharField(label=_("能力项"), max_length=60)
    area = forms.ChoiceField(label=_("类别"), choices=Area.choices)
    place = forms.IntegerField(label=_("顺序"), min_value=0, max_value=9999, initial=100)
    courses = forms.CharField(
        label=_("相关课程的字眼"), required=False, help_text=_("课程名称含有其中一个，就算能补这一项；用逗号分开。")
    )
    retired = forms.BooleanField(label=_("停用"), required=False)

    def __init__(self, data: Any = None, *, competency: Competency, titles: list[str]) -> None:
        self.competency, self.titles = competency, titles
        initial: dict[str, Any] = {name: getattr(competency, name) for name in ("name", "area", "place", "retired")}
        initial["courses"] = "，".join(competency.courses)
        for level, words in zip(LEVELS, competency.levels, strict=False):
            initial[f"level{level}"] = words
        for number, title in enumerate(["", *titles]):
            initial[f"required{number}"] = competency.required.get(title, "")
        super().__init__(data, initial=initial)
        for level in LEVELS:
            self.fields[f"level{level}"] = forms.CharField(
                label=gettext("第 %(n)s 级看到的是") % {"n": level}, max_length=120
            )
        steps = [("", gettext("不要求")), *((level, str(level)) for level in LEVELS)]
        for number, title in enumerate(["", *titles]):
            label = title or gettext("其他职务")
            self.fields[f"required{number}"] = forms.TypedChoiceField(
                label=label, choices=steps, coerce=int, empty_value=None, required=False
            )

    @property
    def of_levels(self) -> list[Any]:
        return [self[f"level{level}"] for level in LEVELS]

    @property
    def of_titles(self) -> list[Any]:
        return [self[f"required{number}"] for number in range(len(self.titles) + 1)]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if Competency.objects.filter(name=name).exclude(pk=self.competency.pk).exists():
            raise ValidationError(_("已有同名的能力项。"))
        return name

    @property
    def said(self) -> dict[str, Any]:
        """What the model keeps. A title that nobody has today keeps its requirement."""
        data = self.cleaned_data
        required = {
            title: level for title, level in self.competency.required.items() if title not in ("", *self.titles)
        }
        for number, title in enumerate(["", *self.titles]):
            if (level := data[f"required{number}"]) is not None:
                required[title] = level
        words = data["courses"].replace("，", ",").replace("、", ",").split(",")
        return {
            **{name: data[name] for name in ("name", "area", "place", "retired")},
            "levels": [data[f"level{level}"] for level in LEVELS],
            "required": required,
            "courses": [word.strip() for word in words if word.strip()],
        }
