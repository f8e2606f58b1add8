"""The benchmark runner: a table for people, one last line of JSON for machines, an exit code that tells a missed budget."""

from __future__ import annotations

import json
import sys
import types

import pytest

import benchmarks
from benchmarks.__main__ import main


def _register(monkeypatch: pytest.MonkeyPatch, tmp_path, source: str) -> None:
    (tmp_path / "sample.py").write_text(source, encoding="utf-8")
    monkeypatch.setattr(benchmarks, "__path__", [str(tmp_path)])
    monkeypatch.delitem(sys.modules, "benchmarks.sample", raising=False)
    monkeypatch.setattr(benchmarks, "sample", types.ModuleType("sample"), raising=False)  # undone after the test


SAMPLE = '''"""Counts to a number."""
from benchmarks import Result

def run(rows):
    table = [{"who": "ours", "seconds": 0.5}, {"who": "rival", "seconds": 1.0}]
    return Result(rows or 10, "a rival", 0.5, table, "twice as fast", met=%s, figures={"peak_mb": 12})
'''


def test_last_line_is_json(monkeypatch, tmp_path, capsys):
    _register(monkeypatch, tmp_path, SAMPLE % True)
    assert main(["sample", "--rows", "1000"]) == 0
    lines = capsys.readouterr().out.strip().splitlines()
    assert any("ours" in line and "0.5" in line for line in lines[:-1])
    last = json.loads(lines[-1])
    assert (last["benchmark"], last["rows"], last["rival"], last["ratio"]) == ("sample", 1000, "a rival", 0.5)
    assert last["peak_mb"] == 12


def test_missed_budget_is_an_exit_code(monkeypatch, tmp_path, capsys):
    _register(monkeypatch, tmp_path, SAMPLE % False)
    assert main(["sample"]) == 1
    assert json.loads(capsys.readouterr().out.strip().splitlines()[-1])["met"] is False


def test_without_a_name_the_benchmarks_are_listed(monkeypatch, tmp_path, capsys):
    _register(monkeypatch, tmp_path, SAMPLE % True)
    assert main([]) == 0
    assert capsys.readouterr().out.split() == ["sample", "Counts", "to", "a", "number."]
