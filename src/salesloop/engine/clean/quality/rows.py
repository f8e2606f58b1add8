"""The records that fail one check, as SQL for whoever reads a snapshot."""

from __future__ import annotations

from salesloop.engine.clean.quality.book import CheckBook
from salesloop.engine.clean.quality.rules import Circumstances, Columns, rules_of, verdicts
from salesloop.engine.clean.values.cells import ident

COLUMNS = "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal"
"""Asks a snapshot for what `failing_query` must know of it."""


def failing_query(book: CheckBook, columns: Columns, entity: str, check: str, at: Circumstances) -> str | None:
    """SELECT of the rows, with all published columns, that fail a check now.

    None where there is no such check of records, or this snapshot is older than what the check reads.
    """
    declared = book.model.entity(entity)
    for rule in rules_of(declared, book.model, book.of_rows(entity), columns, at):
        if rule.name == check:
            found = verdicts([rule], f"FROM {ident(entity)} t", "t.*, ", inline=True)
            return f"SELECT * EXCLUDE (c0) FROM ({found}) WHERE NOT c0"
    return None
