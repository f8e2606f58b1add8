"""What customers are still going to bring, by the model in force, over the orders that the reader sees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salesloop.app.customers.sight import CUSTOMER, seen_customers
from salesloop.app.org.services import employee_names, org_tree
from salesloop.app.pages.services import Page
from salesloop.app.prediction.services import LifetimeInForce
from salesloop.engine.analyze.predict.lifetime.history import Histories, histories
from salesloop.engine.analyze.predict.lifetime.model import Outlook, predict
from salesloop.engine.metrics.visibility import scope_tables
from salesloop.engine.model.scope import Scope

SORTS = ("coming", "past", "alive")
_DIMENSIONS = ("region", "channel")


@dataclass(frozen=True, slots=True)
class Line:
    """One customer. `purchases`, `worth` and `coming`: expected within the horizon; `total` = `past` + `coming`."""

    key: str
    name: str
    chips: list[str]
    owner: str
    bought: int
    last: dt.date
    alive: float
    purchases: float
    worth: float
    coming: float
    past: float
    total: float


@dataclass(frozen=True)
class Valued:
    """All customers that the reader sees and who ever bought, with what is known of them, one place each."""

    model: LifetimeInForce
    known: Sequence[dict[str, Any]]
    of: Histories
    outlook: Outlook

    def order(self, sort: str) -> list[int]:
        """Places by `coming`, `past` or `alive`; with `-` before it falling."""
        by = sort.removeprefix("-")
        values: NDArray[np.float64] = getattr(self.outlook, by if by in SORTS else "coming")
        ranked = np.argsort(values if sort in SORTS else -values, kind="stable")
        return [int(place) for place in ranked]

    def lines(self, places: Sequence[int]) -> list[Line]:
        """These customers, as people read them."""
        names = employee_names({self.known[at]["employee_id"] for at in places if self.known[at]["employee_id"]})
        return [self._line(at, names) for at in places]

    def _line(self, at: int, names: dict[str, str]) -> Line:
        row, bought, ahead = self.known[at], self.of.purchases, self.outlook
        silent = dt.timedelta(weeks=float(bought.age[at] - bought.recency[at]))
        return Line(
            key=row["key"],
            name=row["name"] or row["key"],
            chips=[text for text in (row["tier"], row["segment"], row["industry"]) if text],
            owner=names.get(row["employee_id"], ""),
            bought=int(bought.frequency[at]) + 1,
            last=self.of.until - silent,
            alive=float(ahead.alive[at]),
            purchases=float(ahead.purchases[at]),
            worth=float(ahead.worth[at]),
            coming=float(ahead.coming[at]),
            past=float(ahead.past[at]),
            total=float(ahead.total[at]),
        )


def valued(page: Page, model: LifetimeInForce, only: Sequence[str] | None = None) -> Valued:
    """The customers of the page's place as they stand on its day; all of them, or some."""
    found = histories(page.snapshot, page.workspace.model, _scope(page), page.as_of, only=only)
    return Valued(model, _known(page, found.customers), found, predict(model.trained.model, found))


def value_of(page: Page, model: LifetimeInForce, key: str) -> Line | None:
    """One customer; None where the reader sees no order of theirs."""
    found = valued(page, model, [key])
    return found.lines([0])[0] if len(found.of) else None


def _known(page: Page, keys: Sequence[str]) -> list[dict[str, Any]]:
    """What the customers' own records say, in the order of the keys. Who has orders and no record is known by the key alone."""
    joins = {name: page.snapshot.has(name) for name in _DIMENSIONS}
    columns = [f"{name}.name AS {name}" if has else f"NULL AS {name}" for name, has in joins.items()]
    tables = [f"LEFT JOIN {name} ON {name}.{name}_id = c.{name}_id" for name, has in joins.items() if has]
    own = "c.customer_id AS key, c.name, c.tier, c.segment, c.industry, c.employee_id, c.region_id, c.channel_id"
    sql = f"SELECT {own}, {', '.join(columns)} FROM {CUSTOMER} AS c {' '.join(tables)} WHERE {seen_customers(page)}"
    rows = page.snapshot.table(sql, scope_tables(page.scope)).to_pylist()
    by_key = {row["key"]: row for row in rows}
    blank = dict.fromkeys(
        ("name", "tier", "segment", "industry", "employee_id", "region_id", "channel_id", *_DIMENSIONS)
    )
    return [by_key.get(key) or blank | {"key": key} for key in keys]


def _scope(page: Page) -> Scope:
    """What the reader sees of the place that the page looks at."""
    here = page.place.here
    if page.scope_filter is None or not here.id:
        return page.scope
    if here.dimension == "employee":
        return Scope(False, frozenset(), frozenset({here.id}))
    return Scope(False, org_tree().descendants(here.id) | {here.id}, frozenset())
