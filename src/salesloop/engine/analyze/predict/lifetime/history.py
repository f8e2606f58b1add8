"""What each customer bought, in the few numbers that the models need: one statement over the orders that a scope shows.

A purchase is a day with orders, so an order that was entered in three parts counts once; cancelled orders and days whose
orders come to nothing or less are none. Values are in the base currency.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from salesloop.engine.analyze.predict.lifetime.bgnbd import Floats, Purchases
from salesloop.engine.clean.values.cells import literal
from salesloop.engine.metrics.visibility import scope_tables, visible
from salesloop.engine.model.closed_sql import READ_DIALECT
from salesloop.engine.model.entity import Model
from salesloop.engine.model.scope import Scope
from salesloop.engine.store.snapshot import Snapshot

ORDERS = "order_line"
WEEK = 7.0


@dataclass(frozen=True, slots=True)
class Histories:
    """Customers who had bought by `until`, one place each in all arrays. `value`: mean value of their repeat purchases, 0
    without one; `spent`: all purchases; `earned`: gross profit of the rows with a cost, whose value is `costed`.
    `before`/`before_value`: purchases in the window up to `until`; `after`/`after_value`: those in the window after it."""

    until: dt.date
    first: dt.date | None
    customers: tuple[str, ...]
    purchases: Purchases
    value: Floats
    spent: Floats
    earned: Floats
    costed: Floats
    before: Floats
    before_value: Floats
    after: Floats
    after_value: Floats

    def __len__(self) -> int:
        return len(self.customers)

    @property
    def margin(self) -> float | None:
        """Gross profit as a share of the value of the rows with a known cost; None without any cost."""
        costed = float(self.costed.sum())
        return float(self.earned.sum()) / costed if costed > 0 else None


def histories(
    snapshot: Snapshot,
    model: Model,
    scope: Scope,
    until: dt.date,
    *,
    window: int = 0,
    only: Sequence[str] | None = None,
) -> Histories:
    """The histories up to `until`, with the `window` days before and after it; of all customers that the scope shows, or of some."""
    answer = snapshot.table(_statement(model, scope, until, window, only), scope_tables(scope))
    columns = {name: answer.column(name) for name in answer.column_names}
    number = {
        name: columns[name].cast(pa.float64()).fill_null(0.0).to_numpy()
        for name in ("bought", "value", "spent", "earned", "costed", "before", "before_value", "after", "after_value")
    }
    first, last = (
        columns[name].cast(pa.date32()).to_numpy().astype("datetime64[D]") for name in ("first_day", "last_day")
    )
    end = np.datetime64(until, "D")
    age, recency = ((to - first).astype(np.float64) / WEEK for to in (end, last))
    return Histories(
        until=until,
        first=first.min().item() if len(first) else None,
        customers=tuple(columns["customer_id"].to_pylist()),
        purchases=Purchases(number.pop("bought") - 1, recency, age),
        **number,
    )


def _statement(model: Model, scope: Scope, until: dt.date, window: int, only: Sequence[str] | None) -> str:
    shown = visible(model.entity(ORDERS), "t", scope)
    conditions = [
        "t.customer_id IS NOT NULL",
        "t.order_date IS NOT NULL",
        "t.status IS DISTINCT FROM 'cancelled'",
        f"t.order_date <= {_day(until + dt.timedelta(days=window))}",
        *([shown.sql(dialect=READ_DIALECT)] if shown is not None else []),
        *([f"t.customer_id IN ({', '.join(literal(key) for key in only)})"] if only is not None else []),
    ]
    end, since = _day(until), _day(until - dt.timedelta(days=window))
    return f"""
WITH day AS (
    SELECT t.customer_id, t.order_date AS bought_on,
        CAST(sum(t.amount * t.fx_rate) AS DOUBLE) AS value,
        CAST(sum(CASE WHEN t.cost IS NOT NULL THEN (t.amount - t.cost) * t.fx_rate END) AS DOUBLE) AS earned,
        CAST(sum(CASE WHEN t.cost IS NOT NULL THEN t.amount * t.fx_rate END) AS DOUBLE) AS costed
    FROM {ORDERS} AS t
    WHERE {" AND ".join(conditions)}
    GROUP BY t.customer_id, t.order_date
    HAVING sum(t.amount * t.fx_rate) > 0
), start AS (
    SELECT customer_id, min(bought_on) AS first_day FROM day GROUP BY customer_id
)
SELECT day.customer_id, start.first_day,
    max(CASE WHEN bought_on <= {end} THEN bought_on END) AS last_day,
    sum(CASE WHEN bought_on <= {end} THEN 1 ELSE 0 END) AS bought,
    avg(CASE WHEN bought_on <= {end} AND bought_on > first_day THEN value END) AS value,
    sum(CASE WHEN bought_on <= {end} THEN value END) AS spent,
    sum(CASE WHEN bought_on <= {end} THEN earned END) AS earned,
    sum(CASE WHEN bought_on <= {end} THEN costed END) AS costed,
    sum(CASE WHEN bought_on <= {end} AND bought_on > {since} THEN 1 ELSE 0 END) AS before,
    sum(CASE WHEN bought_on <= {end} AND bought_on > {since} THEN value END) AS before_value,
    sum(CASE WHEN bought_on > {end} THEN 1 ELSE 0 END) AS after,
    sum(CASE WHEN bought_on > {end} THEN value END) AS after_value
FROM day JOIN start ON start.customer_id = day.customer_id
WHERE start.first_day <= {end}
GROUP BY day.customer_id, start.first_day
ORDER BY day.customer_id
"""


def _day(day: dt.date) -> str:
    return f"DATE '{day.isoformat()}'"
