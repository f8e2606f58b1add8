"""Every version of every definition is kept: what came with the product, what was applied, what was edited by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from salesloop.engine.governance.applying import Change, apply, in_force
from salesloop.engine.governance.comparing import compare, difference, metric_of
from salesloop.engine.governance.journal import history_of, read_histories, text_of
from salesloop.engine.governance.noticing import approve, notice, waiting
from salesloop.engine.governance.numbering import numbered_registry
from salesloop.engine.metrics import load_registry
from salesloop.engine.metrics.warehouse import warehouse
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.periods import DateRange
from salesloop.engine.model.scope import Scope
from salesloop.engine.store import Workspace
from tests.engine.metrics.world import NOW, TODAY, World

OWN = """# counted by hand before
metric: big_orders
label: {zh-Hans: 大单数, en: Large orders}
description: {zh-Hans: 大额订单行数, en: Lines above a limit}
formula: {zh-Hans: 行数, en: Lines}
type: measure
entity: order_line
aggregate: count
filter: amount >= 100   # the limit
unit: record
format: count
favorable: up
owner: linxiao
review_every: quarter
"""
LATER = NOW + dt.timedelta(days=1)
ROWS = [
    {"order_id": "A", "order_date": "2026-10-05", "amount": 100},
    {"order_id": "B", "order_date": "2026-11-05", "amount": 150},
    {"order_id": "C", "order_date": "2026-11-06", "amount": 250},
]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "w")


def wanted(text: str, **how: str) -> Change:
    said = {"kind": "metric", "id": "big_orders", "by": "wangfang", "why": "limit raised", "approved_by": "linxiao"}
    return Change(text=text, **(said | how))  # type: ignore[arg-type]


@pytest.mark.requirement("F03")
def test_an_applied_change_is_a_version_with_reason_and_approver(workspace: Workspace):
    first = apply(workspace, wanted(OWN), NOW)
    second = apply(workspace, wanted(OWN.replace(">= 100", ">= 200")), LATER)
    assert (first.number, second.number) == (1, 2)
    versions = history_of(workspace, "metric", "big_orders")
    assert [(v.by, v.why, v.approved_by, v.at) for v in versions] == [
        ("wangfang", "limit raised", "linxiao", NOW),
        ("wangfang", "limit raised", "linxiao", LATER),
    ]
    metric = load_registry(workspace.path).metric("big_orders")
    assert (metric.version, metric.reason, metric.approved_by) == (2, "limit raised", "linxiao")
    assert "# the limit" in (workspace.path / "metrics" / "big_orders.yaml").read_text("utf-8")
    changed = [
        (line.sign, line.text)
        for line in difference(*(text_of(workspace, "metric", "big_orders", n) for n in (1, 2)))
        if line.sign != " "
    ]
    assert ("-", "filter: amount >= 100   # the limit") in changed
    assert ("+", "filter: amount >= 200   # the limit") in changed


def test_what_comes_with_the_product_is_version_one_of_what_replaces_it(workspace: Workspace):
    notice(workspace, NOW)
    (only,) = history_of(workspace, "metric", "revenue")
    assert (only.origin, only.waiting) == ("shipped", False)
    shipped = text_of(workspace, "metric", "revenue", 1)
    apply(workspace, wanted(shipped.replace("favorable: up", "favorable: neutral"), id="revenue"), NOW)
    assert [v.origin for v in history_of(workspace, "metric", "revenue")] == ["shipped", "request"]
    assert load_registry(workspace.path).metric("revenue").favorable == "neutral"
    apply(workspace, wanted(shipped, id="revenue", origin="restored"), LATER)
    assert load_registry(workspace.path).metric("revenue").favorable == "up"
    assert [v.origin for v in history_of(workspace, "metric", "revenue")][-1] == "restored"


@pytest.mark.requirement("B18")
def test_a_file_edited_by_hand_waits_for_an_approver(workspace: Workspace):
    apply(workspace, wanted(OWN), NOW)
    file = workspace.path / "metrics" / "big_orders.yaml"
    file.write_text(file.read_text("utf-8").replace(">= 100", ">= 50"), "utf-8")
    (noticed,) = notice(workspace, LATER)
    assert (noticed.number, noticed.origin, noticed.waiting) == (2, "outside", True)
    assert notice(workspace, LATER) == []
    assert waiting(workspace) == [noticed]
    with pytest.raises(UserError, match="理由"):
        approve(workspace, noticed, by="linxiao", why=" ", now=LATER)
    approve(workspace, noticed, by="linxiao", why="agreed on Monday", now=LATER)
    last = history_of(workspace, "metric", "big_orders")[-1]
    assert (last.approved_by, last.approved_at, last.why) == ("linxiao", LATER, "agreed on Monday")
    assert waiting(workspace) == []
    with pytest.raises(UserError, match="已经批准"):
        approve(workspace, noticed, by="linxiao", why="again", now=LATER)


def test_layout_and_comments_make_no_version(workspace: Workspace):
    apply(workspace, wanted(OWN), NOW)
    file = workspace.path / "metrics" / "big_orders.yaml"
    file.write_text("# moved\n" + file.read_text("utf-8") + "\n# end\n", "utf-8")
    assert notice(workspace, LATER) == []


def test_a_removed_definition_is_a_version_without_text(workspace: Workspace):
    apply(workspace, wanted(OWN), NOW)
    (workspace.path / "metrics" / "big_orders.yaml").unlink()
    (noticed,) = notice(workspace, LATER)
    assert noticed.gone
    with pytest.raises(UserError, match="被删除"):
        text_of(workspace, "metric", "big_orders", 2)


def test_an_unrecorded_edit_is_not_lost_under_an_applied_change(workspace: Workspace):
    apply(workspace, wanted(OWN), NOW)
    file = workspace.path / "metrics" / "big_orders.yaml"
    file.write_text(file.read_text("utf-8").replace(">= 100", ">= 50"), "utf-8")
    apply(workspace, wanted(OWN.replace(">= 100", ">= 200")), LATER)
    assert [v.origin for v in history_of(workspace, "metric", "big_orders")] == ["request", "outside", "request"]
    assert ">= 50" in text_of(workspace, "metric", "big_orders", 2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OWN.replace("big_orders", "other"), "other"),
        (OWN + "---\n" + OWN, "2 个"),
        (OWN.replace("amount >= 100", "amount >= ("), "big_orders"),
        (OWN.replace("entity: order_line", "entity: nothing"), "nothing"),
        ("metric: [", "YAML"),
        (OWN, "相同"),
    ],
)
def test_a_wrong_change_changes_nothing(workspace: Workspace, text: str, said: str):
    apply(workspace, wanted(OWN), NOW)
    before = (workspace.path / "metrics" / "big_orders.yaml").read_bytes()
    with pytest.raises(UserError, match=said):
        apply(workspace, wanted(text), LATER)
    assert (workspace.path / "metrics" / "big_orders.yaml").read_bytes() == before
    assert len(history_of(workspace, "metric", "big_orders")) == 1


def test_a_change_that_breaks_another_definition_is_refused(workspace: Workspace):
    apply(workspace, wanted(OWN), NOW)
    rule = "rule: few-big\nlabel: {zh-Hans: 大单少, en: Few}\nkind: threshold\nmetric: nothing\nlimit: 3\n"
    with pytest.raises(UserError, match="nothing"):
        apply(workspace, wanted(rule, kind="rule", id="few-big"), LATER)
    apply(workspace, wanted(rule.replace("nothing", "big_orders"), kind="rule", id="few-big"), LATER)
    assert (workspace.path / "checks" / "few-big.yaml").is_file()


def test_of_several_documents_in_a_file_only_one_changes(workspace: Workspace):
    file = workspace.path / "metrics" / "all.yaml"
    second = OWN.replace("big_orders", "small_orders").replace(">=", "<")
    file.write_text(f"{OWN}---\n{second}", "utf-8")
    apply(workspace, wanted(OWN.replace(">= 100", ">= 300")), LATER)
    text = file.read_text("utf-8")
    assert text.endswith(second)
    assert ">= 300" in text
    assert [f.name for f in (workspace.path / "metrics").iterdir()] == ["all.yaml"]
    assert in_force(workspace, "metric", "small_orders") is not None


def test_a_torn_line_of_the_journal_was_never_said(workspace: Workspace):
    apply(workspace, wanted(OWN), NOW)
    journal = workspace.state / "definitions" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes() + b'{"kind": "metric", "id": "big')
    assert len(read_histories(workspace)["metric", "big_orders"]) == 1
    apply(workspace, wanted(OWN.replace(">= 100", ">= 200")), LATER)
    assert len(read_histories(workspace)["metric", "big_orders"]) == 2


@pytest.mark.requirement("F03")
def test_both_versions_are_computed_on_the_same_data(tmp_path: Path):
    world = World(tmp_path / "w", order_line=ROWS)
    one, other = metric_of(OWN, "1"), metric_of(OWN.replace(">= 100", ">= 200"), "2")
    days = DateRange(dt.date(2026, 9, 1), dt.date(2026, 11, 30))
    rows = compare(warehouse(world.workspace), world.registry, one, other, days, Scope.all(), today=TODAY)
    assert [(row.period, row.one, row.other, row.difference, row.share) for row in rows[-2:]] == [
        (dt.date(2026, 10, 1), 1, 0, -1, -1),
        (dt.date(2026, 11, 1), 2, 1, -1, -0.5),
    ]


def test_a_version_that_no_longer_holds_together_says_so(tmp_path: Path):
    world = World(tmp_path / "w", order_line=ROWS)
    broken = metric_of(OWN.replace("amount >= 100", "nothing >= 100"), "1")
    days = DateRange(dt.date(2026, 9, 1), dt.date(2026, 11, 30))
    with pytest.raises(UserError, match="读不出来"):
        compare(warehouse(world.workspace), world.registry, broken, broken, days, Scope.all(), today=TODAY)


@pytest.mark.requirement("F03")
def test_a_metric_shows_the_number_under_which_its_definition_is_recorded(workspace: Workspace):
    apply(workspace, wanted(OWN), NOW)
    file = workspace.path / "metrics" / "big_orders.yaml"
    assert numbered_registry(workspace).metric("big_orders").version == 1
    by_hand = file.read_text("utf-8").replace(">= 100", ">= 200")
    assert "version: 2" not in by_hand
    file.write_text(by_hand, "utf-8")
    assert numbered_registry(workspace).metric("big_orders").version == 2, "changed, and not noticed yet"
    notice(workspace, LATER)
    assert numbered_registry(workspace).metric("big_orders").version == 2
    assert numbered_registry(workspace).metric("revenue").version == 1
