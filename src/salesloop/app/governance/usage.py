"""Where a metric is used: dashboards, findings, actions, targets, reports, rules, other metrics, and how often its page is opened."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Sum

from salesloop.app.actions.services import Action
from salesloop.app.findings.services import Finding
from salesloop.app.governance.models import MetricOpens
from salesloop.app.workspace.services import registry, today, warehouse, workspace
from salesloop.engine.analyze.findings.rule import load_rules
from salesloop.engine.metrics.composition import parts
from salesloop.engine.model.text import LANGS
from salesloop.engine.report.definition import load_definitions


@dataclass(frozen=True, slots=True)
class Used:
    """How often a metric is used, whoever may see where."""

    findings: int
    actions: int
    targets: int
    reports: int
    rules: int
    parts: int
    opens: int
    boards: int = 0

    @property
    def total(self) -> int:
        """All uses but for people who look at it; targets count as one use, however many there are."""
        return self.findings + self.actions + bool(self.targets) + self.reports + self.rules + self.parts + self.boards


def used(boards: Mapping[str, int] | None = None) -> Mapping[str, Used]:
    """Every metric → where it is used. `boards`: the dashboards that each stands on (`dashboards.boards_counted`)."""
    findings, actions = _counted(Finding), _counted(Action)
    targets, opens = _targets(), _opens()
    reports = Counter(name for names in report_metrics().values() for name in names)
    rules = Counter(rule.metric for rule in load_rules(workspace().path / "checks") if rule.metric)
    read = Counter(part for metric in registry().metrics.values() for part in {*parts(metric), *metric.drivers})
    return {
        name: Used(
            findings[name],
            actions[name],
            targets[name],
            reports[name],
            rules[name],
            read[name],
            opens[name],
            (boards or {}).get(name, 0),
        )
        for name in registry().metrics
    }


def report_metrics() -> Mapping[str, set[str]]:
    """Report → the metrics that its blocks name."""
    known = registry().metrics
    return {
        name: {text for text in _texts(report.model_dump()) if text in known}
        for name, report in load_definitions(workspace().path / "reports").items()
    }


def count_open(metric: str) -> None:
    """One more look at the page of a metric this month."""
    month = today().replace(day=1)
    if not MetricOpens.objects.filter(metric=metric, month=month).update(opens=F("opens") + 1):
        MetricOpens.objects.get_or_create(metric=metric, month=month, defaults={"opens": 1})


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inside in value.values():
            yield from _texts(inside)
    elif isinstance(value, list | tuple):
        for inside in value:
            yield from _texts(inside)


def _counted(kind: Any) -> Counter[str]:
    return Counter({row["metric"]: row["n"] for row in kind.objects.values("metric").annotate(n=Count("pk"))})


def _opens() -> Counter[str]:
    since = today() - dt.timedelta(days=365)
    rows = MetricOpens.objects.filter(month__gte=since).values("metric").annotate(n=Sum("opens"))
    return Counter({row["metric"]: row["n"] for row in rows})


def _targets() -> Counter[str]:
    """Targets by metric; deliveries name it by id or by label."""
    data = warehouse()
    called = {
        word: name
        for name, metric in registry().metrics.items()
        for word in (*(metric.label.get(lang) for lang in LANGS), name)
    }
    found: Counter[str] = Counter()
    if data.snapshot.has("target"):
        rows = data.snapshot.engine.execute("SELECT metric, COUNT(*) AS n FROM target GROUP BY metric").to_pylist()
        for row in rows:
            found[called.get(row["metric"], row["metric"])] += row["n"]
    if "target" in data.entered and not data.has_entered("target"):  # they stand apart from the published ones
        found.update(called.get(name, name) for name in data.entered["target"]["metric"].to_pylist())
    return found
