"""Exports of the systems that Chinese companies use, imported with one command: every answer as a person would read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesloop.engine.store import Workspace
from tests.cli.run import salesloop
from tests.exports import accounting, offices, planning
from tests.exports.export import Export

EXPORTS = (*accounting.EXPORTS, *offices.EXPORTS, *planning.EXPORTS)


@pytest.mark.requirement("B01")
@pytest.mark.parametrize("export", EXPORTS, ids=str)
def test_an_export_is_read_as_a_person_would_read_it(export: Export, tmp_path: Path) -> None:
    export.write(tmp_path / export.file)
    folder = tmp_path / "公司"
    assert salesloop("init", folder).code == 0
    answer = salesloop("-w", folder, "import", tmp_path / export.file, "--yes", "--format", "json")
    if not export.answers:
        assert answer.code == 2
        assert all(word in answer.err for word in export.said)
        return
    assert answer.code == 0, answer.err
    assert [left["sheet"] for left in answer.json.get("left_out", [])] == list(export.left_out)
    counts = [counts for batch in answer.json["batches"] for counts in batch["entities"]]
    assert sum(one["quarantined"] for one in counts) == export.quarantined
    assert all(one["received"] == one["accepted"] + one["quarantined"] + one["unchanged"] for one in counts)
    snapshot = Workspace.open(folder).current()
    for question, expected in export.answers.items():
        assert [tuple(row.values()) for row in snapshot.rows(question)] == expected, question
