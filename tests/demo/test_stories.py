"""The product finds by itself what was planted in the demo company, and does not cry wolf at its peak."""

from __future__ import annotations

import datetime as dt

import pytest

from salesloop.demo.exports import write_exports
from salesloop.demo.stories import Stories
from salesloop.demo.world import build_world
from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.diagnose.contribution import Member
from salesloop.engine.analyze.effect.measure import Acted, measure
from salesloop.engine.analyze.findings.draft import FindingDraft
from salesloop.engine.analyze.findings.find import find
from salesloop.engine.analyze.findings.rule import load_rules
from salesloop.engine.metrics import Query, load_registry, run
from salesloop.engine.model.scope import Scope
from salesloop.engine.pipeline import ImportReport, ImportRequest, import_files
from salesloop.engine.store import Workspace

TODAY = dt.date(2026, 11, 21)


class Demo:
    """The imported company, its stories, and what the rules raise."""

    def __init__(self, folder) -> None:
        tables, self.stories = build_world(TODAY)
        files = write_exports(tables, self.stories, folder / "exports")
        self.workspace = Workspace.create(folder / "workspace")
        now = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
        self.report: ImportReport = import_files(self.workspace, [ImportRequest(file) for file in files], now=now)
        self.registry = load_registry(folder / "workspace")
        self.found = self.raised(TODAY)

    def asking(self, today: dt.date = TODAY) -> Asking:
        return Asking(self.workspace, self.registry, Scope.all(), today)

    def raised(self, today: dt.date) -> list[FindingDraft]:
        return find(self.asking(today), load_rules())

    def of(self, rule: str, today: dt.date = TODAY) -> list[FindingDraft]:
        found = self.found if today == TODAY else self.raised(today)
        return [draft for draft in found if draft.rule == rule]

    def value(self, metric: str, start: str, end: str, where: tuple[str, ...] = ()):
        query = Query((metric,), start=dt.date.fromisoformat(start), end=dt.date.fromisoformat(end), where=where)
        return run(self.workspace, self.registry, query, Scope.all(), today=TODAY).one(metric)


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Demo:
    return Demo(tmp_path_factory.mktemp("demo"))


def names(draft: FindingDraft) -> list[str | None]:
    return [member.name for member in draft.members]


def test_every_row_of_every_export_is_accounted_for(demo):
    for batch in demo.report.batches:
        for entity, counts in batch.entities.items():
            assert counts.received == counts.accepted + counts.quarantined + counts.unchanged, (batch.file, entity)
    assert demo.report.left_out == ()
    waiting = sum(batch.waiting for batch in demo.report.batches)
    assert 10 < waiting < 60  # the 30th of February and the amounts “待定”, one line in a few thousand


@pytest.mark.requirement("L01", "L02", "I02")
def test_the_fall_of_a_region_and_its_cause(demo):
    (draft,) = demo.of("revenue-below-season")
    stories: Stories = demo.stories
    assert names(draft) == [f"{stories.shortage_region}大区"]
    assert [member.name for member in draft.causes[0].members] == [stories.shortage_channel, stories.shortage_category]
    assert draft.causes[0].share > 0.6


@pytest.mark.requirement("Z01", "L01")
def test_the_backlog_of_data_entry(demo):
    (draft,) = demo.of("entry-timeliness-below-standard")
    assert names(draft) == [demo.stories.backlog_team]


@pytest.mark.requirement("C02", "L05")
def test_customers_entered_twice(demo):
    labels = [draft.message.text("zh-Hans") for draft in demo.of("records-failing-checks")]
    assert any("统一社会信用代码" in label for label in labels)


@pytest.mark.requirement("L02", "I06")
@pytest.mark.parametrize("today", [dt.date(2025, 11, 28), dt.date(2026, 6, 28)])
def test_no_alarm_at_the_peaks(demo, today):
    """E-commerce sells 90 % more in November and 35 % more in June, every year."""
    peak = demo.value("revenue", f"{today:%Y-%m}-01", str(today), ("channel=电商",))
    before = (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    assert float(peak) > 1.2 * float(demo.value("revenue", str(before), str(before.replace(day=28)), ("channel=电商",)))
    assert demo.of("revenue-below-season", today) == []


@pytest.mark.requirement("N05", "A02")
def test_the_measure_that_worked_and_the_one_that_did_not(demo):
    stories = demo.stories
    units = {
        row["name"]: row["org_unit_id"]
        for row in demo.workspace.current().rows("SELECT name, org_unit_id FROM org_unit")
    }

    def effect(team: str, category: str):
        members = (Member("org_unit:3", units[team], team), Member("category", category, category))
        return measure(demo.asking(), Acted("revenue", members, stories.action_start, stories.action_due))

    worked = effect(stories.worked_team, stories.worked_category)
    assert worked.verdict == "improved"
    assert worked.relative_low < stories.worked_lift - 1 < worked.relative_high
    assert worked.comparable == 15
    assert effect(stories.idle_team, stories.idle_category).verdict == "no_evidence"


@pytest.mark.requirement("E11")
def test_the_teams_that_fell_behind_when_the_measures_began(demo):
    behind = {name for draft in demo.of("target-pace-behind", demo.stories.action_start) for name in names(draft)}
    assert {demo.stories.worked_team, demo.stories.idle_team} <= behind
