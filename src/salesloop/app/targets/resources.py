"""What the forecast of a year asks for: people, budget and stock, from the numbers of the page's place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from salesloop.app.metrics.services import ask, has_data, rows_of
from salesloop.app.targets.outlook import Outlook, last_year_days
from salesloop.app.targets.sheet import Line, Sheet
from salesloop.engine.analyze.planning.chance import Chance
from salesloop.engine.analyze.planning.resources import (
    BudgetLine,
    PeopleNeed,
    StockNeed,
    past_errors,
    people_need,
    stock_need,
)
from salesloop.engine.analyze.predict.season import expect_ahead
from salesloop.engine.metrics.definition import Metric
from salesloop.engine.model.periods import DateRange

COSTS: Final = ("selling_expense", "marketing_spend")
QUANTITY, STOCK, BY = "quantity", "stock_quantity", "category"
MOST = 30


@dataclass(frozen=True, slots=True)
class Assumed:
    """What people assume. Shares are fractions; `days`: lead time + review time of stock; `productivity` None = the median of last year."""

    leaving: float = 0.0
    ramp_months: float = 3.0
    productivity: float | None = None
    days: int = 45
    service: float = 0.95


@dataclass(frozen=True)
class Resources:
    """The plan of one year of revenue (`sheet`, `line`: its row at the top of what the person sees)."""

    sheet: Sheet
    line: Line
    assumed: Assumed

    @cached_property
    def outlook(self) -> Outlook:
        return Outlook(self.sheet, self.line)

    @cached_property
    def forecast(self) -> Chance | None:
        """The year's expected revenue with its 10 % and 90 % points; None where history is too short, or the year is over."""
        return self.outlook.chance(Decimal(0))

    @cached_property
    def before(self) -> DateRange:
        """The days of the past from which ratios are taken: a whole year."""
        return last_year_days(self.sheet)

    @cached_property
    def where(self) -> tuple[str, ...]:
        """The filter of the place; none for the whole company, so that costs count that belong to no unit."""
        page = self.sheet.page
        whole = page.scope.everything and page.scope_filter is None and not self.line.parents
        return () if whole else self.outlook.where

    @cached_property
    def sold(self) -> NDArray[np.float64]:
        """What each person with sales brought in those days, the least first."""
        name = self.sheet.metric.metric
        rows = rows_of(ask(self.sheet.page, [name], by=["employee"], days=self.before, where=self.where))
        return np.sort([float(row[name]) for row in rows if row["employee_id"] and row[name] and row[name] > 0])

    @cached_property
    def people(self) -> PeopleNeed | None:
        if self.forecast is None or not len(self.sold):
            return None
        each = self.assumed.productivity or float(np.median(self.sold))
        return people_need(
            self.forecast.expected,
            each,
            len(self.sold),
            leaving=self.assumed.leaving,
            ramp_months=self.assumed.ramp_months,
        )

    @cached_property
    def budget(self) -> list[tuple[Metric, BudgetLine]]:
        """Of each kind of cost with data, at the ratio of the past year."""
        page, name = self.sheet.page, self.sheet.metric.metric
        if self.forecast is None:
            return []
        names = [cost for cost in COSTS if cost in page.registry.metrics and has_data(page, cost)]
        possible = [cost for cost in names if self._answerable(cost)]
        if not possible:
            return []
        row = rows_of(ask(page, [name, *possible], days=self.before, where=self.where))[0]
        sales = float(row[name] or 0)
        found = self.forecast
        return [
            (
                page.registry.metric(cost),
                BudgetLine(float(row[cost]), sales, found.expected, found.low10, found.high90),
            )
            for cost in possible
            if row[cost] and sales > 0
        ]

    @cached_property
    def stock(self) -> list[tuple[str, StockNeed]]:
        """By product line, what has to be ordered first."""
        page = self.sheet.page
        if not has_data(page, QUANTITY) or self.outlook.finished < 2:
            return []
        months = self.outlook.periods[: self.outlook.finished]
        days = DateRange(months[0].start, months[-1].end)
        place = {month.start: at for at, month in enumerate(months)}
        series: dict[str, NDArray[np.float64]] = {}
        for row in rows_of(ask(page, [QUANTITY], by=[BY], grain="month", days=days, where=self.where)):
            if row[BY] is not None and row["period"] in place:
                values = series.setdefault(row[BY], np.zeros(len(months)))
                values[place[row["period"]]] = float(row[QUANTITY] or 0)
        counted = self._on_hand()
        found = [
            (name, self._need(values, counted.get(name)))
            for name, values in sorted(series.items(), key=lambda item: -item[1][-12:].sum())[:MOST]
        ]
        return sorted(found, key=lambda item: -(item[1].order or 0))

    def _need(self, values: NDArray[np.float64], on_hand: float | None) -> StockNeed:
        outlook = self.outlook
        begun = int(np.flatnonzero(values)[0]) if values.any() else 0
        season = np.where(outlook.places >= begun, outlook.places - begun, -1)[begun:]
        own, origin = values[begun:], len(values) - begun
        ahead = expect_ahead(own, season, origin, min(origin + 6, len(season)))
        return stock_need(
            own,
            np.maximum(np.nan_to_num(ahead), 0),
            past_errors(own, season),
            on_hand,
            days=self.assumed.days,
            service=self.assumed.service,
        )

    def _on_hand(self) -> Mapping[str, float]:
        """What was counted last; stock belongs to nobody, so it is known for the whole company only."""
        page = self.sheet.page
        if not has_data(page, STOCK) or not page.scope.everything:
            return {}
        running = page.calendar.period_of(page.as_of, "month")
        days = DateRange(page.calendar.previous(running).start, page.as_of)
        rows = rows_of(ask(page, [STOCK], by=[BY], days=days, where=()))
        return {row[BY]: float(row[STOCK]) for row in rows if row[BY] is not None and row[STOCK] is not None}

    def _answerable(self, cost: str) -> bool:
        """Whether the cost can be told for the place: by its dimensions, or because the place is the whole company."""
        wanted = {text.partition("=")[0] for text in self.where}
        return wanted <= {dimension.dimension for dimension in self.sheet.page.registry.dimensions_of(cost)}
