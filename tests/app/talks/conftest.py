"""A workspace of one's own, because talks are written to it, and short ways to write one down."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.http.response import HttpResponseBase
from django.test import Client

from salesloop.app.talks.models import Talk
from salesloop.engine.store import Workspace

Window = Callable[[str], Client]
Recorder = Callable[..., Talk]

VISIT = {
    "kind": "visit",
    "happened_at": "2026-11-20T10:00",
    "feedback": "觉得价格偏高，交期可以接受",
    "deal_state": "interested",
}


@pytest.fixture(autouse=True)
def own(company: Workspace, settings: LazySettings, tmp_path: Path, _workspace: None) -> Workspace:
    """A copy of the company."""
    folder = tmp_path / "workspace"
    shutil.copytree(company.path, folder)
    settings.WORKSPACE = folder
    return Workspace.open(folder)


def write(window: Client, customer: str = "C1", **fields: str) -> HttpResponseBase:
    """Fill in the form of a talk."""
    return window.post(f"/talks/new/?customer={customer}", VISIT | fields)


@pytest.fixture
def record(as_: Window) -> Recorder:
    """`record("rep", "C1", feedback=…)`: write a talk down and take it."""

    def recorded(who: str = "rep", customer: str = "C1", **fields: str) -> Talk:
        answer = write(as_(who), customer, **fields)
        assert answer.status_code == 302
        return Talk.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))

    return recorded
