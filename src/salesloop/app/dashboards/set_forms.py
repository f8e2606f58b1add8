"""The form of a set of metrics."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from salesloop.app.dashboards.models import MetricSet
from salesloop.app.dashboards.sets import LINES, where_of
from salesloop.app.metrics.services import ask, choices, has_data, rows_of
from salesloop.app.pages.services import Page
from salesloop.engine.metrics import parse_filter
from salesloop.engine.model.periods import parse_period

SLICES = ("channel", "category", "region", "org_unit", "employee", "segment", "product")
VALUES = 200
MOST = 12


class SetForm(forms.ModelForm):
    """A name, the metrics, and the product line and channel that they are looked at for."""

    metrics = forms.MultipleChoiceField(
        label=gettext_lazy("指标"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("至多 12 个；只列出现在算得出的指标。"),
    )
    category = forms.ChoiceField(label=gettext_lazy("产品类别"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("渠道"), required=False)
    by = forms.ChoiceField(label=gettext_lazy("再按什么列出"), required=False)

    class Meta:
        model = MetricSet
        fields = ["name", "category", "channel", "by", "metrics", "shared"]

    def __init__(self, *args: Any, page: Page, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for text in self.instance.where:
            found = parse_filter(text)
            if found.dimension in LINES:
                self.initial[found.dimension] = found.values[0]
        for name in LINES:
            values = _values(page, name, self.initial.get(name))
            self.fields[name].choices = [("", _("全部")), *values]  # type: ignore[attr-defined]
        dimensions = [(name, page.registry.dimension(name).label.get(page.lang)) for name in SLICES]
        self.fields["by"].choices = [("", _("不列")), *dimensions]  # type: ignore[attr-defined]
        held = set(self.instance.metrics)
        self.fields["metrics"].choices = [  # type: ignore[attr-defined]
            pair for pair in choices(page.lang) if pair[0] in held or has_data(page, pair[0])
        ]

    def clean_metrics(self) -> list[str]:
        names: list[str] = self.cleaned_data["metrics"]
        if len(names) > MOST:
            raise forms.ValidationError(
                _("至多选 %(most)d 个指标，现在是 %(n)d 个。") % {"most": MOST, "n": len(names)}
            )
        return names

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.instance.where = where_of({name: data.get(name, "") for name in LINES})
        self.instance.metrics = data.get("metrics", self.instance.metrics)
        self.instance.by = data.get("by", "")
        return data


def _values(page: Page, dimension: str, held: str | None) -> list[tuple[str, str]]:
    """(id, name) of the values of a dimension with orders in the last twelve months, as far as the person sees them."""
    found: list[tuple[str, str]] = []
    if has_data(page, "revenue"):
        days = parse_period("last-12-months", page.calendar, page.as_of)
        rows = rows_of(ask(page, ["revenue"], by=[dimension], days=days, where=(), limit=VALUES))
        found = [(row.get(f"{dimension}_id", row[dimension]), row[dimension]) for row in rows if row[dimension]]
    if held and held not in dict(found):
        found.append((held, held))
    return found
