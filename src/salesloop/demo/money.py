"""Payments, receivables, returns, channel fees and marketing."""

from __future__ import annotations

import numpy as np

from salesloop.demo import names
from salesloop.demo.company import Columns
from salesloop.demo.orders import month_of
from salesloop.demo.stories import Stories

FEE_RATE = {"直销": 0.012, "分销": 0.055, "电商": 0.085, "集成商": 0.04}
RETURN_REASONS = ["质量问题", "发错货", "客户取消", "运输破损"]


def build_receivables(
    rng: np.random.Generator, orders: Columns, customers: Columns, stories: Stories
) -> tuple[Columns, Columns]:
    """One invoice an order of the last 18 months (30 to 60 days to pay), and the payments that came in."""
    last = np.datetime64(stories.today, "D")
    valid = orders["status"] != "已取消"
    recent = valid & (orders["order_date"] > last - 548)
    order_id, first, place = np.unique(orders["order_id"][recent], return_index=True, return_inverse=True)
    amount = np.round(np.bincount(place, orders["amount"][recent]), 2)
    customer = orders["customer"][recent][first]
    issued = orders["order_date"][recent][first] + 2
    due = issued + np.where(customers["tier"][customer] == "A", 60, 30)
    paid_date = due + rng.normal(-4, 11, len(order_id)).astype(int)
    settled = (paid_date <= last) & (rng.random(len(order_id)) < 0.985) & (issued <= last)
    paid_date = np.maximum(paid_date, issued)
    employee = orders["employee_id"][recent][first]
    invoices: Columns = {
        "invoice_id": np.array([f"INV{number:07d}" for number in range(1, len(order_id) + 1)], dtype=object),
        "invoice_date": issued, "due_date": due, "settled_date": np.where(settled, paid_date, np.datetime64("NaT")),
        "customer": customer, "order_id": order_id, "employee_id": employee, "amount": amount,
        "paid_amount": np.where(settled, amount, 0.0),
    }  # fmt: skip
    here = issued <= last
    invoices = {name: column[here] for name, column in invoices.items()}
    done = np.flatnonzero(settled)
    payments: Columns = {
        "payment_id": np.array([f"PAY{number:07d}" for number in range(1, len(done) + 1)], dtype=object),
        "paid_date": paid_date[done], "customer": customer[done], "order_id": order_id[done], "employee_id": employee[done],
        "amount": amount[done], "method": rng.choice(["银行转账", "承兑汇票", "电汇"], len(done), p=[0.7, 0.12, 0.18]).astype(object),
    }  # fmt: skip
    return invoices, payments


def build_returns(rng: np.random.Generator, orders: Columns, stories: Stories) -> Columns:
    """About one line in seventy comes back, two to four weeks later."""
    last = np.datetime64(stories.today, "D")
    chosen = np.flatnonzero((rng.random(len(orders["amount"])) < 1 / 70) & (orders["status"] == "已完成"))
    back = orders["order_date"][chosen] + rng.integers(10, 30, len(chosen))
    chosen, back = chosen[back <= last], back[back <= last]
    part = rng.choice([1.0, 1.0, 0.5], len(chosen))
    return {
        "return_id": np.array([f"TH{number:06d}" for number in range(1, len(chosen) + 1)], dtype=object),
        "return_date": back,
        "order_id": orders["order_id"][chosen],
        "line_no": orders["line_no"][chosen],
        "customer": orders["customer"][chosen],
        "product": orders["product"][chosen],
        "employee_id": orders["employee_id"][chosen],
        "quantity": np.maximum(1, (orders["quantity"][chosen] * part).astype(int)),
        "amount": np.round(orders["amount"][chosen] * part, 2),
        "reason": rng.choice(RETURN_REASONS, len(chosen), p=[0.4, 0.15, 0.3, 0.15]).astype(object),
    }


def build_channel_fees(rng: np.random.Generator, orders: Columns, org_of_region: dict[str, str]) -> Columns:
    """One fee a month, channel and region: a share of what was sold through the channel there."""
    month = month_of(orders["order_date"])
    rows: list[tuple[object, ...]] = []
    for region in names.REGIONS:
        for channel, rate in FEE_RATE.items():
            here = (orders["region"] == region) & (orders["channel"] == channel)
            months, place = np.unique(month[here], return_inverse=True)
            sold: np.ndarray = np.bincount(place, orders["amount"][here], minlength=len(months))
            for start, amount in zip(months, sold, strict=True):
                rows.append(
                    (
                        start,
                        region,
                        org_of_region[region],
                        channel,
                        round(float(amount) * rate * float(rng.uniform(0.85, 1.15)), 2),
                    )
                )
    columns = list(zip(*rows, strict=True))
    return {
        "expense_id": np.array([f"FY{number:05d}" for number in range(1, len(rows) + 1)], dtype=object),
        "expense_date": np.array(columns[0], dtype="datetime64[D]"),
        "region": np.array(columns[1], dtype=object),
        "org_unit_id": np.array(columns[2], dtype=object),
        "channel": np.array(columns[3], dtype=object),
        "amount": np.array(columns[4], dtype=float),
    }


def build_marketing(rng: np.random.Generator, stories: Stories) -> Columns:
    """One row a month and kind of marketing over the last two years."""
    last = np.datetime64(stories.today, "M")
    months = np.arange(last - 23, last + 1).astype("datetime64[D]")
    kinds = {"搜索推广": 86000.0, "展会": 140000.0, "内容营销": 38000.0, "电商广告": 120000.0}
    start, kind = (axis.ravel() for axis in np.meshgrid(months, np.array(list(kinds), dtype=object), indexing="ij"))
    amount = np.round(np.array([kinds[name] for name in kind]) * rng.uniform(0.7, 1.3, len(kind)), 0)
    impressions = (amount * rng.uniform(4, 9, len(kind))).astype(int)
    clicks = (impressions * rng.uniform(0.01, 0.03, len(kind))).astype(int)
    return {
        "spend_date": start + 14, "type": kind, "amount": amount, "impressions": impressions, "clicks": clicks,
        "conversions": (clicks * rng.uniform(0.01, 0.04, len(kind))).astype(int),
    }  # fmt: skip
