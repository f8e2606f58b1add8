"""Quarantine: rows that wait with a reason, until a correction lets them in or somebody drops them."""

from __future__ import annotations

import json
from collections.abc import Sequence

import duckdb

from salesloop.engine.model.text import Message, Messages
from salesloop.engine.pipeline.delivery import Origin
from salesloop.engine.pipeline.report import Trouble

_CATALOGUES = ("salesloop.engine.clean", "salesloop.engine.collect")
_SHOWN = 20
_OTHERS = 3
_LOOKED_AT = 50
"""First rows of a reason in which other values are looked for."""
_SAME = "split_part(held.batch_id, '.', 1) = $delivery"


def hold(con: duckdb.DuckDBPyConnection, quarantine: str, origin: Origin) -> dict[str, int]:
    """Put into quarantine what is not there already from the same delivery; new rows by entity."""
    params = {"batch": origin.batch_id, "delivery": origin.delivery}
    con.execute(
        f"INSERT INTO ledger.quarantine "
        f"SELECT $batch, entity, row, column_name, field, value, reason, params, raw, 'open', NULL "
        f"FROM {quarantine} fresh ANTI JOIN (SELECT entity, row FROM ledger.quarantine held WHERE {_SAME}) held "
        f"ON held.entity = fresh.entity AND held.row = fresh.row ORDER BY entity, row",
        params,
    )
    counted = "SELECT entity, count(*) FROM ledger.quarantine WHERE batch_id = ? GROUP BY entity"
    return dict(con.execute(counted, [origin.batch_id]).fetchall())


def release(con: duckdb.DuckDBPyConnection, quarantine: str, origin: Origin) -> int:
    """Mark as retried the waiting rows of the same delivery that this time had no problem; how many."""
    done = con.execute(
        f"UPDATE ledger.quarantine AS held SET status = 'retried', retried_by = $batch "
        f"WHERE held.status = 'open' AND {_SAME} AND NOT EXISTS (FROM {quarantine} fresh "
        f"WHERE held.entity = fresh.entity AND held.row = fresh.row)",
        {"batch": origin.batch_id, "delivery": origin.delivery},
    ).fetchall()
    return int(done[0][0])


def count(con: duckdb.DuckDBPyConnection, delivery: str) -> int:
    """Rows of a delivery that wait now."""
    found = con.execute(
        f"SELECT count(DISTINCT row) FROM ledger.quarantine held WHERE status = 'open' AND {_SAME}",
        {"delivery": delivery},
    ).fetchall()
    return int(found[0][0])


def troubles(con: duckdb.DuckDBPyConnection, quarantine: str) -> tuple[Trouble, ...]:
    """Why the rows of one cleaning wait: the most frequent reasons, each with its first row and a few values of others."""
    found = con.execute(
        f"SELECT entity, column_name, reason, min(row), arg_min(params, row), count(*) AS rows, "
        f"arg_min(json_extract_string(params, '$.value'), row, {_LOOKED_AT}) FROM {quarantine} "
        f"GROUP BY entity, column_name, reason ORDER BY rows DESC, entity, column_name, reason LIMIT {_SHOWN}"
    ).fetchall()
    return tuple(
        Trouble(entity, column, row, reason_message(reason, params), rows, _others(values or ()))
        for entity, column, reason, row, params, rows, values in found
    )


def _others(values: Sequence[str | None]) -> tuple[str, ...]:
    """A few values beside the first one, which the sentence names."""
    different = list(dict.fromkeys(value for value in values if value))
    return tuple(different[1 : 1 + _OTHERS])


def reason_message(reason: str, params: str) -> Message:
    """The stored reason of a quarantined row as a sentence: of cleaning, or of reading where a row fell apart there."""
    catalogue = next((name for name in _CATALOGUES if reason in Messages(name).texts), _CATALOGUES[0])
    return Message.from_json({"key": reason, "params": json.loads(params), "catalogue": catalogue})
