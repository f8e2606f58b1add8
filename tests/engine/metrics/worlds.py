"""Random small worlds and random questions about them, for hypothesis."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from salesloop.engine.metrics import Query, format_filter
from salesloop.engine.model.scope import Scope

# 公司 → 东 (东一), 西;   cn → e (sh), n
PARENTS = {"R": None, "E": "R", "E1": "E", "W": "R", "cn": None, "e": "cn", "sh": "e", "n": "cn"}
UNITS, REGIONS = ("R", "E", "E1", "W"), ("cn", "e", "sh", "n")
PEOPLE = ("p1", "p2", "p3")
CUSTOMERS = ("c1", "c2", "c3", "c4")
FIRST, LAST = dt.date(2024, 11, 1), dt.date(2026, 3, 31)

maybe = lambda values: st.none() | st.sampled_from(values)  # noqa: E731 - a strategy with a name
# The months that the questions below are about, and those they are compared with: elsewhere rows would test nothing.
days = st.one_of(
    st.dates(FIRST, LAST), st.dates(dt.date(2024, 12, 1), dt.date(2025, 3, 31)), st.dates(dt.date(2025, 12, 1), LAST)
)


@dataclass(frozen=True)
class Asked:
    """A question in plain terms. `keep` are filters (dimension, ids, negated)."""

    by: tuple[str, ...]
    monthly: bool
    start: dt.date
    end: dt.date
    today: dt.date
    keep: tuple[tuple[str, tuple[str | None, ...], bool], ...]
    everything: bool
    employees: frozenset[str]
    units: frozenset[str]

    @property
    def where(self) -> tuple[str, ...]:
        """The filters as a query says them; those by segment are left out, as not every fact knows it."""
        return tuple(format_filter(n, ids, negated=negated) for n, ids, negated in self.keep if n != "segment")

    @property
    def scope(self) -> Scope:
        return Scope(self.everything, self.units, self.employees)

    def query(self, metrics: tuple[str, ...], compare: tuple[str, ...]) -> Query:
        return Query(
            metrics,
            by=self.by,
            grain="month" if self.monthly else None,
            start=self.start,
            end=self.end,
            where=self.where,
            compare=compare,
        )


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """The organisation, regions and customers, then a few rows of each fact with gaps and missing references."""
    owner = {"employee_id": maybe(PEOPLE), "org_unit_id": maybe(UNITS), "customer_id": maybe(CUSTOMERS)}
    line = st.fixed_dictionaries(
        owner
        | {
            "order_id": st.sampled_from([f"o{n}" for n in range(8)]),
            "order_date": days,
            "region_id": maybe(REGIONS),
            "amount": st.integers(0, 50),
            "cost": st.none() | st.integers(0, 30),
            "fx_rate": st.sampled_from([1, 1, 1, 7]),
            "status": st.sampled_from(["completed", "completed", "cancelled"]),
        }
    )
    deal = st.fixed_dictionaries(
        owner
        | {
            "created_date": days,
            "lasts": st.none() | st.integers(0, 200),
            "status": st.sampled_from(["won", "lost", "open"]),
            "amount": st.integers(0, 9),
            "region_id": maybe(REGIONS),
        }
    )
    visit = st.fixed_dictionaries(owner | {"event_day": days, "type": st.sampled_from(["visit", "visit", "call"])})
    lines = [row | {"line_no": n} for n, row in enumerate(draw(st.lists(line, min_size=15, max_size=40)))]
    deals = []
    for n, row in enumerate(draw(st.lists(deal, min_size=5, max_size=15))):
        lasts = row.pop("lasts")
        closed = (
            row["created_date"] + dt.timedelta(days=lasts) if lasts is not None and row["status"] != "open" else None
        )
        deals.append(row | {"opportunity_id": f"d{n}", "stage": "x", "close_date": closed, "fx_rate": 1})
    visits = [
        row | {"activity_id": f"a{n}", "region_id": None}
        for n, row in enumerate(draw(st.lists(visit, min_size=5, max_size=15)))
    ]
    segments = draw(st.lists(maybe(("大", "小")), min_size=4, max_size=4))
    regions = draw(st.lists(maybe(REGIONS), min_size=4, max_size=4))
    return {
        "order_line": lines,
        "opportunity": deals,
        "activity": visits,
        "customer": [
            {"customer_id": c, "name": c, "segment": s, "region_id": r}
            for c, s, r in zip(CUSTOMERS, segments, regions, strict=True)
        ],
    }


@st.composite
def questions(draw: st.DrawFn) -> Asked:
    """A metric, some slices, a range of whole months or with a ragged start and end, filters, a scope, a day."""
    by = draw(st.lists(st.sampled_from(["region", "org_unit", "employee", "segment"]), max_size=1, unique=True))
    monthly = draw(st.booleans())
    month = draw(st.sampled_from([dt.date(2026, 1, 1), dt.date(2026, 2, 1), dt.date(2026, 3, 1), dt.date(2025, 12, 1)]))
    start, end = month, (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    if monthly:
        start = draw(st.dates(dt.date(2025, 11, 1), dt.date(2026, 2, 1)))
        end = draw(st.dates(start, LAST))
    keep = []
    if draw(st.sampled_from([True, False, False])):
        dimension, values = draw(
            st.sampled_from([("region", REGIONS), ("org_unit", UNITS), ("employee", PEOPLE), ("segment", ("大", "小"))])
        )
        ids = draw(st.lists(st.none() | st.sampled_from(values), min_size=1, max_size=2, unique=True))
        keep.append((dimension, tuple(ids), draw(st.booleans())))
    everything = draw(st.sampled_from([True, True, False]))
    return Asked(
        tuple(by),
        monthly,
        start,
        end,
        draw(st.dates(dt.date(2026, 1, 10), dt.date(2026, 4, 10))),
        tuple(keep),
        everything,
        frozenset() if everything else frozenset(draw(st.lists(st.sampled_from(PEOPLE), max_size=2))),
        frozenset() if everything else frozenset(draw(st.lists(st.sampled_from(UNITS), max_size=2))),
    )


def tables(world: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The rows as a snapshot holds them, with the organisation, the regions and their flat trees."""
    out = {name: [dict(row) for row in rows] for name, rows in world.items()}
    for row in out["activity"]:
        row["event_time"] = f"{row.pop('event_day')} 23:30:00"
        del row["region_id"]
    out["org_unit"] = [
        {"org_unit_id": u, "valid_from": "1900-01-01", "name": u, "parent_id": PARENTS[u]} for u in UNITS
    ]
    out["employee"] = [{"employee_id": p, "valid_from": "1900-01-01", "name": p} for p in PEOPLE]
    out["region"] = [{"region_id": r, "name": r, "parent_id": PARENTS[r]} for r in REGIONS]
    out["org_unit_flat"] = [_flat(unit) for unit in UNITS]
    out["region_flat"] = [_flat(region) for region in REGIONS]
    return out


def _flat(node: str) -> dict[str, Any]:
    path: list[str] = [node]
    while (above := PARENTS[path[0]]) is not None:
        path.insert(0, above)
    levels = {f"l{n}_{part}": name for n, name in enumerate(path, start=1) for part in ("id", "name")}
    return {"id": node, "depth": len(path)} | levels
