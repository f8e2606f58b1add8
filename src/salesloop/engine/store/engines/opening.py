"""From an address to an engine. The adapter's library is read when it is first needed, and only then."""

from __future__ import annotations

from salesloop.engine.store.engines import Engine
from salesloop.engine.store.engines.address import Address


def open_engine(address: Address, timezone: str) -> Engine:
    """The engine at an address other than our own; it connects when it is first asked."""
    match address.kind:
        case "postgresql":
            from salesloop.engine.store.engines.postgresql import PostgreSQLEngine

            return PostgreSQLEngine(address, timezone)
        case "spark":
            from salesloop.engine.store.engines.spark import SparkEngine

            return SparkEngine(address, timezone)
        case "clickhouse" | "chdb":
            from salesloop.engine.store.engines.clickhouse import ClickHouseEngine

            return ClickHouseEngine(address, timezone)
        case _:
            raise ValueError(f"no engine elsewhere: {address}")
