"""Worlds that answer every question twice: from the rows alone, and with what was summed up from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import duckdb

from salesloop.engine.metrics import Registry, Result
from salesloop.engine.metrics.query import parse_filter
from salesloop.engine.metrics.rollups.build import roll_up
from salesloop.engine.model.scope import Scope
from salesloop.engine.store.config import WorkspaceConfig
from tests.engine.metrics.engines import DuckDBStore, Published
from tests.engine.metrics.world import TODAY, LightWorld


class BothWays(LightWorld):
    """Fails where a roll-up changes an answer."""

    def ask(
        self,
        metrics: str,
        *,
        by: str = "",
        where: Sequence[str] = (),
        compare: str = "",
        period: str = "",
        scope: Scope | None = None,
        today: dt.date = TODAY,
        **rest: Any,
    ) -> Result:
        how: dict[str, Any] = {"by": by, "where": where, "compare": compare, "period": period, "today": today, **rest}
        con = self.store.con
        con.execute("DROP SCHEMA IF EXISTS rollup CASCADE")
        self._publish_again()
        plain = super().ask(metrics, scope=scope, **how)
        sliced = {part.split(":")[0] for part in by.split(",")} | {parse_filter(text).dimension for text in where}
        sum_up_for(con, self.registry, tuple(metrics.split(",")), sliced, self._warehouse.config)
        self._publish_again()
        rolled = super().ask(metrics, scope=scope, **how)
        assert rolled.table.to_pylist() == plain.table.to_pylist(), rolled.sql
        return rolled

    @property
    def store(self) -> DuckDBStore:
        engine = self._warehouse.snapshot.engine
        assert isinstance(engine, DuckDBStore)
        return engine

    def _publish_again(self) -> None:
        """The same rows under another address, so that nothing is remembered of them."""
        snapshot = self._warehouse.snapshot
        assert isinstance(snapshot, Published)
        self._warehouse = replace(self._warehouse, snapshot=snapshot.again())


def sum_up_for(
    con: duckdb.DuckDBPyConnection,
    registry: Registry,
    metrics: tuple[str, ...],
    dimensions: set[str],
    config: WorkspaceConfig,
    number: int = 1,
) -> None:
    """Roll-ups of the measures behind some metrics, by the dimensions and the owners: all others would only take time."""
    bases = {base.metric: base for name in metrics for base in registry.bases_of(name)}
    kept = {n: d for n, d in registry.dimensions.items() if n in dimensions | {"employee", "org_unit"}}
    roll_up(con, Registry(bases, kept, registry.model), config, number, least=1)
