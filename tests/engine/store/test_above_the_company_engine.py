"""What stands on the numbers, computed by another engine: findings with their causes, reports. The same, word for word."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.findings.draft import FindingDraft
from salesloop.engine.analyze.findings.find import find
from salesloop.engine.analyze.findings.rule import load_rules
from salesloop.engine.metrics import load_registry
from salesloop.engine.model.scope import Scope
from salesloop.engine.report.builders import build_report, report_period
from salesloop.engine.report.definition import definition_of
from salesloop.engine.report.render import render
from salesloop.engine.store import Workspace
from salesloop.engine.store.config import write_config
from salesloop.engine.store.engines.address import parse_address
from salesloop.engine.store.remote.publish import publish, write_view
from tests.conftest import missing
from tests.engine.analyze.test_findings import ANOMALY, order_lines
from tests.engine.analyze.test_findings import company as with_a_shortage
from tests.engine.metrics.world import TODAY
from tests.engine.report.company import NOW
from tests.engine.report.company import company as firm
from tests.metrics_suite.elsewhere import spark_address

SCOPES = (
    Scope.all(),
    Scope(org_units=frozenset(("D1", "T1", "T2")), employees=frozenset(("E1", "E2", "E3"))),
)


@pytest.fixture(params=["postgresql", "spark"])
def engine(request: pytest.FixtureRequest) -> str:
    """The address of one."""
    url = spark_address() if request.param == "spark" else os.environ.get("SALESLOOP_TEST_POSTGRES")
    if not url:
        missing("no PostgreSQL: set SALESLOOP_TEST_POSTGRES to postgresql://user@host:port/database")
    return url


def moved(own: Workspace, folder: Path, url: str) -> Workspace:
    """A copy of the workspace whose tables are on the engine."""
    shutil.copytree(own.path, folder / "moved")
    copy = Workspace.open(folder / "moved")
    zone, files = copy.config.timezone, folder / "files"
    for one in publish(copy.current(), copy.model, parse_address(url), zone, schema="salesloop_above", folder=files):
        write_view(copy.path / "engine", one.view)
    write_config(copy.path, {**copy.config.model_dump(), "engine": url})
    return Workspace.open(copy.path)


@pytest.mark.requirement("I15", "L01")
def test_findings_and_their_causes(engine: str, tmp_path: Path) -> None:
    with_a_shortage(tmp_path, order_lines(shortage=0.1))
    own = Workspace.open(tmp_path / "company")
    there = moved(own, tmp_path, engine)
    # What speaks of deliveries has nothing to speak of where nothing is delivered.
    rules = [ANOMALY, *(rule for rule in load_rules() if rule.kind in ("threshold", "change", "target_pace"))]
    expected, found = (
        [told(one) for one in find(Asking(of, load_registry(of.path, of.model), Scope.all(), TODAY), rules)]
        for of in (own, there)
    )
    assert found == expected
    assert any("华东大区" in str(one) for one in expected), "there is something to compare"


def told(draft: FindingDraft) -> tuple[object, ...]:
    causes = [([m.name for m in cause.members], round(cause.share or 0, 6)) for cause in draft.causes]
    numbers = [round(value, 6) if isinstance(value, float) else value for value in (draft.observed, draft.expected)]
    return draft.fingerprint, draft.severity, draft.message.text(), *numbers, causes


@pytest.mark.requirement("I15", "M01")
def test_a_report(engine: str, tmp_path: Path, own_reports: tuple[Workspace, list[list[str]]]) -> None:
    own, expected = own_reports
    there = moved(own, tmp_path, engine)
    assert [figures_of(there, scope) for scope in SCOPES] == expected
    assert all(len(figures) > 60 for figures in expected), "there is something to compare"


@pytest.fixture(scope="module")
def own_reports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, list[list[str]]]:
    own = firm(tmp_path_factory.mktemp("firm") / "own").workspace
    return own, [figures_of(own, scope) for scope in SCOPES]


def figures_of(workspace: Workspace, scope: Scope) -> list[str]:
    """Every number of the weekly report, in its order, but for the time at which it was made."""
    definition = definition_of("weekly")
    when = report_period(workspace, definition, None, NOW)
    registry = load_registry(workspace.path, workspace.model)
    page = render(build_report(workspace, registry, definition, scope, when, now=NOW, lang="en"), "html").decode()
    body = re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    return re.findall(r"-?\d[\d,]*\.?\d*%?", re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "", body))
