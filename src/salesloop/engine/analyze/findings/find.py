"""Run finding rules over the current snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.findings.anomaly import raise_anomalies
from salesloop.engine.analyze.findings.build import Raised, draft, sentence
from salesloop.engine.analyze.findings.draft import FindingDraft
from salesloop.engine.analyze.findings.limits import raise_changes, raise_target_pace, raise_thresholds
from salesloop.engine.analyze.findings.records import (
    find_failing_checks,
    find_failing_tables,
    find_missing_data,
    find_unusual_deliveries,
)
from salesloop.engine.analyze.findings.rule import MESSAGES, Rule
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Message
from salesloop.engine.store.engines.stopping import Stopped


def find(
    asking: Asking, rules: Iterable[Rule], *, on_problem: Callable[[Rule, UserError], None] | None = None
) -> list[FindingDraft]:
    """Everything that the rules raise today, most severe first.

    A rule that cannot be computed here (no such metric or dimension in this workspace) is passed to `on_problem` and skipped: one
    broken rule must not silence the others.
    """
    found: list[FindingDraft] = []
    for rule in rules:
        try:
            found += _find(asking, rule)
        except Stopped:
            raise
        except UserError as problem:
            if on_problem is not None:
                on_problem(rule, problem)
    order = {"critical": 0, "warning": 1, "info": 2}
    return sorted(found, key=lambda draft: (order[draft.severity], draft.rule, draft.fingerprint))


def _find(asking: Asking, rule: Rule) -> list[FindingDraft]:
    match rule.kind:
        case "anomaly":
            return [draft(asking, item, _anomaly(asking, item)) for item in raise_anomalies(asking, rule)]
        case "threshold":
            return [draft(asking, item, _threshold(asking, item)) for item in raise_thresholds(asking, rule)]
        case "change":
            return [draft(asking, item, _change(asking, item)) for item in raise_changes(asking, rule)]
        case "target_pace":
            return [draft(asking, item, _pace(asking, item)) for item in raise_target_pace(asking, rule)]
        case "data_quality":
            return find_failing_checks(asking, rule) + find_failing_tables(asking, rule)
        case "missing_data":
            return find_missing_data(asking, rule)
        case "unusual_delivery":
            return find_unusual_deliveries(asking, rule)


def _side(item: Raised) -> str:
    return "below" if item.observed < item.expected else "above"


def _rate(asking: Asking, item: Raised) -> str:
    return "_rate" if asking.metric(item.rule.metric or "").format == "percent" else ""


def _anomaly(asking: Asking, item: Raised) -> Message:
    return sentence(asking, item, f"anomaly{_rate(asking, item)}_{_side(item)}")


def _threshold(asking: Asking, item: Raised) -> Message:
    return sentence(asking, item, f"threshold{_rate(asking, item)}_{_side(item)}", limit=item.expected)


def _change(asking: Asking, item: Raised) -> Message:
    way = "down" if item.observed < item.expected else "up"
    return sentence(
        asking, item, f"change{_rate(asking, item)}_{way}", base=MESSAGES.message(f"base_{item.rule.compare}")
    )


def _pace(asking: Asking, item: Raised) -> Message:
    elapsed = asking.calendar.elapsed_share(item.period, asking.today)
    return sentence(asking, item, "target_pace", attainment=item.observed / (item.expected / elapsed), elapsed=elapsed)
