"""The whole demo company as tables, from one seed and one day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from salesloop.demo import names
from salesloop.demo.campaigns import add_campaigns
from salesloop.demo.company import Columns, build_company
from salesloop.demo.customers import build_customers
from salesloop.demo.deals import build_leads, build_opportunities
from salesloop.demo.field import build_activities
from salesloop.demo.market import build_market, build_recommendations, build_sources
from salesloop.demo.money import build_channel_fees, build_marketing, build_receivables, build_returns
from salesloop.demo.online import build_mentions
from salesloop.demo.orders import build_orders
from salesloop.demo.sayings import add_sayings
from salesloop.demo.service import build_stock, build_surveys, build_tickets
from salesloop.demo.stories import Stories
from salesloop.demo.targets import build_targets
from salesloop.demo.teamwork import add_joint_work, build_training

DEFAULT_SEED = 20


def build_world(today: dt.date, seed: int = DEFAULT_SEED) -> tuple[dict[str, pa.Table], Stories]:
    """Tables by name; `customer` and `product` columns of facts are positions (`pos`) in those tables.

    The same day and seed give the same company, row for row.
    """
    stories = Stories(today)
    rng = np.random.default_rng(seed)
    company = build_company(rng, stories.first_day)
    customers = build_customers(rng, company, stories.first_day, today, stories.duplicate_customers)
    orders = build_orders(rng, company, customers, stories)
    leads = build_leads(rng, customers, stories)
    opportunities, stages = build_opportunities(rng, customers, leads, stories, company.products)
    receivables, payments = build_receivables(rng, orders, customers, stories)
    later = np.random.default_rng(
        [seed, 1]
    )  # a stream of its own: what is added leaves the rest of the company as it is
    customers = {**customers, "source": build_sources(later, len(customers["name"]))}
    area = dict(zip(company.org_units["name"], company.org_units["org_unit_id"], strict=True))
    columns: dict[str, Columns] = {
        "org_units": company.org_units,
        "employees": company.employees,
        "regions": company.regions,
        "products": _numbered(company.products),
        "customers": _numbered(customers),
        "orders": orders,
        "leads": leads,
        "opportunities": opportunities,
        "stages": stages,
        "activities": build_activities(rng, company, customers, stories),
        "receivables": receivables,
        "payments": payments,
        "returns": build_returns(rng, orders, stories),
        "fees": build_channel_fees(rng, orders, {region: area[f"{region}大区"] for region in names.REGIONS}),
        "marketing": build_marketing(rng, stories),
        "stock": build_stock(rng, orders, company.products, stories),
        "surveys": build_surveys(rng, orders, stories),
        "market": build_market(orders, stories),
        "recommendations": build_recommendations(later, orders, stories),
        "mentions": build_mentions(np.random.default_rng([seed, 3]), stories),
        "tickets": build_tickets(rng, orders, stories),
        "targets": build_targets(orders, company, stories),
    }
    add_sayings(np.random.default_rng([seed, 2]), columns, customers, stories)
    together = np.random.default_rng([seed, 4])
    columns["trainings"] = build_training(together, company, stories)
    add_joint_work(together, columns, company, stories)
    add_campaigns(columns, stories)
    return {name: _table(table) for name, table in columns.items()}, stories


def _numbered(columns: Columns) -> Columns:
    return {"pos": np.arange(len(columns["name"])), **columns}


def _table(columns: Columns) -> pa.Table:
    return pa.table({name: pa.array(_arrow_ready(column), from_pandas=True) for name, column in columns.items()})


def _arrow_ready(column: np.ndarray) -> np.ndarray:
    """Arrow knows days and seconds, not minutes."""
    return column.astype("datetime64[s]") if column.dtype == np.dtype("datetime64[m]") else column
