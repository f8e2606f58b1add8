"""Random small worlds and random questions about them. One number decides each: it stands in what a failing test says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any, TypeVar

import pyarrow as pa

from tests.metrics_suite.plainly.days import DAY, Company, Span, period_of
from tests.metrics_suite.plainly.definitions import ADD_UP, BY_NAME, ENTITIES, HAVE_SHARES, RATES
from tests.metrics_suite.plainly.world import (
    DIMENSIONS,
    REGION_PARENTS,
    TREES,
    UNIT_OF,
    UNIT_PARENTS,
    Asked,
    Keep,
    Row,
    World,
    own,
)
from tests.metrics_suite.tables import flat, typed

T = TypeVar("T")
PEOPLE = tuple(UNIT_OF)
UNITS = tuple(UNIT_PARENTS)
REGIONS = (*REGION_PARENTS, "far", None)  # far is in no tree
CUSTOMERS = ("c1", "c2", "c3", "c4", "c5", None)
PRODUCTS = ("green", "black", "rice", None)
COMPANIES = (
    Company("gregorian"),
    Company("gregorian"),
    Company("fiscal", 4),
    Company("fiscal", 10),
    Company("4-4-5"),
    Company("4-5-4", 2),
    Company("iso_week"),
)


def _range(first: str, last: str) -> list[dt.date]:
    start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    return [start + n * DAY for n in range((end - start).days + 1)]


# Where the questions look, and what they are compared with: elsewhere rows would test nothing.
_NOW, _YEAR_AGO, _LEAP = (_range(*ends) for ends in (
    ("2025-11-20", "2026-04-05"), ("2024-12-25", "2025-04-05"), ("2024-02-24", "2024-03-02")))  # fmt: skip
_TODAYS = _range("2026-01-10", "2026-04-10")
_STARTS = _range("2025-11-25", "2026-03-25") + _range("2025-02-20", "2025-03-03")
_COMPARED = ((), ("previous",), ("year",), ("previous", "year"), ("festival",), ("2025-01-06..2025-02-20",))


class Chance(Random):
    """Draws that worlds and questions are made of."""

    def likely(self, value: T, share: float) -> T | None:
        """The value, or nothing."""
        return value if self.random() < share else None

    def some(self, of: Sequence[T], most: int) -> list[T]:
        """Up to so many, each once."""
        return self.sample(list(of), self.randint(0, min(most, len(of))))

    def day(self) -> dt.date:
        return self.choice(self.choices((_NOW, _YEAR_AGO, _LEAP), (5, 3, 1))[0])

    def amount(self) -> Fraction:
        return Fraction(self.randint(-10, 120), 4)


def world(chance: Chance, company: Company) -> World:
    """A few rows of each fact with gaps and missing references; now and then a fact has none at all."""

    def many(make: Any, least: int, most: int) -> list[Row]:
        count = 0 if least == 0 and chance.random() < 0.08 else chance.randint(max(least, 1), most)
        return [make(n) for n in range(count)]

    def owner() -> dict[str, Any]:
        person = chance.choice((*PEOPLE, None))
        return {
            "employee_id": person,
            "org_unit_id": chance.choice((*UNITS, None)) or UNIT_OF.get(person or ""),  # as an import resolves it
            "customer_id": chance.choice(CUSTOMERS),
        }

    def money() -> dict[str, Any]:
        return {"amount": chance.amount(), "fx_rate": chance.choices((1, 7, None), (8, 2, 1))[0]}

    def line(n: int) -> Row:
        order = f"o{chance.randint(0, 18)}"
        return owner() | money() | {
            "order_id": order, "line_no": n, "order_date": chance.day(), "product_id": chance.choice(PRODUCTS),
            "region_id": chance.choice(REGIONS), "cost": chance.likely(chance.amount(), 0.8),
            "status": chance.choice(("completed", "completed", "completed", "open", "cancelled", None)),
        }  # fmt: skip

    def returned(n: int) -> Row:
        return owner() | money() | {
            "return_id": f"r{n}", "return_date": chance.likely(chance.day(), 0.9), "product_id": chance.choice(PRODUCTS),
        }  # fmt: skip

    def deal(n: int) -> Row:
        begun = chance.likely(chance.day(), 0.95)
        ended = begun and chance.likely(begun + chance.randint(0, 60) * DAY, 0.7)
        return owner() | money() | {
            "opportunity_id": f"d{n}", "stage": "x", "created_date": begun, "close_date": ended,
            "status": chance.choice(("won", "lost") if ended else ("open", "open", "won")),
            "product_id": chance.choice(PRODUCTS), "region_id": chance.choice(REGIONS),
        }  # fmt: skip

    def activity(n: int) -> Row:
        moment = dt.datetime.combine(chance.day(), dt.time(chance.choice((0, 9, 23)), 30))
        return owner() | {
            "activity_id": f"a{n}",
            "event_time": moment,
            "type": chance.choice(("visit", "visit", "call")),
        }

    def contract(n: int) -> Row:
        begun = chance.likely(chance.day(), 0.9)
        ended = begun and chance.likely(begun + chance.randint(0, 120) * DAY, 0.8)
        return owner() | money() | {"contract_id": f"k{n}", "sign_date": begun, "start_date": begun, "end_date": ended}

    def count(_: int) -> Row:
        return {
            "snapshot_date": chance.day(), "product_id": chance.choice(PRODUCTS[:-1]),
            "warehouse": chance.choice(("main", "south")), "quantity": chance.likely(Fraction(chance.randint(-3, 30)), 0.95),
        }  # fmt: skip

    counts = {(one["snapshot_date"], one["product_id"], one["warehouse"]): one for one in many(count, 0, 25)}
    return World(
        {
            "order_line": many(line, 45, 70),
            "return_line": many(returned, 0, 12),
            "opportunity": many(deal, 0, 25),
            "activity": many(activity, 0, 25),
            "contract": many(contract, 0, 10),
            "inventory_snapshot": list(counts.values()),
            "target": _targets(chance, company),
            "customer": [
                {
                    "customer_id": c,
                    "name": c,
                    "segment": chance.choice(("大", "小", None)),
                    "region_id": chance.choice(REGIONS),
                }
                for c in CUSTOMERS[:-1]
            ],
            "product": [
                {"product_id": p, "name": p, "category": "rice" if p == "rice" else "tea"} for p in PRODUCTS[:-1]
            ],
        }
    )


def _targets(chance: Chance, company: Company) -> list[Row]:
    """Of people, units and the company, of the periods around the days that are asked."""
    out = {}
    for _ in range(chance.randint(0, 14)):
        who, grain = chance.choice((*UNIT_OF, *UNIT_PARENTS, "")), chance.choice(("month", "month", "quarter", "year"))
        period = period_of(company, chance.choice(_STARTS), grain)
        out[who, grain, period.start] = {
            "metric": "r_sold", "dimension": "", "dimension_value": "", "fx_rate": 1,
            "org_unit_id": who if who in UNIT_PARENTS else "", "employee_id": who if who in UNIT_OF else "",
            "period_start": period.start, "period": grain, "value": Fraction(chance.randint(1, 400)),
        }  # fmt: skip
    return list(out.values())


def question(chance: Chance, of: World, company: Company) -> Asked:
    """One to three metrics by up to two of the slices that they share, any days, filters, comparisons, any scope."""
    metrics = tuple(chance.sample(sorted(BY_NAME), chance.randint(1, 3)))
    entities = {entity for name in metrics for entity in ENTITIES[name]}
    shared = sorted(
        set.intersection(*(DIMENSIONS[entity] for entity in entities)) if entities else {"org_unit", "employee"}
    )
    names = chance.some(shared, 2)
    if metrics == ("r_sizes",) and chance.random() < 0.7:
        names = [*names[:1], "bucket"]
    about_targets = any(BY_NAME[name]["type"] == "target" for name in metrics)
    if about_targets and (chance.random() < 0.7 or not set(names) & {"org_unit", "employee"}):
        names = [name for name in names if name in ("org_unit", "employee")]
    compare = [*chance.choice(_COMPARED)]
    if compare and set(metrics) <= ADD_UP | RATES and chance.random() < 0.6:
        compare.append("contribution")
    if set(metrics) <= HAVE_SHARES and chance.random() < 0.4:
        compare.append("share")
    if (
        not about_targets
        and len({*names} - {"org_unit", "employee"}) < 2
        and chance.random() < (0.6 if "r_sold" in metrics else 0.05)
    ):
        compare.append("target")
    everything = chance.random() < 0.7
    grain, span = _days(chance, company)
    return Asked(
        metrics,
        tuple((name, chance.choice((None, 1, 2, 3)) if name in TREES else None) for name in names),
        grain,
        span,
        chance.choice(_TODAYS),
        company,
        tuple(compare),
        tuple(_keep(chance, of, name) for name in chance.some(shared, 2) if chance.random() < 0.4),
        everything,
        frozenset() if everything else frozenset(chance.some(PEOPLE, 2)),
        frozenset() if everything else frozenset(chance.some(UNITS, 2)),
    )


def _days(chance: Chance, company: Company) -> tuple[str | None, Span]:
    """(grain, first and last day): a whole period, the beginning of one, or any days."""
    grain = chance.choice((None, None, "day", "week", "month", "month", "quarter", "year"))
    start = chance.choice(_STARTS)
    longest = {"day": 15, "week": 40, "month": 100, "quarter": 200, "year": 400}.get(grain or "", 60)
    shape = chance.choice(("whole", "begun", "any", "any"))
    if shape == "any":
        return grain, (start, start + chance.randint(0, longest) * DAY)
    period = period_of(company, start, grain or chance.choice(("week", "month", "quarter", "year", "day")))
    return grain, (period.start, period.end if shape == "whole" else start)


def _keep(chance: Chance, of: World, dimension: str) -> Keep:
    """A filter by values that there are: others are refused, which has a test of its own."""
    known: set[str | None] = {None}
    if dimension in TREES:
        known |= set(TREES[dimension])
    elif dimension == "segment":
        known |= {row["segment"] for row in of.rows["customer"]}
    else:
        known |= set(_values(of, dimension))
    return Keep(
        dimension,
        tuple(chance.sample(sorted(known, key=str), min(chance.randint(1, 2), len(known)))),
        chance.random() < 0.4,
    )


def _values(of: World, dimension: str) -> Iterable[str | None]:
    for entity, dimensions in DIMENSIONS.items():
        if dimension in dimensions:
            yield from (own(row, dimension) for row in of.all(entity))


def tables(of: World) -> dict[str, pa.Table]:
    """The rows as a snapshot holds them, with the organisation, the regions and their flat trees."""
    dated = {"valid_from": dt.date(1900, 1, 1)}
    trees: dict[str, list[dict[str, Any]]] = {
        tree: [{f"{tree}_id": node, "name": node, "parent_id": above} for node, above in parents.items()]
        for tree, parents in TREES.items()
    }
    rows = {
        **of.rows,
        "org_unit": [row | dated for row in trees["org_unit"]],
        "employee": [{"employee_id": p, "name": p, "org_unit_id": unit} | dated for p, unit in UNIT_OF.items()],
        "region": trees["region"],
    }
    out = {name: typed(name, [_plain(row) for row in those]) for name, those in rows.items() if those}
    return out | {f"{tree}_flat": flat(tree, trees[tree]) for tree in TREES}


def _plain(row: Row) -> dict[str, Any]:
    return {n: Decimal(v.numerator) / v.denominator if isinstance(v, Fraction) else v for n, v in row.items()}
