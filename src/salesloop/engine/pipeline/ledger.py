"""Writes what happened to a batch into the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass

import duckdb

from salesloop.engine.clean.quality import CheckResult
from salesloop.engine.pipeline.delivery import Counts, Origin


@dataclass(frozen=True, slots=True)
class BatchCard:
    """What is known of a batch beside its rows. `completed_from` are the landed deliveries joined to its rows."""

    file_name: str
    sheet: str
    mapping: str
    format: str
    encoding: str | None
    completed_from: tuple[str, ...] = ()


def naive_utc(moment: dt.datetime) -> dt.datetime:
    """As the warehouse stores the moments of its own bookkeeping."""
    return moment.astimezone(dt.UTC).replace(tzinfo=None)


def next_batch_id(con: duckdb.DuckDBPyConnection, delivery: str) -> str:
    """`delivery` itself for its first import, then `.2`, `.3` …"""
    runs = con.execute(
        "SELECT count(*) FROM ledger.batch WHERE split_part(batch_id, '.', 1) = ?", [delivery]
    ).fetchall()[0][0]
    return delivery if runs == 0 else f"{delivery}.{runs + 1}"


def record_batch(con: duckdb.DuckDBPyConnection, origin: Origin, card: BatchCard, skipped: Mapping[str, int]) -> None:
    """The batch itself, and the rows of its sheet that are no data, by reason."""
    con.execute(
        "INSERT INTO ledger.batch (batch_id, file_name, sheet, mapping, format, encoding, received_at, completed_from) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            origin.batch_id,
            card.file_name,
            card.sheet,
            card.mapping,
            card.format,
            card.encoding,
            origin.received_at,
            list(card.completed_from),
        ],
    )
    for reason, rows in skipped.items():
        con.execute("INSERT INTO ledger.skipped VALUES (?, ?, ?)", [origin.batch_id, reason, rows])


def record_counts(
    con: duckdb.DuckDBPyConnection, batch_id: str, entity: str, counts: Counts, confirmed: Mapping[str, int]
) -> None:
    """What became of an entity's rows in a batch, and whose rows its unchanged ones confirm."""
    con.execute("INSERT INTO ledger.counts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [batch_id, entity, *astuple(counts)])
    for of_batch, rows in confirmed.items():
        con.execute("INSERT INTO ledger.confirmed VALUES (?, ?, ?, ?)", [batch_id, entity, of_batch, rows])


def standing_batch(con: duckdb.DuckDBPyConnection, delivery: str) -> str | None:
    """The last import of a delivery that was not undone."""
    found = con.execute(
        "SELECT batch_id FROM ledger.batch WHERE split_part(batch_id, '.', 1) = ? AND undone IS NULL "
        "ORDER BY len(batch_id) DESC, batch_id DESC LIMIT 1",
        [delivery],
    ).fetchall()
    return str(found[0][0]) if found else None


def record_readings(con: duckdb.DuckDBPyConnection, cell: str, repair: str, origin: Origin) -> None:
    """Cells that were emptied or repaired, unless an earlier import of the same bytes said so already."""
    earlier = con.execute(
        "SELECT batch_id FROM ledger.batch WHERE split_part(batch_id, '.', 1) = ? AND batch_id <> ?",
        [origin.delivery, origin.batch_id],
    ).fetchall()
    listed = ", ".join(f"'{batch}'" for (batch,) in earlier)  # in the text: DuckDB then skips what other batches said
    for table, fresh, told in (("cell", cell, '"reason"'), ("repair", repair, '"rule"')):
        new = (
            f"ANTI JOIN (FROM ledger.{table} WHERE batch_id IN ({listed})) said "
            f"ON said.row IS NOT DISTINCT FROM fresh.row AND said.column_name IS NOT DISTINCT FROM fresh.column_name "
            f"AND said.field IS NOT DISTINCT FROM fresh.field AND said.{told} = fresh.{told}"
        )
        con.execute(
            f"INSERT INTO ledger.{table} SELECT $batch, fresh.* FROM {fresh} fresh {new if earlier else ''}",
            {"batch": origin.batch_id},
        )


def record_quality(con: duckdb.DuckDBPyConnection, results: Iterable[CheckResult], checked_at: dt.datetime) -> None:
    """The outcome of the checks over the tables as they will be published."""
    rows = [(checked_at, r.entity, r.check, r.severity, r.failed, r.checked) for r in results]
    if rows:
        places = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(rows))
        con.execute(f"INSERT INTO ledger.quality VALUES {places}", [value for row in rows for value in row])
