"""Hands talks and the opportunities that came of them to the engine, as entered rows of activity and opportunity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation

from salesloop.app.talks.models import Deal, DealState, Talk
from salesloop.app.workspace.services import one_at_a_time, workspace

SOURCE: Final = "salesloop"
ORIGIN: Final = "客户沟通"
"""`opportunity.source` of what was promoted from a talk."""
_ACTIVITY: Final = {
    "activity_id": pa.string(),
    "type": pa.string(),
    "event_time": pa.timestamp("us"),
    "entry_time": pa.timestamp("us"),
    "customer_id": pa.string(),
    "opportunity_id": pa.string(),
    "employee_id": pa.string(),
    "org_unit_id": pa.string(),
    "planned_date": pa.date32(),
    "result": pa.string(),
    "feedback": pa.string(),
    "next_step": pa.string(),
    "source_system": pa.string(),
}
_OPPORTUNITY: Final = {
    "opportunity_id": pa.string(),
    "name": pa.string(),
    "customer_id": pa.string(),
    "employee_id": pa.string(),
    "org_unit_id": pa.string(),
    "source": pa.string(),
    "stage": pa.string(),
    "status": pa.string(),
    "amount": pa.decimal128(18, 4),
    "created_date": pa.date32(),
    "expected_close_date": pa.date32(),
    "close_date": pa.date32(),
    "lost_reason": pa.string(),
    "entered_at": pa.timestamp("us"),
    "source_system": pa.string(),
}


def publish_talks(talks: QuerySet[Talk]) -> None:
    """These talks as activities, in the place of what stood there. Called last in the transaction that changed them."""
    workspace().entered.put("activity", _activities(talks))


def publish_deals(deals: QuerySet[Deal]) -> None:
    """These promoted opportunities. Called last in the transaction that changed them."""
    workspace().entered.put("opportunity", _opportunities(deals))


@transaction.atomic
def publish_all() -> None:
    """Everything anew, once a day: a transaction that failed after its rows were handed over leaves none behind."""
    one_at_a_time()
    if Talk.objects.exists():
        workspace().entered.write("activity", _activities(Talk.objects.all()))
        workspace().entered.write("opportunity", _opportunities(Deal.objects.all()))


def _activities(talks: QuerySet[Talk]) -> pa.Table:
    zone = workspace().config.zone
    with translation.override(None):  # what was said of the deal is data: the words of the source, whoever writes
        words = {state.value: str(state.label) for state in DealState if state != DealState.NOT_RAISED}
    names = (
        "activity_id", "kind", "happened_at", "entered_at", "customer_id", "opportunity_id", "employee_id", "org_unit_id",
        "planned_date", "deal_state", "feedback", "next_step", "next_due", "deal__opportunity_id",
    )  # fmt: skip
    rows = [
        (
            key, kind, _wall(happened, zone), _wall(entered, zone), customer, deal or opportunity or None, employee,
            unit or None, planned, words.get(state), feedback, " ".join(filter(None, [due and due.isoformat(), step])) or None,
            SOURCE,
        )
        for key, kind, happened, entered, customer, opportunity, employee, unit, planned, state, feedback, step, due, deal
        in talks.order_by("id").values_list(*names).iterator(chunk_size=5000)
    ]  # fmt: skip
    return _table(_ACTIVITY, rows)


def _opportunities(deals: QuerySet[Deal]) -> pa.Table:
    zone = workspace().config.zone
    names = (
        "opportunity_id", "name", "talk__customer_id", "talk__employee_id", "talk__org_unit_id", "stage",
        "status", "amount", "created_date", "expected_close", "closed_on", "lost_reason", "entered_at",
    )  # fmt: skip
    rows = [
        (
            key, name, customer, employee, unit or None, ORIGIN, stage, status, amount, created, expected, closed,
            reason or None, _wall(entered, zone), SOURCE,
        )
        for key, name, customer, employee, unit, stage, status, amount, created, expected, closed, reason, entered
        in deals.order_by("id").values_list(*names)
    ]  # fmt: skip
    return _table(_OPPORTUNITY, rows)


def _table(types: dict[str, pa.DataType], rows: Sequence[tuple[object, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in types]
    return pa.table({name: pa.array(values, kind) for (name, kind), values in zip(types.items(), columns, strict=True)})


def _wall(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Wall time in the company's zone, as the warehouse keeps it."""
    return moment.astimezone(zone).replace(tzinfo=None)
