"""Orders: when they come, who places them, what is in them and what they bring."""

from __future__ import annotations

import numpy as np

from salesloop.demo import names
from salesloop.demo.company import Columns, Company
from salesloop.demo.stories import Stories

ORDERS_A_DAY = 71.0
YEARLY_GROWTH = 0.09
MONTH_SEASON = np.array([0.92, 0.62, 1.05, 1.00, 1.02, 1.16, 0.94, 0.95, 1.06, 0.96, 1.22, 1.10])
"""January to December: the quiet of Spring Festival, the half-year push, the November peak."""
ECOMMERCE_PEAK = {6: 1.35, 11: 1.9}
"""E-commerce on top of that: June and November sales days."""
WEEKDAY = np.array([1.15, 1.2, 1.18, 1.15, 1.1, 0.35, 0.22])


def build_orders(rng: np.random.Generator, company: Company, customers: Columns, stories: Stories) -> Columns:
    """One row an order line, about 200,000 in three years, ordered by date."""
    first = np.datetime64(stories.first_day, "D")
    days = np.arange(first, np.datetime64(stories.today, "D") + 1)
    day = np.repeat(np.arange(len(days)), rng.poisson(_daily_rate(days)))
    customer = _choose_customers(rng, customers, day)
    channel = np.where(
        rng.random(len(day)) < 0.86,
        customers["channel"][customer],
        rng.choice(list(names.CHANNELS), len(day), p=list(names.CHANNELS.values())),
    ).astype(object)
    day, customer, channel = _ecommerce_peaks(rng, days, day, customer, channel)
    lines = 1 + rng.geometric(0.75, len(day)).clip(max=6)
    return _lines(rng, company, customers, stories, days, day, customer, channel, lines)


def _daily_rate(days: np.ndarray) -> np.ndarray:
    month = days.astype("datetime64[M]").astype(int) % 12
    weekday = (days.astype(int) + 3) % 7
    years = (days - days[0]).astype(int) / 365.25
    return ORDERS_A_DAY * MONTH_SEASON[month] * WEEKDAY[weekday] * (1 + YEARLY_GROWTH) ** years


def _choose_customers(rng: np.random.Generator, customers: Columns, day: np.ndarray) -> np.ndarray:
    """Draw a customer for each order among those who are customers on that day, by appetite (rejection sampling)."""
    share = customers["weight"] / customers["weight"].sum()
    chosen = rng.choice(len(share), len(day), p=share)
    for _ in range(40):
        away = (customers["joined"][chosen] > day) | (customers["left"][chosen] < day)
        if not away.any():
            break
        chosen[away] = rng.choice(len(share), int(away.sum()), p=share)
    return chosen


def _ecommerce_peaks(
    rng: np.random.Generator, days: np.ndarray, day: np.ndarray, customer: np.ndarray, channel: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Repeat e-commerce orders in the months of sales days."""
    month = days.astype("datetime64[M]").astype(int)[day] % 12 + 1
    lift = np.ones(13)
    for number, factor in ECOMMERCE_PEAK.items():
        lift[number] = factor
    extra = np.where(channel == "电商", lift[month] - 1, 0.0)
    copies = 1 + np.floor(extra).astype(int) + (rng.random(len(day)) < extra % 1)
    return np.repeat(day, copies), np.repeat(customer, copies), np.repeat(channel, copies)


def _lines(
    rng: np.random.Generator, company: Company, customers: Columns, stories: Stories, days: np.ndarray,
    day: np.ndarray, customer: np.ndarray, channel: np.ndarray, lines: np.ndarray,
) -> Columns:  # fmt: skip
    order = np.repeat(np.arange(len(day)), lines)
    product = _choose_products(rng, company, channel[order], customers["industry"][customer[order]])
    date, region, category = (
        days[day[order]],
        customers["region"][customer[order]],
        company.products["category"][product],
    )
    team = _teams(company, customers["employee_id"])[customer[order]]
    kept = _play_stories(rng, stories, date, region, team, channel[order], category)
    order, product = order[kept], product[kept]
    date, region, category = date[kept], region[kept], category[kept]
    size = len(order)
    list_price = company.products["list_price"][product]
    bulk = np.where(category == "耗材", 6 + rng.binomial(14, 0.4, size), 1 + rng.binomial(4, 0.35, size))
    quantity = np.clip(bulk * np.where(customers["segment"][customer[order]] == "大客户", 2, 1), 1, 120)
    discount = np.round(
        np.clip(rng.normal(0.06, 0.035, size) + np.where(channel[order] == "分销", 0.08, 0.0), 0, 0.35), 3
    )
    drift = 1.02 ** ((date - days[0]).astype(int) / 365.25)
    unit_price = np.round(list_price * drift, 2)
    unit_cost = np.round(company.products["standard_cost"][product] * drift * rng.normal(1, 0.015, size), 2)
    shipped = date + rng.choice([0, 1, 2, 3, 4, 6, 9], size, p=[0.06, 0.3, 0.28, 0.16, 0.1, 0.07, 0.03])
    today = np.datetime64(stories.today, "D")
    # One line in 160 is cancelled; the rest are completed once shipped and a week old.
    cancelled = rng.random(size) < 1 / 160
    status = np.where(
        cancelled, "已取消", np.where(shipped > today, "待发货", np.where(date > today - 7, "已发货", "已完成"))
    ).astype(object)
    starts = np.flatnonzero(np.r_[True, order[1:] != order[:-1]])
    run = np.diff(np.r_[starts, size])
    new_order = np.repeat(np.arange(len(starts)), run)
    order_date = np.datetime_as_string(date.astype("datetime64[D]"))
    number = np.char.replace(order_date, "-", "")
    return {
        "order_id": np.char.add(np.char.add("SO", number), np.char.zfill((new_order % 100000).astype(str), 5)).astype(
            object
        ),
        "line_no": np.arange(size) - np.repeat(starts, run) + 1,
        "order_date": date,
        "customer": customer[order],
        "product": product,
        "employee_id": customers["employee_id"][customer[order]],
        "channel": channel[order],
        "region": region,
        "city": customers["city"][customer[order]],
        "quantity": quantity,
        "unit_price": unit_price,
        "discount": discount,
        "amount": np.round(unit_price * quantity * (1 - discount), 2),
        "cost": np.round(unit_cost * quantity, 2),
        "status": status,
        "shipped_at": np.where(cancelled | (shipped > today), np.datetime64("NaT"), shipped),
        "entered_at": _entered(rng, stories, date, team[kept]),
    }


def _choose_products(
    rng: np.random.Generator, company: Company, channel: np.ndarray, industry: np.ndarray
) -> np.ndarray:
    """Categories by weight (e-commerce sells more consumables, logistics more barcode devices), items by popularity."""
    categories = list(names.CATEGORIES)
    base = np.array([share for share, _ in names.CATEGORIES.values()])
    chosen = rng.choice(len(categories), len(channel), p=base)
    swap = (channel == "电商") & (rng.random(len(channel)) < 0.35)
    chosen[swap] = categories.index("耗材")
    swap = (industry == "物流") & (rng.random(len(channel)) < 0.3)
    chosen[swap] = categories.index("条码设备")
    out = np.empty(len(channel), dtype=int)
    for place, category in enumerate(categories):
        items = np.flatnonzero(company.products["category"] == category)
        popularity = 1 / (1 + np.arange(len(items))) ** 0.5 / company.products["list_price"][items] ** 0.35
        here = chosen == place
        out[here] = rng.choice(items, int(here.sum()), p=popularity / popularity.sum())
    return out


def _play_stories(
    rng: np.random.Generator,
    stories: Stories,
    date: np.ndarray,
    region: np.ndarray,
    team: np.ndarray,
    channel: np.ndarray,
    category: np.ndarray,
) -> np.ndarray:
    """Positions of the lines that happen: the shortage removes some, the measure that worked repeats some."""
    copies = np.ones(len(date), dtype=int)
    short = (
        (date >= np.datetime64(stories.shortage_start)) & (region == stories.shortage_region)
        & (channel == stories.shortage_channel) & (category == stories.shortage_category)
    )  # fmt: skip
    copies[short & (rng.random(len(date)) >= stories.shortage_left)] = 0
    lifted = (
        (date >= np.datetime64(stories.action_start))
        & (team == stories.worked_team)
        & (category == stories.worked_category)
    )
    copies[lifted & (rng.random(len(date)) < stories.worked_lift - 1)] = 2
    return np.repeat(np.arange(len(date)), copies)


def _entered(rng: np.random.Generator, stories: Stories, date: np.ndarray, team: np.ndarray) -> np.ndarray:
    """When each line was typed in: the same or the next day, but days later by the team with the backlog."""
    delay = rng.integers(8 * 60, 30 * 60, len(date))
    behind = (
        (team == stories.backlog_team) & (date >= np.datetime64(stories.backlog_start)) & (rng.random(len(date)) < 0.72)
    )
    delay = np.where(behind, rng.normal(3.6 * 1440, 500, len(date)).clip(min=2 * 1440 + 60), delay).astype(int)
    drawn = np.datetime64(stories.today, "D").astype("datetime64[m]") + 20 * 60
    return np.minimum(date.astype("datetime64[m]") + delay, drawn)


def _teams(company: Company, employee: np.ndarray) -> np.ndarray:
    """The team of each seller."""
    team_of = dict(zip(company.sellers["employee_id"], company.sellers["team"], strict=True))
    return np.array([team_of[who] for who in employee], dtype=object)


def month_of(dates: np.ndarray) -> np.ndarray:
    """First day of the month of each date."""
    return dates.astype("datetime64[M]").astype("datetime64[D]")
