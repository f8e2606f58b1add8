"""What sellers do and when they write it down: visits and calls, with the backlog of one team."""

from __future__ import annotations

import numpy as np

from salesloop.demo.company import Columns, Company
from salesloop.demo.stories import Stories

VISITS_A_DAY = 1.7
RESULTS = ["达成意向", "需再跟进", "未见到关键人", "收集反馈", "送样演示"]
KINDS = {"拜访": 0.62, "电话": 0.28, "会议": 0.10}


def build_activities(rng: np.random.Generator, company: Company, customers: Columns, stories: Stories) -> Columns:
    """One row an activity over the last 18 months; most are entered the same or the next day, the backlog team's are late."""
    last = np.datetime64(stories.today, "D")
    days = np.arange(last - 548, last + 1)
    workdays = days[((days.astype(int) + 3) % 7) < 5]
    sellers = company.sellers
    each = rng.poisson(VISITS_A_DAY, (len(sellers["employee_id"]), len(workdays)))
    seller, day = (axis.repeat(each[each > 0]) for axis in np.nonzero(each))
    size = len(seller)
    date = workdays[day]
    event = date.astype("datetime64[m]") + rng.integers(9 * 60, 18 * 60, size)
    delay = rng.lognormal(5.2, 0.9, size)
    behind = (sellers["team"][seller] == stories.backlog_team) & (date >= np.datetime64(stories.backlog_start))
    late = behind & (rng.random(size) < 0.72)
    delay[late] = rng.normal(2.8 * 1440, 500, int(late.sum())).clip(min=1600)
    # Nobody has entered anything after the export was drawn.
    drawn = np.datetime64(stories.today, "D").astype("datetime64[m]") + 20 * 60
    entry = np.minimum(event + delay.astype(int), drawn)
    own = _own_customers(rng, customers, sellers["employee_id"][seller])
    kind = rng.choice(list(KINDS), size, p=list(KINDS.values()))
    return {
        "activity_id": np.array([f"V{number:07d}" for number in range(1, size + 1)], dtype=object),
        "type": kind.astype(object),
        "event_time": event,
        "entry_time": entry,
        "customer": own,
        "employee_id": sellers["employee_id"][seller],
        "planned_date": np.where(rng.random(size) < 0.6, date, np.datetime64("NaT")),
        "duration_minutes": rng.integers(2, 13, size) * 10,
        "result": rng.choice(RESULTS, size).astype(object),
    }


def _own_customers(rng: np.random.Generator, customers: Columns, employee: np.ndarray) -> np.ndarray:
    """For each activity one of its seller's own customers, the large ones more often."""
    out = np.zeros(len(employee), dtype=int)
    for person in np.unique(employee):
        mine = np.flatnonzero(customers["employee_id"] == person)
        here = employee == person
        if len(mine):
            weight = customers["weight"][mine] ** 0.5
            out[here] = rng.choice(mine, int(here.sum()), p=weight / weight.sum())
    return out
