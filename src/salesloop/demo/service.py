"""Stock, satisfaction and complaints."""

from __future__ import annotations

import numpy as np

from salesloop.demo.company import Columns
from salesloop.demo.orders import month_of
from salesloop.demo.stories import Stories

WAREHOUSES = {"上海仓": 0.6, "广州仓": 0.4}
CATEGORIES = ["产品质量", "交付延迟", "安装服务", "开票问题", "售后响应"]


def build_stock(rng: np.random.Generator, orders: Columns, products: Columns, stories: Stories) -> Columns:
    """Stock at the end of each month by product and warehouse: about seven weeks of sales, thin where there is a shortage."""
    month = month_of(orders["order_date"])
    months = np.unique(month)
    sold = np.zeros((len(months), len(products["name"])))
    np.add.at(sold, (np.searchsorted(months, month), orders["product"]), orders["quantity"])
    ends = np.minimum((months.astype("datetime64[M]") + 1).astype("datetime64[D]") - 1, np.datetime64(stories.today))
    rows = []
    for warehouse, share in WAREHOUSES.items():
        quantity = np.round(sold.mean(axis=0) * 1.6 * share * rng.uniform(0.75, 1.25, sold.shape))
        short = (ends >= np.datetime64(stories.shortage_start))[:, None] & (
            products["category"] == stories.shortage_category
        )
        quantity = np.where(short, np.round(quantity * 0.12), quantity)
        place, item = np.nonzero(quantity >= 0)
        rows.append((ends[place], item, np.full(len(item), warehouse, dtype=object), quantity[place, item]))
    date, item, place, quantity = (np.concatenate(column) for column in zip(*rows, strict=True))
    return {
        "snapshot_date": date, "product_id": products["product_id"][item], "warehouse": place, "quantity": quantity.astype(int),
        "value": np.round(quantity * products["standard_cost"][item], 2),
    }  # fmt: skip


def build_surveys(rng: np.random.Generator, orders: Columns, stories: Stories) -> Columns:
    """One answer for about one order in sixty of the last year, 1 to 5 points."""
    last = np.datetime64(stories.today, "D")
    first = (orders["line_no"] == 1) & (orders["order_date"] > last - 365) & (orders["order_date"] < last - 10)
    chosen = np.flatnonzero(first & (rng.random(len(first)) < 1 / 25))
    return {
        "response_id": np.array([f"Q{number:05d}" for number in range(1, len(chosen) + 1)], dtype=object),
        "answered_at": orders["order_date"][chosen] + rng.integers(3, 10, len(chosen)),
        "customer": orders["customer"][chosen],
        "employee_id": orders["employee_id"][chosen],
        "score": rng.choice([1, 2, 3, 4, 5], len(chosen), p=[0.02, 0.04, 0.13, 0.43, 0.38]),
    }


def build_tickets(rng: np.random.Generator, orders: Columns, stories: Stories) -> Columns:
    """Complaints and service requests of the last two years, answered in hours and solved in days."""
    last = np.datetime64(stories.today, "D")
    recent = (orders["line_no"] == 1) & (orders["order_date"] > last - 730) & (orders["order_date"] < last - 3)
    chosen = np.flatnonzero(recent & (rng.random(len(recent)) < 1 / 28))
    size = len(chosen)
    opened = np.minimum(orders["order_date"][chosen] + rng.integers(1, 20, size), last).astype(
        "datetime64[m]"
    ) + rng.integers(8 * 60, 18 * 60, size)
    reply = opened + rng.lognormal(4.8, 0.9, size).astype(int)
    solved = reply + rng.lognormal(7.6, 0.8, size).astype(int)
    drawn = last.astype("datetime64[m]") + 20 * 60
    return {
        "ticket_id": np.array([f"GD{number:05d}" for number in range(1, size + 1)], dtype=object),
        "type": rng.choice(["投诉", "服务", "咨询"], size, p=[0.42, 0.38, 0.2]).astype(object),
        "opened_at": opened,
        "first_reply_at": np.where(reply <= drawn, reply, np.datetime64("NaT")),
        "resolved_at": np.where(solved <= drawn, solved, np.datetime64("NaT")),
        "customer": orders["customer"][chosen],
        "employee_id": orders["employee_id"][chosen],
        "product": orders["product"][chosen],
        "order_id": orders["order_id"][chosen],
        "category": rng.choice(CATEGORIES, size, p=[0.3, 0.26, 0.16, 0.1, 0.18]).astype(object),
    }
