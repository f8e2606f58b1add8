"""Campaigns: which spend was for them, and which leads they brought. Spend and leads of other times have none."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np

from salesloop.demo.company import Columns
from salesloop.demo.stories import Stories


@dataclass(frozen=True)
class _Yearly:
    """A campaign of every year: `spend` is the kind of marketing that pays for it, `source` the leads that come of it."""

    name: str
    kind: str
    spend: str
    source: str
    month: int
    first: int
    last: int
    budget: int


YEARLY: Final = (
    _Yearly("春季办公设备展", "展会", "展会", "展会", 3, 5, 31, 150_000),
    _Yearly("618 电商大促", "线上广告", "电商广告", "官网", 6, 1, 20, 130_000),
    _Yearly("秋季新品发布会", "展会", "展会", "展会", 9, 8, 30, 160_000),
    _Yearly("双十一电商大促", "线上广告", "电商广告", "官网", 11, 1, 15, 140_000),
    _Yearly("以旧换新搜索推广", "搜索推广", "搜索推广", "搜索推广", 5, 1, 31, 90_000),
)


def build_campaigns(stories: Stories) -> Columns:
    """Those of the last two years that have begun."""
    planned = [
        (year, one, dt.date(year, one.month, one.first), dt.date(year, one.month, one.last))
        for year in range(stories.today.year - 2, stories.today.year + 1)
        for one in YEARLY
    ]
    begun = [each for each in planned if stories.today - dt.timedelta(days=730) < each[2] <= stories.today]
    begun.sort(key=lambda each: each[2])
    columns = {
        "campaign_id": [f"HD{first:%y%m}" for _, _, first, _ in begun],
        "name": [f"{year} {one.name}" for year, one, _, _ in begun],
        "type": [one.kind for _, one, _, _ in begun],
        "spend": [one.spend for _, one, _, _ in begun],
        "source": [one.source for _, one, _, _ in begun],
    }
    return {name: np.array(values, dtype=object) for name, values in columns.items()} | {
        "start_date": np.array([first for _, _, first, _ in begun], dtype="datetime64[D]"),
        "end_date": np.array([last for _, _, _, last in begun], dtype="datetime64[D]"),
        "budget": np.array([one.budget for _, one, _, _ in begun]),
    }


def add_campaigns(columns: dict[str, Columns], stories: Stories) -> None:
    """Say of spend and of leads which campaign they belong to, in place: the spend of its kind in its month, the leads of
    its source while it ran."""
    campaigns = columns["campaigns"] = build_campaigns(stories)
    months = campaigns["start_date"].astype("datetime64[M]")
    spend, leads = columns["marketing"], columns["leads"]
    spend["campaign_id"] = _named(
        campaigns, [(spend["type"] == c) & (spend["spend_date"].astype("datetime64[M]") == m)
                    for c, m in zip(campaigns["spend"], months, strict=True)]
    )  # fmt: skip
    leads["campaign_id"] = _named(
        campaigns, [(leads["source"] == c) & (leads["created_date"] >= first) & (leads["created_date"] <= last)
                    for c, first, last in zip(campaigns["source"], campaigns["start_date"], campaigns["end_date"], strict=True)]
    )  # fmt: skip


def _named(campaigns: Columns, theirs: list[np.ndarray]) -> np.ndarray:
    found = np.full(len(theirs[0]), None, dtype=object)
    for name, rows in zip(campaigns["campaign_id"], theirs, strict=True):
        found[rows] = name
    return found
