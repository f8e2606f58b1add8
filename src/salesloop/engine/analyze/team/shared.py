"""How many of the deals that somebody won were worked on by others too, by the activities recorded for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from salesloop.engine.store import Snapshot


@dataclass(frozen=True, slots=True)
class SharedDeals:
    """Deals won, those of them with any activity, and those with activities of two people or more.

    `rate` is None where no activity names a deal: then nobody knows who worked on it.
    """

    won: int
    recorded: int
    shared: int

    @property
    def rate(self) -> float | None:
        return self.shared / self.recorded if self.recorded else None


def shared_deals(snapshot: Snapshot, start: dt.date, end: dt.date) -> Mapping[str, SharedDeals]:
    """By owner of the deals (employee) closed as won from `start` to `end`, both included.

    The owner counts as one of those who worked on a deal: one activity of a colleague makes it shared.
    """
    if not snapshot.has("opportunity"):
        return {}
    people = (
        "SELECT opportunity_id, employee_id FROM activity WHERE opportunity_id IS NOT NULL AND employee_id IS NOT NULL"
        if snapshot.has("activity")
        else "SELECT opportunity_id, employee_id FROM opportunity WHERE false"
    )
    rows = snapshot.rows(
        f"WITH worked AS ({people}), deals AS ("
        "SELECT o.opportunity_id, o.employee_id, count(w.employee_id) AS activities, "
        "count(DISTINCT CASE WHEN w.employee_id <> o.employee_id THEN w.employee_id END) AS others "
        "FROM opportunity o LEFT JOIN worked w ON w.opportunity_id = o.opportunity_id "
        f"WHERE o.status = 'won' AND o.employee_id IS NOT NULL AND o.close_date BETWEEN DATE '{start}' AND DATE '{end}' "
        "GROUP BY o.opportunity_id, o.employee_id) "
        "SELECT employee_id, count(*) AS won, sum(CASE WHEN activities > 0 THEN 1 ELSE 0 END) AS recorded, "
        "sum(CASE WHEN others > 0 THEN 1 ELSE 0 END) AS shared FROM deals GROUP BY employee_id"
    )
    return {row["employee_id"]: SharedDeals(int(row["won"]), int(row["recorded"]), int(row["shared"])) for row in rows}
