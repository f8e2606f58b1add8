"""`salesloop predict`: train, list versions, and customer value as a person may see it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.buyers import build_buyers

pytestmark = [pytest.mark.requirement("D06"), pytest.mark.slow]


def test_predict_from_the_command_line(tmp_path: Path) -> None:
    """In processes of their own: one process serves one workspace for its whole life."""
    folder = build_buyers(tmp_path).path
    own = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}  # that of the tests

    def salesloop(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "salesloop", "-w", str(folder), *arguments],
            capture_output=True,
            text=True,
            check=False,
            env=own | {"SALESLOOP_TODAY": "2026-11-21"},
        )

    early = salesloop("predict", "customers", "--as", "nobody")
    assert (early.returncode, "没有登录名 nobody" in early.stderr) == (2, True)
    trained = salesloop("predict", "train", "lifetime", "--years", "2", "--format", "json")
    assert trained.returncode == 0, trained.stderr
    version = json.loads(trained.stdout)[0]
    assert (version["version"], version["in_force"], version["choices"]["years"]) == (1, True, 2.0)
    assert version["error"] < version["naive_error"]
    short = salesloop("predict", "train", "forecast", "--metric", "revenue")
    assert (short.returncode, "至少要 25 个" in short.stderr) == (2, True)
    listed = json.loads(salesloop("predict", "list", "--format", "json").stdout)
    assert [(one["kind"], one["version"]) for one in listed] == [("lifetime", 1)]
