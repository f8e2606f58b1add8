"""Why the target is missed or passed: drivers that add up to the gap, and what the pipeline can still bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from salesloop.app.metrics.services import ask, has_data, rows_of, unit_text
from salesloop.app.targets.attainment import Asked, weekly
from salesloop.engine.analyze.planning.factors import Seller, against_average, main_factor
from salesloop.engine.analyze.planning.gap import Driver, Gap, Pipeline, Sales, gap_drivers
from salesloop.engine.analyze.planning.pace import Standing
from salesloop.engine.analyze.planning.ranking import MIN_SOLD, Interval, attainment_interval, share_interval
from salesloop.engine.model.periods import DateRange, compared_range
from salesloop.engine.report.chart import ChartSpec, Series

AMOUNT, QUANTITY = "revenue", "quantity"


def words() -> dict[Driver, str]:
    """What the drivers are called."""
    return {
        "asked": _("目标要求的增长"),
        "new": _("新客户"),
        "lost": _("流失客户"),
        "volume": _("销量"),
        "mix": _("产品结构"),
        "price": _("价格"),
        "existing": _("老客户"),
    }


def gap_of(asked: Asked, stand: Standing) -> Gap | None:
    """The gap to what was due by now, by driver; None for metrics that are not sales by customer and product."""
    page = asked.page
    if asked.name != AMOUNT:
        return None
    before = compared_range(page.days, "year", page.calendar, page.as_of)
    now_rows, before_rows = _lines(asked, asked.passed), _lines(asked, before)
    customers = _codes([row["customer_id"] for row in (*now_rows, *before_rows)])
    products = _codes([row["product_id"] for row in (*now_rows, *before_rows)])
    return gap_drivers(
        _sales(now_rows, customers, products),
        _sales(before_rows, customers, products),
        Decimal(repr(round(stand.due, 2))),
    )


def bridge(asked: Asked, gap: Gap) -> ChartSpec:
    """From what was due to what was reached."""
    page, names = asked.page, words()
    order: list[Driver] = ["asked", "new", "lost", "volume", "mix", "price", "existing"]
    drivers = [name for name in order if name in gap.drivers]
    return ChartSpec(
        kind="waterfall",
        title=_("差距的构成"),
        categories=(_("应达"), *(names[name] for name in drivers), _("实际")),
        series=(Series(_("金额"), (gap.target, *(gap.drivers[name] for name in drivers), gap.actual)),),
        format=asked.metric.format,
        unit=unit_text(asked.metric.unit, page.lang),
        currency=page.workspace.config.currency,
        category_name=_("因素"),
    )


def pipeline_of(asked: Asked, stand: Standing) -> Pipeline | None:
    """What is open, and what of it will be won as in the last twelve months; None where nothing is missing or no deals are known."""
    page = asked.page
    missing = stand.target - stand.actual
    if missing <= 0 or asked.name not in (AMOUNT, "won_amount") or not has_data(page, "open_pipeline"):
        return None
    if not {"org_unit", "employee"} >= {f.partition("=")[0].rstrip("!") for f in page.view.where}:
        return None
    year = DateRange(page.as_of.replace(year=page.as_of.year - 1, day=min(page.as_of.day, 28)), page.as_of)
    today = DateRange(page.as_of, page.as_of)
    amount = rows_of(ask(page, ["open_pipeline"], days=today))[0]["open_pipeline"]
    rate = rows_of(ask(page, ["win_rate"], days=year))[0]["win_rate"]
    return Pipeline(missing, float(amount), float(rate)) if amount is not None and rate is not None else None


@dataclass(frozen=True, slots=True)
class Difference:
    """One person against the average of those who sold: `effects` of customers, orders a customer and revenue an order add up to
    `difference`. `main`: the place of the effect that explains most. `interval`: what share of the average such weeks may bring, None
    = too few to tell. `won` of `closed` deals with Wilson's interval, None = too few."""

    name: str
    amount: float
    difference: float
    effects: tuple[float, ...]
    main: int | None
    interval: Interval | None
    won: int
    closed: int
    rate: Interval | None

    @property
    def told_apart(self) -> bool:
        """Whether the difference is more than what the weeks of this person vary by themselves."""
        return self.interval is not None and not self.interval.low <= 1 <= self.interval.high


@dataclass(frozen=True, slots=True)
class Spread:
    """How far people lie apart: quartiles of what each brought, and the share of the best fifth."""

    low: float
    middle: float
    high: float
    best_fifth: float


def spread_of(people: Sequence[Difference]) -> Spread | None:
    """None for fewer than five, of whom quartiles would say nothing."""
    if len(people) < MIN_SOLD:
        return None
    amounts = np.sort([one.amount for one in people])
    low, middle, high = (float(one) for one in np.quantile(amounts, [0.25, 0.5, 0.75]))
    best = amounts[-max(round(len(amounts) / 5), 1) :]
    return Spread(low, middle, high, float(best.sum() / amounts.sum()))


def differences(asked: Asked) -> list[Difference]:
    """The people of the page's place, the largest amount first. Empty for other metrics than revenue."""
    page = asked.page
    wanted = [AMOUNT, "orders", "active_customers"]
    if asked.name != AMOUNT:
        return []
    rows = rows_of(ask(page, wanted, by=["employee"], days=asked.passed))
    sold = [row for row in rows if row["employee_id"] and all(row[name] and row[name] > 0 for name in wanted)]
    if len(sold) < 2:
        return []
    sellers = [Seller(*(float(row[name]) for name in wanted)) for row in sold]
    average = sum(one.amount for one in sellers) / len(sellers)
    deals, weeks = _deals(asked), weekly(asked, "employee", page.view.where)
    found = []
    for row, one, effects in zip(sold, sellers, against_average(sellers), strict=True):
        key = row["employee_id"]
        won, closed = deals.get(key, (0, 0))
        found.append(
            Difference(
                row["employee"] or key,
                one.amount,
                one.amount - average,
                effects,
                main_factor(effects),
                attainment_interval(weeks[key], average) if key in weeks else None,
                won,
                closed,
                share_interval(won, closed),
            )
        )
    return sorted(found, key=lambda one: -one.amount)


def _deals(asked: Asked) -> dict[str, tuple[int, int]]:
    page = asked.page
    if not has_data(page, "deals_closed"):
        return {}
    allowed = {dimension.dimension for dimension in page.registry.dimensions_of("deals_closed")}
    where = [text for text in page.view.where if text.partition("=")[0].rstrip("!") in allowed]
    rows = rows_of(ask(page, ["deals_won", "deals_closed"], by=["employee"], days=asked.passed, where=where))
    return {row["employee_id"]: (int(row["deals_won"] or 0), int(row["deals_closed"] or 0)) for row in rows}


def _lines(asked: Asked, days: DateRange) -> list[dict[str, Any]]:
    return rows_of(ask(asked.page, [AMOUNT, QUANTITY], by=["customer", "product"], days=days))


def _codes(ids: list[Any]) -> dict[Any, int]:
    return {key: place for place, key in enumerate(dict.fromkeys(ids))}


def _sales(rows: list[dict[str, Any]], customers: dict[Any, int], products: dict[Any, int]) -> Sales:
    return Sales(
        np.array([customers[row["customer_id"]] for row in rows], dtype=np.int64),
        np.array([products[row["product_id"]] for row in rows], dtype=np.int64),
        np.array([float(row[AMOUNT] or 0) for row in rows]),
        np.array([float(row[QUANTITY] or 0) for row in rows]),
    )
