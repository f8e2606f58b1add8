"""The job that runs the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_noop

from salesloop.app.findings.services import run_rules
from salesloop.app.jobs.services import Run
from salesloop.app.workspace.services import now
from salesloop.engine.analyze.findings.rule import Rule


def check(run: Run) -> dict[str, Any]:
    """Run every rule; how many findings are new or back, and which rules did not run. Stopped, it records nothing."""

    def told(rules: Sequence[Rule]) -> Iterator[Rule]:
        for done, rule in enumerate(rules):
            run.at(gettext_noop("运行规则"), done / len(rules))
            run.cancel.check()
            yield rule
        run.cancel.check()

    recorded = run_rules(now(), run.job.owner, told=told)
    return {
        "new": len(recorded.new) + len(recorded.reopened),
        "problems": [[name, problem.message.to_json()] for name, problem in recorded.problems],
    }
