from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa

from salesloop.engine.store import Workspace
from salesloop.engine.store.entered import FRESH


def test_nothing_entered_is_an_empty_table_of_the_right_types(workspace: Workspace) -> None:
    table = workspace.entered.read("target")
    assert table.num_rows == 0
    assert table.schema.field("value").type == pa.decimal128(28, 8)
    assert workspace.entered.entities() == []


def test_what_is_entered_is_read_back_typed(workspace: Workspace) -> None:
    before = workspace.entered.version()
    workspace.entered.write(
        "target",
        pa.table({"metric": ["revenue"], "period_start": [dt.date(2026, 1, 1)], "period": ["year"], "value": [12.5]}),
    )
    (row,) = workspace.entered.read("target").to_pylist()
    assert (row["metric"], row["value"], row["org_unit_id"]) == ("revenue", Decimal("12.5"), None)
    assert workspace.entered.entities() == ["target"]
    assert workspace.entered.version() != before


def test_writing_again_replaces_and_moves_the_version(workspace: Workspace) -> None:
    for value in (1, 2):
        before = workspace.entered.version()
        workspace.entered.write("target", pa.table({"metric": ["revenue"], "value": [value]}))
        assert workspace.entered.version() != before
    assert [row["value"] for row in workspace.entered.read("target").to_pylist()] == [Decimal(2)]


def test_rows_are_put_in_one_by_one_and_the_newest_of_a_key_counts(workspace: Workspace) -> None:
    """Also across the folding of the short file into the long one."""
    entered, versions = workspace.entered, set()
    old = [f"A{n}" for n in range(FRESH)]
    entered.write("activity", pa.table({"activity_id": old, "feedback": ["old"] * FRESH}))
    for n in range(3):
        entered.put("activity", pa.table({"activity_id": [f"A{n}", f"N{n}"], "feedback": ["new", "new"]}))
        versions.add(entered.version())
    entered.put("activity", pa.table({"activity_id": ["N0"], "feedback": ["newer"]}))
    rows = {row["activity_id"]: row["feedback"] for row in entered.read("activity").to_pylist()}
    assert len(rows) == FRESH + 3 == entered.read("activity").num_rows
    assert (rows["A0"], rows["A3"], rows["N0"], rows["N2"]) == ("new", "old", "newer", "new")
    assert len(versions) == 3
    assert entered.entities() == ["activity"]
    long = entered.folder / "activity.parquet"
    before = long.read_bytes()
    entered.put("activity", pa.table({"activity_id": [f"B{n}" for n in range(FRESH)], "feedback": ["b"] * FRESH}))
    assert long.read_bytes() != before
    assert [path.name for path in entered.folder.iterdir()] == ["activity.parquet"]
    assert entered.read("activity").num_rows == 2 * FRESH + 3
    entered.put("activity", pa.table({"activity_id": ["B0"], "feedback": ["last"]}))
    entered.write("activity", pa.table({"activity_id": ["only"]}))
    assert entered.read("activity")["activity_id"].to_pylist() == ["only"]
