from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from salesloop.engine.store import Workspace

NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "company")


@pytest.fixture
def now() -> dt.datetime:
    return NOW
