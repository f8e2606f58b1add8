"""Four troubles of sales data, measured on the company's own."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from salesloop.app.quality.diagnosis import troubles
from salesloop.engine.store import Workspace


@pytest.mark.requirement("A05")
def test_each_is_measured_from_what_was_delivered_and_reported() -> None:
    """All came on 2026-11-21, the company's first day: nothing before it to compare with, and one day with data."""
    collection, standard, islands, cadence = troubles()
    assert collection.now is not None
    assert 0 < collection.now < 1, "a small company delivers some of what metrics could read"
    assert collection.before == collection.now
    assert standard.now == 1
    assert islands.now is not None
    assert 0.9 < islands.now <= 1
    assert (cadence.before, cadence.now) == (None, 1)
    assert [one.better for one in (collection, standard, cadence)] == [None, None, None]


@pytest.mark.requirement("A05")
def test_a_month_later_the_beginning_stands_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESLOOP_TODAY", "2027-01-15")
    *_, cadence = troubles()
    assert (cadence.before, cadence.now, cadence.better) == (1, 0, False)


def test_nothing_is_said_before_the_first_delivery(settings: LazySettings, tmp_path) -> None:
    settings.WORKSPACE = Workspace.create(tmp_path / "new").path
    assert troubles() == []
