"""What the answers must be, worked out row by row in plain Python: independent of the planner, of SQL and of Arrow."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
Days = tuple[dt.date, dt.date]
Number = float | None

# 公司 → 东 (东一), 西;   cn → e (sh), n
PARENTS = {"R": None, "E": "R", "E1": "E", "W": "R", "cn": None, "e": "cn", "sh": "e", "n": "cn"}
METRICS = (
    "revenue", "orders", "active_customers", "gross_margin", "new_customers", "repeat_customers", "win_rate",
    "open_pipeline", "revenue_per_visit",
)  # fmt: skip
UNITS, REGIONS = ("R", "E", "E1", "W"), ("cn", "e", "sh", "n")


@dataclass(frozen=True)
class Asked:
    """A question in plain terms. `keep` are filters (dimension, ids, negated)."""

    metric: str
    by: tuple[str, ...]
    monthly: bool
    start: dt.date
    end: dt.date
    today: dt.date
    keep: tuple[tuple[str, tuple[str | None, ...], bool], ...]
    everything: bool
    employees: frozenset[str]
    units: frozenset[str]


def answers(world: Mapping[str, Sequence[Row]], asked: Asked) -> dict[tuple[Any, ...], dict[str, Number]]:
    """Key (period, slices …) → value, value of the previous period, value a year ago, for every group with a value."""
    out: dict[tuple[Any, ...], dict[str, Number]] = {}
    for period, now, previous, year in _windows(asked):
        for name, days in (("value", now), ("previous", previous), ("year", year)):
            for key, value in _groups(world, asked, days).items():
                out.setdefault(((period,) if asked.monthly else ()) + key, {})[name] = value
    return out


# -- days ------------------------------------------------------------------------------------------------------------


def _windows(asked: Asked) -> Iterator[tuple[dt.date, Days, Days, Days]]:
    """Months with a grain; else the whole range, which these examples keep to whole months."""
    first = asked.start.replace(day=1)
    while first <= asked.end:
        last = _month_end(first)
        piece = (max(first, asked.start), min(last, asked.end))
        seen = min(piece[1], asked.today) if first <= asked.today else piece[1]
        yield first, piece, _earlier(first, piece, seen, 1), _earlier(first, piece, seen, 12)
        first = last + dt.timedelta(days=1)
        if not asked.monthly:
            return


def _earlier(first: dt.date, piece: Days, seen: dt.date, months: int) -> Days:
    index = first.year * 12 + first.month - 1 - months
    begin = dt.date(index // 12, index % 12 + 1, 1)
    whole = seen == _month_end(first)
    end = _month_end(begin) if whole else begin.replace(day=min(seen.day, _month_end(begin).day))
    start = begin.replace(day=min(piece[0].day, _month_end(begin).day))
    if piece[0].day > 1:  # the day after the one that corresponds to the day before
        start = begin.replace(day=min(piece[0].day - 1, _month_end(begin).day)) + dt.timedelta(days=1)
    return start, end


def _month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


# -- rows ------------------------------------------------------------------------------------------------------------


def _path(node: str | None) -> list[str]:
    out: list[str] = []
    while node is not None:
        out.insert(0, node)
        node = PARENTS[node]
    return out


class _Facts:
    """The rows of one fact that count, with the ids of their slices."""

    def __init__(self, world: Mapping[str, Sequence[Row]], asked: Asked) -> None:
        self.customers = {row["customer_id"]: row for row in world["customer"]}
        self.asked = asked

    def own(self, row: Row, dimension: str) -> str | None:
        """The id of the row itself, before any level of a tree."""
        if dimension == "region":
            customer = self.customers.get(row.get("customer_id"), {})
            return row.get("region_id") or customer.get("region_id")
        if dimension == "segment":
            return self.customers.get(row.get("customer_id"), {}).get("segment")
        return row.get({"org_unit": "org_unit_id", "employee": "employee_id"}[dimension])

    def group(self, row: Row, dimension: str) -> str | None:
        own = self.own(row, dimension)
        if dimension not in ("region", "org_unit") or own is None:
            return own
        path = _path(own)
        return path[min(2, len(path)) - 1]

    def counts(self, row: Row) -> bool:
        asked = self.asked
        owned = row.get("employee_id") in asked.employees or row.get("org_unit_id") in asked.units
        if not asked.everything and not owned:
            return False
        for dimension, ids, negated in asked.keep:
            own = self.own(row, dimension)
            covered = {own} if own is None or dimension not in ("region", "org_unit") else set(_path(own))
            if (bool(covered & set(ids))) == negated:
                return False
        return True

    def keys(self, rows: Sequence[Row]) -> dict[tuple[Any, ...], list[Row]]:
        out: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows:
            out.setdefault(tuple(self.group(row, dimension) for dimension in self.asked.by), []).append(row)
        return out


def _groups(world: Mapping[str, Sequence[Row]], asked: Asked, days: Days) -> dict[tuple[Any, ...], Number]:
    facts = _Facts(world, asked)

    def within(fact: str, date: str, keep: Callable[[Row], bool] = lambda _: True) -> dict[tuple[Any, ...], list[Row]]:
        rows = [r for r in world[fact] if r[date] is not None and days[0] <= r[date] <= days[1] and keep(r)]
        return facts.keys([r for r in rows if facts.counts(r)])

    def live(row: Row) -> bool:
        return row["status"] != "cancelled"

    match asked.metric:
        case "revenue":
            lines = within("order_line", "order_date", live)
            return {key: sum(r["amount"] * r["fx_rate"] for r in rows) for key, rows in lines.items()}
        case "orders":
            return {
                key: len({r["order_id"] for r in rows})
                for key, rows in within("order_line", "order_date", live).items()
            }
        case "active_customers":
            lines = within("order_line", "order_date", live)
            return {key: len({r["customer_id"] for r in rows} - {None}) for key, rows in lines.items()}
        case "gross_margin":
            lines = within("order_line", "order_date", live)
            return {key: _margin(rows) for key, rows in lines.items()}
        case "new_customers":
            first: dict[str, dt.date] = {}
            for row in filter(live, world["order_line"]):
                if row["customer_id"] is not None:
                    first[row["customer_id"]] = min(first.get(row["customer_id"], row["order_date"]), row["order_date"])
            lines = within(
                "order_line", "order_date", lambda r: live(r) and first.get(r["customer_id"]) == r["order_date"]
            )
            return {key: len({r["customer_id"] for r in rows}) for key, rows in lines.items()}
        case "repeat_customers":
            lines = within("order_line", "order_date", lambda r: live(r) and r["customer_id"] is not None)
            return {key: n for key, rows in lines.items() if (n := _repeating(rows))}
        case "win_rate":
            deals = within("opportunity", "close_date", lambda r: r["status"] in ("won", "lost"))
            return {key: sum(r["status"] == "won" for r in rows) / len(rows) for key, rows in deals.items()}
        case "open_pipeline":
            end = min(days[1], asked.today)
            if end < days[0]:
                return {}
            still = [r for r in world["opportunity"] if r["created_date"] <= end and (
                r["close_date"] > end if r["close_date"] else r["status"] == "open")]  # fmt: skip
            kept = facts.keys([r for r in still if facts.counts(r)])
            return {key: sum(r["amount"] for r in rows) for key, rows in kept.items()}
        case "revenue_per_visit":
            sums = _groups(world, _with(asked, "revenue"), days)
            visits = {
                key: len(rows) for key, rows in within("activity", "event_day", lambda r: r["type"] == "visit").items()
            }
            return {key: (sums.get(key) or 0) / visits[key] if key in visits else None for key in {*sums, *visits}}
    raise AssertionError(asked.metric)


def _with(asked: Asked, metric: str) -> Asked:
    return Asked(**{**asked.__dict__, "metric": metric})


def _margin(rows: Sequence[Row]) -> Number:
    known = [(r["amount"] * r["fx_rate"], r["cost"] * r["fx_rate"]) for r in rows if r["cost"] is not None]
    revenue = sum(amount for amount, _ in known)
    return sum(amount - cost for amount, cost in known) / revenue if revenue else None


def _repeating(rows: Sequence[Row]) -> int:
    orders: dict[str, set[str]] = {}
    for row in rows:
        orders.setdefault(row["customer_id"], set()).add(row["order_id"])
    return sum(len(those) >= 2 for those in orders.values())
