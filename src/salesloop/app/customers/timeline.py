"""What happened with a customer, of all kinds of records, the newest first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from salesloop.app.customers.sight import ask, seen
from salesloop.app.org.services import employee_names
from salesloop.app.pages.services import Page
from salesloop.app.talks.services import addresses_of
from salesloop.engine.clean.values.cells import literal

SIZE = 20
WRITTEN_HERE = ("activity", "deal")
"""Kinds that people also enter in the app."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of event: SQL over the rows `t` of one fact. `code` is a choice field whose words the model has; rows with
    one `reference` (an order) are one event."""

    label: str | Promise
    icon: str
    entity: str
    at: str
    reference: str
    title: str = "NULL"
    note: str = "NULL"
    amount: str = "NULL"
    code: str = "NULL"


KINDS = {
    "order": Kind(_("订单"), "table", "order_line", "order_date", "order_id", amount="amount", code="status"),
    "return": Kind(_("退货"), "retry", "return_line", "return_date", "return_id", note="reason", amount="amount"),
    "deal": Kind(
        _("商机"), "analysis", "opportunity", "created_date", "opportunity_id", "name", "stage", "amount", "status"
    ),
    "activity": Kind(
        _("沟通"), "people", "activity", "event_time", "activity_id", "result",
        "concat_ws(' · ', t.feedback, t.next_step)", code="type",
    ),
    "quote": Kind(_("报价"), "report", "quote", "quote_date", "quote_id", amount="amount"),
    "contract": Kind(_("合同"), "report", "contract", "sign_date", "contract_id", amount="amount", code="status"),
    "payment": Kind(_("回款"), "check", "payment", "paid_date", "payment_id", note="method", amount="amount"),
    "ticket": Kind(
        _("服务"), "alert", "ticket", "opened_at", "ticket_id", "category", "description", code="type"
    ),
    "survey": Kind(_("调查"), "review", "survey_response", "answered_at", "response_id", "question", "answer"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """`amount` is in the base currency, None where the kind has none; `lines` are the rows that it stands for; `href` leads
    to the record that was written here."""

    kind: Kind
    at: dt.datetime
    dated: bool
    reference: str
    title: str
    note: str
    word: str
    amount: Any
    lines: int
    who: str
    href: str


def kinds_of(page: Page, key: str) -> list[tuple[str, str | Promise, int]]:
    """(kind, label, events) of every kind that this customer has."""
    parts = [
        f"SELECT '{name}' AS kind, count(DISTINCT t.{kind.reference}) AS n FROM {kind.entity} AS t WHERE {_of(page, kind, key)}"
        for name, kind in _possible(page).items()
    ]
    if not parts:
        return []
    counted = {row["kind"]: row["n"] for row in ask(page, " UNION ALL ".join(parts))}
    return [(name, kind.label, counted[name]) for name, kind in KINDS.items() if counted.get(name)]


def events(page: Page, key: str, kind: str = "", *, offset: int = 0) -> list[Event]:
    """The next `SIZE` events, of all kinds or of one."""
    possible = {name: one for name, one in _possible(page).items() if kind in ("", name)}
    if not possible:
        return []
    parts = " UNION ALL ".join(_select(page, name, one, key) for name, one in possible.items())
    rows = ask(
        page,
        f"SELECT * FROM ({parts}) AS e ORDER BY moment DESC NULLS LAST, kind, reference LIMIT {SIZE} OFFSET {offset}",
    )
    names = employee_names({row["employee_id"] for row in rows if row["employee_id"]})
    addresses = addresses_of(page.user, [row["reference"] for row in rows if row["kind"] in WRITTEN_HERE])
    return [_event(page, row, names, addresses) for row in rows]


def _possible(page: Page) -> dict[str, Kind]:
    return {name: kind for name, kind in KINDS.items() if page.snapshot.has(kind.entity)}


def _of(page: Page, kind: Kind, key: str) -> str:
    fact = page.workspace.model.entity(kind.entity)
    return f"t.customer_id = {literal(key)} AND {seen(page, fact)}"


def _select(page: Page, name: str, kind: Kind, key: str) -> str:
    fact = page.workspace.model.entity(kind.entity)
    amount = (
        f"sum(t.{kind.amount} * coalesce(t.fx_rate, 1))" if kind.amount != "NULL" else "CAST(NULL AS DECIMAL(38, 4))"
    )
    text = {part: getattr(kind, part) for part in ("title", "note", "code")}
    columns = ", ".join(f"CAST(min({_column(sql)}) AS VARCHAR) AS {part}" for part, sql in text.items())
    owner = "min(t.employee_id)" if fact.has("employee_id") else "CAST(NULL AS VARCHAR)"
    return (
        f"SELECT '{name}' AS kind, CAST(min(t.{kind.at}) AS TIMESTAMP) AS moment, t.{kind.reference} AS reference, {columns}, "
        f"{amount} AS amount, count(*) AS lines, {owner} AS employee_id "
        f"FROM {kind.entity} AS t WHERE {_of(page, kind, key)} GROUP BY t.{kind.reference}"
    )


def _column(sql: str) -> str:
    return f"t.{sql}" if sql.isidentifier() and sql != "NULL" else sql


def _event(page: Page, row: dict[str, Any], names: dict[str, str], addresses: dict[str, str]) -> Event:
    kind = KINDS[row["kind"]]
    fact = page.workspace.model.entity(kind.entity)
    words = {}
    if row["code"]:
        words = {choice.value: choice.label.get(page.lang) for choice in fact.field(kind.code).choices}
    return Event(
        kind=kind,
        at=row["moment"],
        dated=fact.field(kind.at).type == "date",
        reference=row["reference"] or "",
        title=row["title"] or "",
        note=row["note"] or "",
        word=words.get(row["code"], row["code"] or ""),
        amount=row["amount"],
        lines=row["lines"],
        who=names.get(row["employee_id"], ""),
        href=addresses.get(row["reference"] or "", ""),
    )
