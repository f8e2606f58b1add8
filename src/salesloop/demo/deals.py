"""The pipeline: leads, opportunities and the history of their stages."""

from __future__ import annotations

import numpy as np

from salesloop.demo import names
from salesloop.demo.company import Columns
from salesloop.demo.stories import Stories

LEADS_A_DAY = 9.0
CONVERSION = {"展会": 0.28, "官网": 0.36, "老客户转介绍": 0.55, "电话营销": 0.18, "搜索推广": 0.24, "渠道推荐": 0.40}
STAGE_PASS = np.array([0.74, 0.72, 0.70, 0.72])
"""Chance of moving on from each of the four open stages; the last one is winning."""
STAGE_DAYS = np.array([6.0, 9.0, 14.0, 8.0])
"""Median days in each open stage."""


def build_leads(rng: np.random.Generator, customers: Columns, stories: Stories) -> Columns:
    """One row a lead over the last 24 months, some of them converted into an opportunity within weeks."""
    last = np.datetime64(stories.today, "D")
    days = np.arange(last - 730, last + 1)
    weekday = (days.astype(int) + 3) % 7
    created = np.repeat(days, rng.poisson(LEADS_A_DAY * np.where(weekday < 5, 1.25, 0.35)))
    size = len(created)
    source = rng.choice(list(CONVERSION), size, p=[0.22, 0.2, 0.14, 0.18, 0.16, 0.1]).astype(object)
    customer = rng.integers(0, len(customers["name"]), size)
    wait = rng.geometric(0.09, size) + 1
    chance = np.array([CONVERSION[name] for name in source])
    converted = (rng.random(size) < chance) & (created + wait <= last)
    received = created.astype("datetime64[m]") + rng.integers(8 * 60, 18 * 60, size)
    return {
        "lead_id": np.array([f"L{number:06d}" for number in range(1, size + 1)], dtype=object),
        "created_date": created,
        "source": source,
        "customer": customer,
        "employee_id": customers["employee_id"][customer],
        "status": np.where(converted, "已转化", np.where(created + 60 < last, "已关闭", "跟进中")).astype(object),
        "converted_date": np.where(converted, created + wait, np.datetime64("NaT")),
        "received_at": received,
        "first_response_at": received + rng.lognormal(4.6, 1.0, size).astype(int),
    }


def build_opportunities(
    rng: np.random.Generator, customers: Columns, leads: Columns, stories: Stories, products: Columns
) -> tuple[Columns, Columns]:
    """Opportunities (those from leads and about as many from known customers) and one row for each stage entered."""
    last = np.datetime64(stories.today, "D")
    from_lead = np.flatnonzero(~np.isnat(leads["converted_date"]))
    extra = rng.integers(0, len(customers["name"]), len(from_lead))
    customer = np.concatenate([leads["customer"][from_lead], extra])
    created = np.concatenate([leads["converted_date"][from_lead], last - rng.integers(0, 730, len(extra))])
    source = np.concatenate([leads["source"][from_lead], np.full(len(extra), "老客户", dtype=object)])
    size = len(customer)
    passed = rng.random((size, 4)) < STAGE_PASS
    stay = np.maximum(1, rng.lognormal(0, 0.6, (size, 4)) * STAGE_DAYS).astype(int)
    reached = np.where(passed.all(axis=1), 4, passed.argmin(axis=1))
    # Entry day of each stage, and the day on which the deal leaves the stage where it is decided.
    entered = np.concatenate([np.zeros((size, 1), int), stay.cumsum(axis=1)], axis=1)
    entry_date = created[:, None] + entered
    decided = np.take_along_axis(entry_date, np.minimum(reached, 3)[:, None] + 1, axis=1)[:, 0]
    closed = decided <= last
    current = np.where(closed, np.minimum(reached, 4), (entry_date[:, :4] <= last).sum(axis=1) - 1)
    current = np.where(closed, current, np.minimum(current, np.minimum(reached, 3)))
    won = closed & (reached == 4)
    stage = np.where(
        won, "赢单", np.where(closed, "输单", np.array(names.STAGES, dtype=object)[np.minimum(current, 3)])
    ).astype(object)
    identifier = np.array([f"OPP{number:06d}" for number in range(1, size + 1)], dtype=object)
    product = rng.integers(0, len(products["name"]), size)
    amount = np.round(products["list_price"][product] * rng.geometric(0.09, size) * rng.uniform(0.85, 1.0, size), 0)
    lost = closed & ~won
    opportunities: Columns = {
        "opportunity_id": identifier,
        "name": np.array(
            [
                f"{customers['name'][who][:6]}{products['subcategory'][what]}项目"
                for who, what in zip(customer, product, strict=True)
            ],
            dtype=object,
        ),
        "customer": customer,
        "product": product,
        "employee_id": customers["employee_id"][customer],
        "source": source,
        "stage": stage,
        "amount": amount,
        "probability": np.where(
            won, 1.0, np.where(closed, 0.0, np.array([0.1, 0.3, 0.5, 0.7])[np.minimum(current, 3)])
        ),
        "created_date": created,
        "expected_close_date": created + rng.integers(25, 70, size),
        "close_date": np.where(closed, decided, np.datetime64("NaT")),
        "lost_reason": np.where(lost, rng.choice(names.LOST_REASONS, size), "").astype(object),
        "competitor": np.where(closed & (rng.random(size) < 0.4), rng.choice(names.COMPETITORS, size), "").astype(
            object
        ),
    }
    return opportunities, _stage_events(identifier, opportunities, entry_date, reached, closed, won, last)


def _stage_events(
    identifier: np.ndarray,
    opportunities: Columns,
    entry_date: np.ndarray,
    reached: np.ndarray,
    closed: np.ndarray,
    won: np.ndarray,
    last: np.datetime64,
) -> Columns:
    rows, stages = np.nonzero((np.arange(4) <= reached[:, None]) & (entry_date[:, :4] <= last))
    names_of = np.array(names.STAGES, dtype=object)
    end = np.flatnonzero(closed)
    left = entry_date[rows, stages + 1]
    return {
        "opportunity_id": np.concatenate([identifier[rows], identifier[end]]),
        "stage": np.concatenate([names_of[stages], np.where(won[end], "赢单", "输单")]).astype(object),
        "entered_at": np.concatenate([entry_date[rows, stages], opportunities["close_date"][end]]),
        "left_at": np.concatenate(
            [np.where(left <= last, left, np.datetime64("NaT")), np.full(len(end), np.datetime64("NaT"))]
        ),
        "employee_id": np.concatenate([opportunities["employee_id"][rows], opportunities["employee_id"][end]]),
    }
