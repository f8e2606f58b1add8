"""What is known of the market: its size by year and region, and whether customers would recommend the company."""

from __future__ import annotations

import numpy as np

from salesloop.demo.company import Columns
from salesloop.demo.stories import Stories

SHARE = {"华东": 0.11, "华南": 0.09, "华北": 0.08, "华中": 0.06, "西南": 0.05, "西北": 0.04, "东北": 0.05}
MARKET_GROWTH = 1.05
SOURCES = {"转介绍": 0.18, "展会": 0.22, "网络推广": 0.28, "电话开发": 0.2, "渠道伙伴": 0.12}


def build_market(orders: Columns, stories: Stories) -> Columns:
    """The market of each region in each year, growing by a twentieth a year from what the company's share in the first was."""
    years = np.arange(stories.first_day.year, stories.today.year + 1)
    year = orders["order_date"].astype("datetime64[Y]").astype(int) + 1970
    first_whole = years[1]  # the data may begin within the first year
    rows = []
    for region, share in SHARE.items():
        sold = float(orders["amount"][(orders["region"] == region) & (year == first_whole)].sum())
        rows += [
            (np.datetime64(f"{at}-01-01", "D"), region, round(sold / share * MARKET_GROWTH ** (at - first_whole), -4))
            for at in years
        ]
    start, region_of, amount = zip(*rows, strict=True)
    return {
        "period_start": np.array(start, dtype="datetime64[D]"),
        "region": np.array(region_of, dtype=object),
        "amount": np.array(amount, dtype=float),
    }


def build_recommendations(rng: np.random.Generator, orders: Columns, stories: Stories) -> Columns:
    """One answer for about one order in sixty of the last year: 0 to 10, would you recommend us."""
    last = np.datetime64(stories.today, "D")
    asked = (orders["line_no"] == 1) & (orders["order_date"] > last - 365) & (orders["order_date"] < last - 10)
    chosen = np.flatnonzero(asked & (rng.random(len(asked)) < 1 / 60))
    shares = [0.01, 0.01, 0.01, 0.02, 0.02, 0.05, 0.08, 0.16, 0.24, 0.22, 0.18]
    return {
        "response_id": np.array([f"N{number:05d}" for number in range(1, len(chosen) + 1)], dtype=object),
        "answered_at": orders["order_date"][chosen] + rng.integers(3, 10, len(chosen)),
        "customer": orders["customer"][chosen],
        "employee_id": orders["employee_id"][chosen],
        "score": rng.choice(np.arange(11), len(chosen), p=shares),
    }


def build_sources(rng: np.random.Generator, customers: int) -> np.ndarray:
    """How each customer came to the company."""
    return rng.choice(list(SOURCES), customers, p=list(SOURCES.values())).astype(object)
