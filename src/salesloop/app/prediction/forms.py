"""What a person chooses before a training."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from salesloop.engine.analyze.predict.lifetime.train import YEARLY_DISCOUNT, YEARS


class LifetimeForm(forms.Form):
    years = forms.FloatField(label=_("预测多少年"), min_value=0.25, max_value=10, initial=YEARS)
    yearly_discount = forms.FloatField(label=_("年折现率 %"), min_value=0, max_value=100, initial=100 * YEARLY_DISCOUNT)

    @property
    def choices(self) -> dict[str, float]:
        """What the training takes."""
        data = self.cleaned_data
        return {"years": data["years"], "yearly_discount": data["yearly_discount"] / 100}


class ForecastForm(forms.Form):
    metric = forms.ChoiceField(label=_("指标"))

    def __init__(self, *args: object, metrics: Sequence[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["metric"].choices = metrics  # type: ignore[attr-defined]
