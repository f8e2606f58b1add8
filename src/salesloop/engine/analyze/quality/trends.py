"""How what a monitor watches went so far: the observed values of the deliveries of each source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from salesloop.engine.analyze.quality.source import Judged

Trends = Mapping[tuple[str, str, str, str], tuple[float, ...]]
"""(entity, source, monitor, field) → the observed values, oldest first."""

KEPT: Final = 30


def trends(of: Judged, *, kept: int = KEPT) -> Trends:
    """The last `kept` observations of every monitor but lateness; deliveries that were undone left out."""
    known = of.snapshot.rows("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'ledger' AND table_name = 'monitor'")
    if not known:
        return {}
    found = of.snapshot.rows(
        "SELECT m.entity, m.source, m.monitor, m.field, list(m.observed ORDER BY m.at, m.batch_id) AS observed "
        "FROM ledger.monitor m JOIN ledger.batch b USING (batch_id) WHERE b.undone IS NULL GROUP BY ALL"
    )
    return {
        (row["entity"], row["source"], row["monitor"], row["field"]): tuple(row["observed"][-kept:]) for row in found
    }
