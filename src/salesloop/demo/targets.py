"""Targets of this year and the last: monthly, for each person who sells, each 部, each 大区 and the company."""

from __future__ import annotations

import numpy as np

from salesloop.demo.company import Columns, Company
from salesloop.demo.orders import month_of
from salesloop.demo.stories import Stories

CHALLENGE = 1.10
"""Targets ask for the same month of the year before and this much of it."""


def build_targets(orders: Columns, company: Company, stories: Stories) -> Columns:
    """Revenue targets in yuan. Persons add up to their team, teams to their area, areas to the company, but for rounding to
    hundreds of yuan. Months without a year before (the first twelve) have none."""
    unit_of = dict(zip(company.employees["employee_id"], company.employees["org_unit_id"], strict=True))
    parent_of = dict(zip(company.org_units["org_unit_id"], company.org_units["parent_id"], strict=True))
    valid = orders["status"] != "已取消"
    month = month_of(orders["order_date"])[valid].astype("datetime64[M]")
    people = company.sellers["employee_id"]
    person = np.searchsorted(np.sort(people), orders["employee_id"][valid])
    people = np.sort(people)
    this_year = np.datetime64(str(stories.today.year), "M")
    team_name = dict(zip(company.org_units["org_unit_id"], company.org_units["name"], strict=True))
    ambitious = [np.datetime64(month, "M") for month in stories.ambitious_months]
    rows: list[tuple[str, str, np.datetime64, float]] = []
    for start in np.arange(this_year - 12, this_year + 12):
        before = month == start - 12
        sold = np.bincount(person[before], orders["amount"][valid][before], minlength=len(people))
        if not before.any():
            continue
        # A person's own year-ago month is noisy: half of it, half an equal share of the team's.
        teams = np.array([unit_of[who] for who in people])
        for team in np.unique(teams):
            here = teams == team
            own = CHALLENGE * (0.5 * sold[here] + 0.5 * sold[here].mean())
            if team_name[team] in (stories.worked_team, stories.idle_team) and start in ambitious:
                own = own * stories.ambition
            rows += [("", who, start, round(value, -2)) for who, value in zip(people[here], own, strict=True)]
        rows += [(unit, "", start, value) for unit, value in _units(rows, start, unit_of, parent_of).items()]
    return {
        "org_unit_id": np.array([row[0] for row in rows], dtype=object),
        "employee_id": np.array([row[1] for row in rows], dtype=object),
        "period_start": np.array([row[2] for row in rows]).astype("datetime64[D]"),
        "value": np.array([row[3] for row in rows]),
    }


def _units(
    rows: list[tuple[str, str, np.datetime64, float]],
    start: np.datetime64,
    unit_of: dict[str, str],
    parent_of: dict[str, str],
) -> dict[str, float]:
    """Sums of one month's personal targets for every unit above each person."""
    totals: dict[str, float] = {}
    for _, who, month, value in rows:
        unit = unit_of.get(who, "") if month == start else ""
        while unit:
            totals[unit] = totals.get(unit, 0.0) + value
            unit = parent_of[unit]
    return totals
