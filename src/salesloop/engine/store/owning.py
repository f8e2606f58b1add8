"""What a row of a fact gets from the day on which it counts: the unit of its owner, the rate of its currency. As SQL."""

from __future__ import annotations

from salesloop.engine.model.entity import Entity
from salesloop.engine.store.schema import owner_fields


def has_owner(entity: Entity) -> bool:
    """Whether rows of the entity belong to an employee and, with them, to a unit."""
    present = {field.name for field in entity.fields} | set(owner_fields(entity))
    return entity.kind == "fact" and {"employee_id", "org_unit_id"} <= present


def day_of(entity: Entity) -> str:
    """The day on which a row counts; the end of time where it is not known."""
    return f"coalesce(CAST({entity.event_date} AS DATE), DATE '9999-12-31')"


def owned(previous: str, day: str) -> str:
    """SELECT of the rows with the unit of the employee on the day, where no unit was given."""
    turn = "OVER (PARTITION BY employee_id ORDER BY valid_from)"
    versions = (
        f"SELECT employee_id, org_unit_id, CASE WHEN row_number() {turn} = 1 THEN DATE '0001-01-01' ELSE valid_from END "
        f"AS since, coalesce(lead(valid_from) {turn}, DATE 'infinity') AS until FROM employee"
    )
    return (
        f"SELECT row.* REPLACE (coalesce(row.org_unit_id, version.org_unit_id) AS org_unit_id) "
        f"FROM {previous} row LEFT JOIN (SELECT * FROM ({versions}) WHERE org_unit_id IS NOT NULL) version "
        f"ON version.employee_id = row.employee_id AND {day} >= version.since AND {day} < version.until"
    )


def rated(previous: str, day: str) -> str:
    """SELECT of the rows with `fx_rate`, the rate into the base currency (parameter `currency`) that held on the day; NULL
    where none is known.

    Looked up once for every day of every foreign currency: most rows are in the base currency and need no join.
    """
    asked = f"SELECT DISTINCT currency, {day} AS day FROM {previous} WHERE currency <> $currency"
    known = (
        f"SELECT asked.currency, asked.day, rate.rate FROM ({asked}) asked "
        f"ASOF JOIN exchange_rate rate ON rate.currency = asked.currency AND asked.day >= rate.valid_from"
    )
    return (
        f"SELECT row.*, CAST(CASE WHEN row.currency IS NULL OR row.currency = $currency THEN 1 ELSE known.rate END "
        f"AS DECIMAL(18,8)) AS fx_rate FROM {previous} row LEFT JOIN ({known}) known "
        f"ON known.currency = row.currency AND known.day = {day}"
    )
