"""`salesloop rules` names every repair, says which are off, and counts what was repaired."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesloop.engine.clean.rules import RULES
from salesloop.engine.store import Workspace
from tests.cli.run import salesloop
from tests.engine.pipeline.files import ORDERS, bring, order, write_csv


@pytest.mark.requirement("C03")
def test_rules_are_listed_with_what_they_did(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w", repairs_off=["negative"])
    bring(workspace, write_csv(tmp_path / "销售订单.csv", ORDERS, [order("S1", 1, "1.2万"), order("S2", 1, "100")]))
    answer = salesloop("-w", tmp_path / "w", "rules", "--format", "json")
    found = {rule["rule"]: rule for rule in answer.json}
    assert answer.code == 0
    assert set(found) == set(RULES)
    assert (found["scale"]["cells"], found["scale"]["off"], found["negative"]["off"]) == (1, False, True)
    shown = salesloop("-w", tmp_path / "w", "--lang", "en", "rules")
    assert shown.code == 0
    assert "Scale word multiplied in" in shown.out
