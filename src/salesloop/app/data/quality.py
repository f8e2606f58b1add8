"""How good the data is: the checks of the last import, their history, and the rows behind a failed one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from salesloop.app.data.words import entity_label
from salesloop.app.ui.language import current_lang
from salesloop.app.workspace.services import snapshot, today, workspace
from salesloop.engine.analyze.quality import Judged, judged
from salesloop.engine.analyze.quality.standing import Standing, standing
from salesloop.engine.analyze.quality.verdicts import verdicts_of
from salesloop.engine.clean.quality import CheckBook, Circumstances, book_of, failing_query
from salesloop.engine.clean.quality.definition import Check
from salesloop.engine.clean.values.cells import ident
from salesloop.engine.metrics.visibility import scope_tables, visible
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import Text

HISTORY = 12
LEVELS = {"error": "bad", "warning": "warn", "info": ""}


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check of one entity. `share` failed of those checked, `accepted` ones aside; `history`: the shares of the last checks, oldest first."""

    entity: str
    entity_label: str
    check: str
    label: str
    severity: str
    level: str
    failed: int
    accepted: int
    checked: int
    share: float
    history: list[float]


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
    """Where each check stands, whoever owns the records; what a steward accepted does not fail."""
    of = _judged(Scope.all())
    found = standing(of, _circumstances())
    rows = [_row(each) for each in found]
    return Quality(max((each.checked_at for each in found), default=None), rows)


def _row(each: Standing) -> CheckRow:
    check = each.check
    return CheckRow(
        check.entity,
        entity_label(check.entity),
        check.check,
        _said(check),
        check.severity,
        LEVELS.get(check.severity, ""),
        each.failed,
        each.accepted,
        each.checked,
        each.share,
        [share for _, share in each.history[-HISTORY:]],
    )


def check_label(entity: str, check: str) -> str:
    """What a check asks for, in words."""
    if not has_check(entity, check):
        return check
    return _said(_book().check(entity, check))


def _said(check: Check) -> str:
    return check.label.get(current_lang()) if isinstance(check.label, Text) else check.label.text(current_lang())


def has_check(entity: str, check: str) -> bool:
    """Whether there is such a check, as the workspace's files are now."""
    return check in _book().of(entity)


def rows_failing(entity: str, check: str, scope: Scope, *, limit: int, offset: int) -> tuple[list[dict[str, Any]], int]:
    """Rows that fail and were not accepted, as far as this scope shows them: one page of them and how many there are."""
    of = _judged(scope)
    failing = failing_query(of.book, of.columns, entity, check, _circumstances())
    if failing is None:
        return [], 0
    if bit := of.bits.get(entity, {}).get(check):
        failing = of.without_accepted(workspace().model.entity(entity), bit, failing)
    return rows_of(entity, scope, source=failing, more=of.given, limit=limit, offset=offset)


def rows_of(
    entity: str,
    scope: Scope,
    *,
    source: str | None = None,
    more: Mapping[str, pa.Table] | None = None,
    limit: int,
    offset: int = 0,
) -> tuple[list[dict[str, Any]], int]:
    """Rows of an entity (or of `source`, a query over it and `more`) within a scope, the newest first, and how many there are."""
    current, declared = snapshot(), workspace().model.entity(entity)
    if not current.has(entity):
        return [], 0
    seen = visible(declared, "t", scope)
    tables = scope_tables(scope) | dict(more or {})
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


def _judged(scope: Scope) -> Judged:
    return judged(snapshot(), scope, _book(), verdicts_of(workspace()))


def _circumstances() -> Circumstances:
    return Circumstances.of(workspace().config, today())
