"""How good the data is: the checks of the last import, their history, and the rows behind a failed one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from salesloop.app.data.words import entity_label
from salesloop.app.ui.language import current_lang
from salesloop.app.workspace.services import snapshot, today, workspace
from salesloop.engine.clean.quality import CheckBook, Circumstances, book_of, failing_query
from salesloop.engine.clean.quality.rows import COLUMNS
from salesloop.engine.clean.values.cells import ident
from salesloop.engine.metrics.visibility import scope_tables, visible
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import Text
from salesloop.engine.store import Snapshot

HISTORY = 12
LEVELS = {"error": "bad", "warning": "warn", "info": ""}


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check of one entity. `share` failed of those checked; `history`: the shares of the last checks, oldest first."""

    entity: str
    entity_label: str
    check: str
    label: str
    severity: str
    level: str
    failed: int
    checked: int
    share: float
    history: list[float]
    has_rows: bool


@dataclass(frozen=True, slots=True)
class Quality:
    """All checks of the last time, the worst first."""

    checked_at: dt.datetime | None
    checks: list[CheckRow]

    @property
    def failing(self) -> list[CheckRow]:
        return [row for row in self.checks if row.failed]

    @property
    def passing(self) -> list[CheckRow]:
        return [row for row in self.checks if not row.failed]


def quality() -> Quality:
    """What the last import's checks said."""
    found = snapshot().rows(
        "SELECT entity, check_name, arg_max(severity, rowid) AS severity, arg_max(failed, rowid) AS failed, "
        "arg_max(checked, rowid) AS checked, arg_max(checked_at, rowid) AS latest, max(rowid) AS place, "
        "list(CASE WHEN checked > 0 THEN failed / checked ELSE 0 END ORDER BY rowid) AS history "
        "FROM ledger.quality GROUP BY entity, check_name"
    )  # by the order of writing: a clock may be set back
    latest = max(found, key=lambda row: row["place"], default={"latest": None})["latest"]
    rows = [_row(row) for row in found if has_check(row["entity"], row["check_name"])]
    order = {"error": 0, "warning": 1, "info": 2}
    rows.sort(key=lambda row: (not row.failed, order.get(row.severity, 3), -row.share, row.entity, row.check))
    return Quality(latest.replace(tzinfo=dt.UTC) if latest else None, rows)


def _row(row: dict[str, Any]) -> CheckRow:
    return CheckRow(
        row["entity"],
        entity_label(row["entity"]),
        row["check_name"],
        check_label(row["entity"], row["check_name"]),
        row["severity"],
        LEVELS.get(row["severity"], ""),
        row["failed"],
        row["checked"],
        row["failed"] / row["checked"] if row["checked"] else 0.0,
        row["history"][-HISTORY:],
        has_check(row["entity"], row["check_name"]),
    )


def check_label(entity: str, check: str) -> str:
    """What a check asks for, in words."""
    if not has_check(entity, check):
        return check
    label = _book().check(entity, check).label
    return label.get(current_lang()) if isinstance(label, Text) else label.text(current_lang())


def has_check(entity: str, check: str) -> bool:
    """Whether there is such a check, as the workspace's files are now."""
    return check in _book().of(entity)


def rows_failing(entity: str, check: str, scope: Scope, *, limit: int, offset: int) -> tuple[list[dict[str, Any]], int]:
    """Rows that fail, as far as this scope shows them: one page of them and how many there are."""
    at = Circumstances(today(), workspace().config.entry_sla_hours)
    failing = failing_query(_book(), _columns(snapshot()), entity, check, at)
    return ([], 0) if failing is None else rows_of(entity, scope, source=failing, limit=limit, offset=offset)


def rows_of(
    entity: str, scope: Scope, *, source: str | None = None, limit: int, offset: int = 0
) -> tuple[list[dict[str, Any]], int]:
    """Rows of an entity (or of `source`, a query over it) within a scope, the newest first, and how many there are."""
    current, declared = snapshot(), workspace().model.entity(entity)
    if not current.has(entity):
        return [], 0
    seen = visible(declared, "t", scope)
    tables = scope_tables(scope)
    rows = f"({source})" if source else ident(entity)
    body = f"FROM {rows} t" + (f" WHERE {seen.sql('duckdb')}" if seen is not None else "")
    names = ", ".join(ident(field.name) for field in declared.fields)
    order = f"{ident(declared.event_date)} DESC NULLS LAST, " if declared.event_date else ""
    key = ", ".join(ident(name) for name in declared.key)
    counted = current.rows(f"SELECT count(*) AS n {body}", tables)
    found = current.rows(f"SELECT {names} {body} ORDER BY {order}{key} LIMIT {limit} OFFSET {offset}", tables)
    return found, int(counted[0]["n"])


def _book() -> CheckBook:
    return book_of(workspace())


@lru_cache(maxsize=4)
def _columns(current: Snapshot) -> dict[str, set[str]]:
    out: dict[str, set[str]] = {}
    for row in current.rows(COLUMNS):
        out.setdefault(row["table_name"], set()).add(row["column_name"])
    return out
