"""Activities that another system planned and that nobody has written down yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from salesloop.app.talks.models import Talk
from salesloop.app.workspace.services import warehouse, workspace
from salesloop.engine.clean.values.cells import literal

UNWRITTEN = "a.planned_date IS NOT NULL AND a.result IS NULL AND a.feedback IS NULL"
"""A planned activity of which neither the result nor what was said is known."""


LATELY = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Plan:
    """`at` is aware, in the company's time zone."""

    activity_id: str
    kind: str
    day: dt.date
    at: dt.datetime
    employee_id: str
    customer_id: str
    customer_name: str
    opportunity_id: str


def planned_on(day: dt.date) -> list[Plan]:
    """Of that day, those without a record: neither in the data nor, by the same person with the same customer, as a talk
    since."""
    found = _plans(f"a.planned_date = {literal(day.isoformat())}")
    midnight = dt.datetime.combine(day, dt.time(), workspace().config.zone)
    spoken = set(Talk.objects.filter(happened_at__gte=midnight).values_list("employee_id", "customer_id"))
    return [plan for plan in found if (plan.employee_id, plan.customer_id) not in spoken]


def plans_of(employee_id: str, today: dt.date) -> list[Plan]:
    """Of the last `LATELY` days and today, this employee's, the newest first."""
    since = literal((today - LATELY).isoformat())
    found = _plans(
        f"a.employee_id = {literal(employee_id)} AND a.planned_date BETWEEN {since} AND {literal(today.isoformat())}"
    )
    return sorted(found, key=lambda plan: plan.at, reverse=True)


def plan_of(activity_id: str, employee_id: str) -> Plan | None:
    """An unwritten plan of this employee."""
    found = _plans(f"a.activity_id = {literal(activity_id)} AND a.employee_id = {literal(employee_id)}")
    return found[0] if found else None


def _plans(condition: str) -> list[Plan]:
    snapshot = warehouse().snapshot
    if not snapshot.has("activity") or not snapshot.has("customer"):
        return []
    rows = snapshot.rows(
        "SELECT a.activity_id, a.type AS kind, a.planned_date AS day, a.event_time AS at, a.employee_id, a.customer_id, "
        "coalesce(c.name, a.customer_id) AS customer_name, coalesce(a.opportunity_id, '') AS opportunity_id "
        f"FROM activity a JOIN customer c ON c.customer_id = a.customer_id WHERE {UNWRITTEN} AND {condition} "
        "AND a.employee_id IS NOT NULL ORDER BY a.activity_id"
    )
    zone = workspace().config.zone
    return [Plan(**(row | {"at": row["at"].replace(tzinfo=zone)})) for row in rows]
