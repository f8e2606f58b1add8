from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa

from salesloop.engine.store import Workspace


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
