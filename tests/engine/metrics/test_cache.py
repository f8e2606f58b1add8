"""Answers are kept as long as nothing that they depend on has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from salesloop.engine.metrics.cache import Cache
from salesloop.engine.model.scope import Scope
from salesloop.engine.store.engines.duckdb import DuckDBEngine
from tests.engine.metrics.world import World

LINE = {"order_id": "1", "line_no": 1, "order_date": "2026-11-01", "amount": 10, "employee_id": "E1"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that reach the engine."""
    seen: list[str] = []
    execute = DuckDBEngine.execute

    def watched(self: DuckDBEngine, sql: str, *rest: Any) -> Any:
        seen.append(sql)
        return execute(self, sql, *rest)

    monkeypatch.setattr(DuckDBEngine, "execute", watched)
    return seen


def test_the_same_question_is_answered_once(tmp_path: Path, asked: list[str]) -> None:
    world = World(tmp_path, order_line=[LINE])
    first = world.ask("revenue", by="employee")
    before = len(asked)
    assert world.ask("revenue", by="employee") is first
    assert len(asked) == before


def test_another_scope_day_snapshot_or_entry_is_another_question(tmp_path: Path) -> None:
    world = World(tmp_path, order_line=[LINE])
    assert world.value("revenue") == 10
    assert world.value("revenue", scope=Scope(employees=frozenset({"E2"}))) == 0
    november = {"period": "2026-11-01..2026-11-30"}
    row: dict[str, Any] = {
        "metric": "revenue",
        "org_unit_id": "",
        "employee_id": "E1",
        "dimension": "",
        "dimension_value": "",
    }
    row |= {"period_start": dt.date(2026, 11, 1), "period": "month", "value": 30}
    assert world.value("pace", **november) is None
    world.enter("target", [row])
    assert world.value("pace", **november) == pytest.approx(10 / 21)
    assert world.value("pace", today=dt.date(2026, 11, 30), **november) == pytest.approx(1 / 3)
    world.add(order_line=[LINE | {"order_id": "2", "amount": 5}])
    assert world.value("revenue") == 15
    world.workspace.rollback(1)
    assert world.value("revenue") == 10


def test_the_cache_forgets_what_was_not_used_for_longest_and_what_is_too_large() -> None:
    cache: Cache[str] = Cache(count=2, total=100, size=len)
    made: list[str] = []

    def make(value: str) -> Callable[[], str]:
        def asked() -> str:
            made.append(value)
            return value

        return asked

    for key in ("a", "b", "a", "c", "a", "b"):
        cache.get(key, make(key))
    assert made == ["a", "b", "c", "b"]
    cache.get("long", make("x" * 26))
    cache.get("long", make("x" * 26))
    assert made[-2:] == ["x" * 26] * 2
    assert len(cache) == 2
