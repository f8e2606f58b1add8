"""A finding as a page shows it: words and numbers ready for a template."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from salesloop.app.findings.models import Finding, State
from salesloop.app.ui.language import current_lang
from salesloop.app.workspace.services import registry
from salesloop.engine.model.text import Text

LEVELS = {"critical": "bad", "warning": "warn", "info": ""}
KINDS = {
    "anomaly": gettext_lazy("低于预期"),
    "threshold": gettext_lazy("不达标"),
    "change": gettext_lazy("明显变化"),
    "target_pace": gettext_lazy("目标进度"),
    "data_quality": gettext_lazy("数据质量"),
    "missing_data": gettext_lazy("数据中断"),
    "unusual_delivery": gettext_lazy("交付异常"),
}


@dataclass(frozen=True)
class ShownCause:
    """One cause: what it is called, its share of the deviation, and its numbers in the unit of the metric."""

    name: str
    share: float
    observed: float
    expected: float

    @property
    def share_text(self) -> str:
        return f"{self.share:.0%}"


class Shown:
    """Reads a `Finding` in the reader's language."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding

    @property
    def sentence(self) -> str:
        return self.finding.sentence(current_lang())

    @property
    def href(self) -> str:
        return reverse("findings:detail", args=[self.finding.pk])

    @property
    def kind(self) -> str:
        """The few words above the sentence."""
        if self.finding.kind == "anomaly" and (self.finding.observed or 0) > (self.finding.expected or 0):
            return _("高于预期")
        return str(KINDS[self.finding.kind])

    @property
    def level(self) -> str:
        """The colour class: trouble, warning, or good once it is closed."""
        return "good" if self.finding.state == State.CLOSED else LEVELS[self.finding.severity]

    @property
    def state_chip(self) -> str:
        return {State.OPEN: "warn", State.ACTING: "accent", State.CLOSED: "good"}.get(State(self.finding.state), "")

    @cached_property
    def metric(self) -> Any:
        """The definition of the metric; None for findings about data, or where the definition is gone."""
        return registry().metrics.get(self.finding.metric)

    @property
    def score(self) -> str:
        """How many times the usual fluctuation the deviation is; empty where that is not known."""
        return "" if self.finding.score is None else f"{abs(self.finding.score):.1f}"

    @cached_property
    def causes(self) -> list[ShownCause]:
        return [
            ShownCause(
                " × ".join(member["name"] or _("未归属") for member in cause["members"]),
                cause["share"],
                cause["observed"],
                cause["expected"],
            )
            for cause in self.finding.causes
        ]

    @property
    def main_cause(self) -> ShownCause | None:
        return self.causes[0] if self.causes else None

    @property
    def suggestions(self) -> list[str]:
        return [Text.parse(one).get(current_lang()) for one in self.finding.suggestions]

    @property
    def evidence(self) -> str:
        """The address of the page that shows it."""
        if self.finding.metric:
            return f"{reverse('metrics:metric', args=[self.finding.metric])}?{self.finding.evidence}"
        return f"{reverse('data:index')}?{self.finding.evidence}"

    @cached_property
    def action(self) -> Any:
        """The newest action for it."""
        return max(self.finding.actions.all(), key=lambda action: action.pk, default=None)
