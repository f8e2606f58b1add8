"""How much business the customers of each row could bring: the annual revenue of the companies in their care."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from salesloop.app.targets.sheet import Sheet


def potential_by_row(sheet: Sheet) -> Mapping[str, Decimal]:
    """Σ annual revenue of the customers of a person, and of all people below a unit, by row key."""
    snapshot = sheet.page.snapshot
    if not snapshot.has("customer"):
        return {}
    rows = snapshot.rows(
        "SELECT employee_id, sum(annual_revenue) AS amount FROM customer "
        "WHERE employee_id IS NOT NULL AND annual_revenue > 0 GROUP BY employee_id"
    )
    own = {f"employee:{row['employee_id']}": Decimal(row["amount"]) for row in rows}
    found: dict[str, Decimal] = {}
    for line in sheet.lines.values():
        if line.key in own:
            for key in (line.key, *line.parents):
                found[key] = found.get(key, Decimal(0)) + own[line.key]
    return found
