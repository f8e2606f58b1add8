"""`salesloop metrics history|diff|compare` on a workspace whose files were edited by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.run import salesloop
from tests.engine.governance.test_versions import OWN, ROWS
from tests.engine.metrics.world import World


@pytest.mark.requirement("F03")
def test_history_difference_and_numbers_of_two_versions(tmp_path: Path):
    folder = tmp_path / "w"
    World(folder, order_line=ROWS)
    file = folder / "metrics" / "own.yaml"
    file.write_text(OWN, "utf-8")
    assert salesloop("-w", folder, "metrics", "history", "big_orders").code == 0
    file.write_text(OWN.replace(">= 100", ">= 200"), "utf-8")

    history = salesloop("-w", folder, "metrics", "history", "big_orders", "--format", "json").json
    assert [(one["number"], one["origin"]) for one in history] == [(1, "outside"), (2, "outside")]
    assert "待批准" in salesloop("-w", folder, "metrics", "history", "big_orders").out

    lines = salesloop("-w", folder, "metrics", "diff", "big_orders", 1, 2).out.splitlines()
    assert [line for line in lines if line[0] in "+-"] == [
        "-filter: amount >= 100   # the limit",
        "+filter: amount >= 200   # the limit",
    ]
    period = ("--period", "2026-10-01..2026-11-30")
    found = salesloop("-w", folder, "metrics", "compare", "big_orders", 1, 2, *period, "--format", "json").json
    assert [(row["period"], row["one"], row["other"]) for row in found] == [
        ("2026-10-01", 1.0, 0.0),
        ("2026-11-01", 2.0, 1.0),
    ]
    shown = salesloop("-w", folder, "metrics", "compare", "big_orders", 1, 2, *period)
    assert "2 行，其中 2 行不同" in shown.out


def test_a_version_that_is_not_there_is_said(tmp_path: Path):
    World(tmp_path / "w")
    wrong = salesloop("-w", tmp_path / "w", "metrics", "diff", "revenue", 1, 2)
    assert wrong.code == 2
    assert "没有第 2 版" in wrong.err
    assert salesloop("-w", tmp_path / "w", "metrics", "history", "nothing").code == 2
