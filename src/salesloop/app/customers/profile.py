"""Everything that stands in the customer's own record: facts, contacts, and how they changed."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from salesloop.app.customers.sight import CUSTOMER, ask, seen_customers
from salesloop.app.org.services import employee_names
from salesloop.app.pages.services import Page
from salesloop.engine.clean.values.cells import literal
from salesloop.engine.model.fields import Field

WISHES = ("preferences", "needs")
HEAD = ("name", "tier", "segment", "industry", "status")
CHANGES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Fact:
    """One filled field; `format` as cells of tables want it, empty for words."""

    label: str
    value: Any
    format: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A field of the record that a later delivery changed; `at` is when it arrived (UTC)."""

    at: dt.datetime
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Profile:
    """`chips`: tier, segment, industry, status; `wishes`: preferences and needs as they stand now."""

    key: str
    name: str
    chips: list[str]
    facts: list[Fact]
    wishes: list[Fact]
    contacts: list[dict[str, Any]]
    changes: list[Changed]


def profile(page: Page, key: str) -> Profile | None:
    """The customer with this key; None where there is none, or none that the person may see."""
    sql = f"SELECT c.* FROM customer AS c WHERE c.customer_id = {literal(key)} AND {seen_customers(page)}"
    row = next(iter(ask(page, sql)), None)
    if row is None:
        return None
    fields = {field.name: field for field in page.workspace.model.entity(CUSTOMER).fields}
    words = {name: _fact(page, fields[name], row[name]) for name in fields if row[name] not in (None, "")}
    return Profile(
        key=key,
        name=row["name"] or key,
        chips=[str(words[name].value) for name in HEAD[1:] if name in words],
        facts=[fact for name, fact in words.items() if name not in (*HEAD, *WISHES)],
        wishes=[words[name] for name in WISHES if name in words],
        contacts=_contacts(page, key),
        changes=_changes(page, key, fields, row),
    )


def _fact(page: Page, field: Field, value: Any) -> Fact:
    label = field.label.get(page.lang)
    if field.choices:
        value = {choice.value: choice.label.get(page.lang) for choice in field.choices}.get(value, value)
    elif field.references == "employee":
        value = employee_names([value]).get(value, value)
    elif field.references:
        value = _name_of(page, field.references, value)
    return Fact(label, value, {"money": "money", "integer": "count"}.get(field.type, ""))


def _name_of(page: Page, entity: str, key: str) -> str:
    declared = page.workspace.model.entity(entity)
    if not page.snapshot.has(entity) or declared.name_field is None:
        return key
    found = page.snapshot.rows(
        f"SELECT {declared.name_field} AS name FROM {entity} WHERE {declared.key[0]} = {literal(key)} LIMIT 1"
    )
    return str(found[0]["name"]) if found else key


def _contacts(page: Page, key: str) -> list[dict[str, Any]]:
    if not page.snapshot.has("contact"):
        return []
    return page.snapshot.rows(
        "SELECT name, title, phone, email, birthday, is_decision_maker FROM contact "
        f"WHERE customer_id = {literal(key)} ORDER BY is_decision_maker DESC NULLS LAST, name"
    )


def _changes(page: Page, key: str, fields: dict[str, Field], now: dict[str, Any]) -> list[Changed]:
    """What earlier versions of the record said, the newest change first."""
    versions = page.snapshot.rows(
        "SELECT record, replaced_at FROM ledger.superseded "
        f"WHERE entity = 'customer' AND key ->> 'customer_id' = {literal(key)} ORDER BY replaced_at DESC, row DESC"
    )
    later = {name: _text(now[name]) for name in fields}
    found = []
    for version in versions:
        record = json.loads(version["record"])
        for name, field in fields.items():
            before = _text(record.get(name))
            if before and before != later[name]:
                found.append(Changed(version["replaced_at"], field.label.get(page.lang), before, later[name]))
        later |= {name: text for name in fields if (text := _text(record.get(name)))}
    return found[:CHANGES_SHOWN]


def _text(value: Any) -> str:
    return "" if value is None else str(value)
