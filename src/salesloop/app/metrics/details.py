"""The rows behind a number, as a page or as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from salesloop.app.pages.services import Page
from salesloop.engine.metrics import Column, Query, RowsBehind, rows
from salesloop.engine.metrics.parameters import fitting
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

MOST = 100_000
_MESSAGES = Messages("salesloop.app")


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of rows. `columns` are those with anything in them, `main` the few that a phone shows; `entities`
    (id, label) can be looked at behind the metric; `total` counts all rows."""

    entity: str
    entities: list[tuple[str, str]]
    columns: list[Column]
    main: frozenset[str]
    rows: list[dict[str, Any]]
    total: int


def rows_behind(page: Page, metric: str, *, limit: int, offset: int) -> Rows:
    """The rows that make the page's number, newest first; the address names the entity (`tab`) where there are several."""
    found = _find(page, metric, limit, offset)
    filled = [
        column
        for column in found.columns
        if found.table.column(column.name).null_count < found.table.num_rows and not _named(column, found)
    ]
    labels = [(name, page.workspace.model.entity(name).label.get(page.lang)) for name in found.entities]
    date = page.workspace.model.entity(found.entity).event_date
    amount = next(
        (c.name for c in reversed(filled) if c.name == "amount"), next((c.name for c in filled if c.format), "")
    )
    main = frozenset({date or "", amount, *(column.name for column in filled[:1])})
    return Rows(found.entity, labels, filled, main, list(_worded(page, found, found.table)), found.total)


def rows_for_file(page: Page, metric: str) -> tuple[list[str], Iterator[list[Any]]]:
    """(header, all rows with every field). UserError where there are more than a file may hold."""
    found = _find(page, metric, MOST, 0)
    if found.total > MOST:
        raise UserError(_MESSAGES.message("no_export", limit=f"{MOST:,}", count=f"{found.total:,}"))
    names = [column.name for column in found.columns]
    header = [column.label.get(page.lang) for column in found.columns]
    return header, (
        [row[name] for name in names] for batch in found.table.to_batches(2000) for row in _worded(page, found, batch)
    )


def _worded(page: Page, found: RowsBehind, rows: pa.Table | pa.RecordBatch) -> Iterator[dict[str, Any]]:
    """The rows with the words of the reader's language for what the model keeps as a code (`shipped` → 已发货)."""
    words = {
        field.name: {choice.value: choice.label.get(page.lang) for choice in field.choices}
        for field in page.workspace.model.entity(found.entity).fields
        if field.choices and field.name in rows.schema.names
    }
    for row in rows.to_pylist():
        yield row | {name: of.get(row[name], row[name]) for name, of in words.items()}


def _named(column: Column, found: RowsBehind) -> bool:
    """Whether the column is an id whose name stands beside it."""
    return any(other.role == "name" and other.of == column.name for other in found.columns)


def _find(page: Page, metric: str, limit: int, offset: int) -> RowsBehind:
    query = Query(
        metrics=(metric,),
        start=page.days.start,
        end=page.days.end,
        where=page.view.where,
        params=fitting(page.view.params, [metric], page.registry),
    )
    return rows(
        page.warehouse,
        page.registry,
        page.view.tab or None,
        query,
        page.scope,
        today=page.as_of,
        limit=limit,
        offset=offset,
    )
