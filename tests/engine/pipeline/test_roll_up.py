"""Roll-ups come with every snapshot, and what is undone or corrected is gone from them too."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from salesloop.engine.metrics import Query, Result, load_registry, run
from salesloop.engine.metrics.rollups import build
from salesloop.engine.model.scope import Scope
from salesloop.engine.pipeline.undo import undo_import
from salesloop.engine.store import Workspace
from tests.engine.pipeline.files import NOW, ORDERS, bring, order, write_csv

MARCH = Query(
    ("revenue", "orders", "active_customers"),
    start=dt.date(2026, 3, 1),
    end=dt.date(2026, 3, 31),
    compare=("previous",),
)


def asked(workspace: Workspace, query: Query = MARCH) -> Result:
    registry = load_registry(workspace.path, workspace.model)
    return run(workspace, registry, query, Scope.all(), today=dt.date(2026, 4, 1))


def numbers(workspace: Workspace) -> tuple[Decimal, int, int]:
    """(revenue, orders, customers) of March, every one of them read from a roll-up."""
    result = asked(workspace)
    assert all(source.rollup for source in result.meta.sources)
    row = result.to_pylist()[0]
    return row["revenue"], row["orders"], row["active_customers"]


@pytest.mark.requirement("A03")
def test_roll_ups_follow_deliveries_corrections_and_undo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace.create(tmp_path / "company")
    march = [order("A1", 1, 100), order("A1", 2, 50), order("A2", 1, 30, day="2026-03-05", customer="西部重工")]
    first = write_csv(tmp_path / "三月.csv", ORDERS, [*march, order("A0", 1, 5, day="2026-02-10")])
    bring(workspace, first)
    assert [source.rollup for source in asked(workspace).meta.sources] == [None] * 3  # too few rows to be worth it
    monkeypatch.setattr(build, "LEAST", 1)
    more = write_csv(tmp_path / "补充.csv", ORDERS, [order("A3", 1, 20, day="2026-03-09", customer="北方物流")])
    bring(workspace, more)
    assert numbers(workspace) == (Decimal(200), 3, 3)
    corrected = write_csv(tmp_path / "更正.csv", ORDERS, [order("A2", 1, 31, day="2026-02-05", customer="西部重工")])
    report = bring(workspace, corrected)
    assert numbers(workspace) == (Decimal(170), 2, 2)
    undo_import(workspace, report.batches[0].batch_id, NOW)
    assert numbers(workspace) == (Decimal(200), 3, 3)


def made_of(workspace: Workspace) -> int:
    """How many order lines there were when the roll-ups were made as a whole."""
    (made,) = workspace.current().rows("SELECT rows FROM rollup.fact WHERE date_field = 'order_date'")
    return int(made["rows"])


@pytest.mark.requirement("A03")
def test_lines_that_came_on_every_day_are_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "LEAST", 1)
    workspace = Workspace.create(tmp_path / "company")
    days = [f"2026-03-{day:02}" for day in range(1, 21)]
    bring(workspace, write_csv(tmp_path / "三月.csv", ORDERS, [order(f"A{d}", 1, 10, day=d) for d in days]))
    assert numbers(workspace) == (Decimal(200), 20, 1)
    more = [
        order(f"A{days[0]}", 2, 1, day=d, customer="西部重工") for d in days[:6]
    ]  # one order, on days of others too
    for n, line in enumerate(more):
        line[1] = str(n + 2)
    report = bring(workspace, write_csv(tmp_path / "补充.csv", ORDERS, more))
    assert numbers(workspace) == (Decimal(206), 20, 2)
    corrected = [order(f"A{days[0]}", 2, 4, day=days[0], customer="西部重工"), order("B", 1, 5, day=days[9])]
    correction = bring(workspace, write_csv(tmp_path / "更正.csv", ORDERS, corrected))
    assert numbers(workspace) == (Decimal(214), 21, 2)
    assert made_of(workspace) == 20  # nothing was made anew
    undo_import(workspace, correction.batches[0].batch_id, NOW)
    undo_import(workspace, report.batches[0].batch_id, NOW)
    assert numbers(workspace) == (Decimal(200), 20, 1)


def test_a_snapshot_that_was_not_summed_up_is_read_row_by_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "LEAST", 1)
    workspace = Workspace.create(tmp_path / "company")
    bring(workspace, write_csv(tmp_path / "三月.csv", ORDERS, [order("A1", 1, 100), order("A2", 1, 30)]))
    assert numbers(workspace) == (Decimal(130), 2, 1)
    with workspace.writing(NOW, "somebody else") as building:
        building.con.execute("UPDATE order_line SET amount = 1")
    result = asked(workspace)
    assert result.one("revenue") == 2
    assert [source.rollup for source in result.meta.sources] == [None] * 3


@pytest.mark.requirement("I15")
def test_an_answer_says_why_the_rows_were_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "LEAST", 1)
    workspace = Workspace.create(tmp_path / "company")
    bring(workspace, write_csv(tmp_path / "三月.csv", ORDERS, [order("A1", 1, 100), order("A2", 1, 30)]))
    median = asked(workspace, Query(("order_processing_time",), start=dt.date(2026, 3, 1), end=dt.date(2026, 3, 31)))
    (source,) = median.meta.sources
    assert source.rollup is None
    assert source.why_not is not None
    assert "not made up of the results of its parts" in source.why_not.text("en")
    assert median.to_json(explain=True)["sources"][0]["why_not"]
