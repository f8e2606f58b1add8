"""Metrics of every type, and what the SQL in them means in Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

Row = Mapping[str, Any]
Number = Fraction | float | None

MEANING: dict[str, Callable[[Row], Any]] = {
    "status <> 'cancelled'": lambda r: r["status"] is not None and r["status"] != "cancelled",
    "status = 'completed'": lambda r: r["status"] == "completed",
    "product.category = 'tea'": lambda r: r["product"].get("category") == "tea",
    "type = 'visit'": lambda r: r["type"] == "visit",
    "status = 'won'": lambda r: r["status"] == "won",
    "status IN ('won', 'lost')": lambda r: r["status"] in ("won", "lost"),
    "status = 'open'": lambda r: r["status"] == "open",
    "amount": lambda r: r["amount"],
    "amount - cost": lambda r: None if r["cost"] is None else r["amount"] - r["cost"],
    "quantity": lambda r: r["quantity"],
    "order_id": lambda r: r["order_id"],
    "customer_id": lambda r: r["customer_id"],
}
FORMULAS: dict[str, Callable[[Mapping[str, Number]], Number]] = {
    "r_sold - r_returned": lambda m: minus(m["r_sold"], m["r_returned"]),
    "(r_sold - r_returned) / r_orders": lambda m: over(minus(m["r_sold"], m["r_returned"]), m["r_orders"]),
    "r_sold / elapsed_days": lambda m: over(m["r_sold"], m["elapsed_days"]),
    "r_visits + 2 * r_won": lambda m: minus(m["r_visits"], None if m["r_won"] is None else -2 * m["r_won"]),
}


def over(above: Number, below: Number) -> Number:
    """Unknown on nothing."""
    return None if above is None or not below else above / below


def minus(one: Number, other: Number) -> Number:
    """Unknown where either is."""
    return None if one is None or other is None else one - other


_LIVE = "status <> 'cancelled'"
_LINE: dict[str, Any] = {"type": "measure", "entity": "order_line"}
_MONEY = {"unit": "currency", "format": "money"}

DEFINITIONS: tuple[dict[str, Any], ...] = (
    {"metric": "r_sold", **_LINE, "aggregate": "sum", "expression": "amount", "filter": _LIVE, **_MONEY},
    {"metric": "r_profit", **_LINE, "aggregate": "sum", "expression": "amount - cost", "filter": _LIVE, **_MONEY},
    {"metric": "r_tea", **_LINE, "aggregate": "sum", "expression": "amount", "filter": "product.category = 'tea'", **_MONEY},
    {"metric": "r_lines", **_LINE, "aggregate": "count"},
    {"metric": "r_orders", **_LINE, "aggregate": "count_distinct", "expression": "order_id", "filter": _LIVE},
    {"metric": "r_buyers", **_LINE, "aggregate": "count_distinct", "expression": "customer_id", "filter": _LIVE},
    {"metric": "r_mean_line", **_LINE, "aggregate": "average", "expression": "amount"},
    {"metric": "r_median_line", **_LINE, "aggregate": "median", "expression": "amount", **_MONEY},
    {"metric": "r_top_line", **_LINE, "aggregate": "maximum", "expression": "amount", "filter": "status = 'completed'"},
    {"metric": "r_big_orders", **_LINE, "aggregate": "count", "expression": "amount",
     "per": {"key": "order_id", "aggregate": "sum", "at_least": 40}},
    {"metric": "r_mean_order", **_LINE, "aggregate": "average", "expression": "amount", "filter": _LIVE, **_MONEY,
     "per": {"key": "order_id", "aggregate": "sum"}},
    {"metric": "r_new_buyers", **_LINE, "aggregate": "count_distinct", "expression": "customer_id", "filter": _LIVE,
     "first_by": "customer_id"},
    {"metric": "r_new_sold", **_LINE, "aggregate": "sum", "expression": "amount", "first_by": "customer_id", **_MONEY},
    {"metric": "r_returned", "type": "measure", "entity": "return_line", "aggregate": "sum", "expression": "amount", **_MONEY},
    {"metric": "r_visits", "type": "measure", "entity": "activity", "aggregate": "count", "filter": "type = 'visit'"},
    {"metric": "r_won", "type": "measure", "entity": "opportunity", "date": "close_date", "aggregate": "count",
     "filter": "status = 'won'"},
    {"metric": "r_closed", "type": "measure", "entity": "opportunity", "date": "close_date", "aggregate": "count",
     "filter": "status IN ('won', 'lost')"},
    {"metric": "r_margin", "type": "ratio", "numerator": "r_profit", "denominator": "r_sold", "format": "percent"},
    {"metric": "r_win_rate", "type": "ratio", "numerator": "r_won", "denominator": "r_closed", "format": "percent"},
    {"metric": "r_per_visit", "type": "ratio", "numerator": "r_sold", "denominator": "r_visits"},
    {"metric": "r_ytd_per_buyer", "type": "ratio", "numerator": "r_ytd", "denominator": "r_buyers_qtd"},
    {"metric": "r_net", "type": "derived", "expression": "r_sold - r_returned"},
    {"metric": "r_effort", "type": "derived", "expression": "r_visits + 2 * r_won"},
    {"metric": "r_net_per_order", "type": "derived", "expression": "(r_sold - r_returned) / r_orders"},
    {"metric": "r_daily", "type": "derived", "expression": "r_sold / elapsed_days"},
    {"metric": "r_ytd", "type": "cumulative", "measure": "r_sold", "to_date": "year"},
    {"metric": "r_buyers_qtd", "type": "cumulative", "measure": "r_buyers", "to_date": "quarter"},
    {"metric": "r_ten_days", "type": "cumulative", "measure": "r_lines", "days": 10},
    {"metric": "r_stock", "type": "snapshot", "entity": "inventory_snapshot", "expression": "quantity"},
    {"metric": "r_stock_mean", "type": "snapshot", "entity": "inventory_snapshot", "expression": "quantity",
     "over_time": "average"},
    {"metric": "r_pipeline", "type": "snapshot", "entity": "opportunity", "expression": "amount", **_MONEY,
     "opened": "created_date", "closed": "close_date", "open_filter": "status = 'open'"},
    {"metric": "r_open", "type": "snapshot", "entity": "opportunity", "opened": "created_date", "closed": "close_date",
     "open_filter": "status = 'open'"},
    {"metric": "r_order_p90", "type": "distribution", "entity": "order_line", "expression": "amount", "quantile": 0.9,
     "per": {"key": "order_id", "aggregate": "sum"}},
    {"metric": "r_line_p25", "type": "distribution", "entity": "order_line", "expression": "amount", "quantile": 0.25,
     "filter": _LIVE, **_MONEY},
    {"metric": "r_sizes", "type": "distribution", "entity": "order_line", "expression": "amount", "buckets": [10, 25],
     "per": {"key": "order_id", "aggregate": "sum", "at_least": 5}},
    {"metric": "r_visit_to_order", "type": "conversion", "entity": "activity", "subject": "customer_id",
     "filter": "type = 'visit'", "then": [{"entity": "order_line"}], "within_days": 40, "format": "percent"},
    {"metric": "r_funnel", "type": "conversion", "entity": "activity", "subject": "customer_id",
     "then": [{"entity": "opportunity"}, {"entity": "order_line", "filter": _LIVE}], "format": "percent"},
    {"metric": "r_again", "type": "conversion", "entity": "order_line", "subject": "customer_id", "to": "status = 'completed'",
     "within_days": 60, "format": "percent"},
    {"metric": "r_back", "type": "cohort", "entity": "order_line", "subject": "customer_id", "filter": _LIVE,
     "after_days": 5, "within_days": 60, "format": "percent"},
    {"metric": "r_churn", "type": "churn", "entity": "order_line", "subject": "customer_id", "within_days": 60,
     "filter": _LIVE, "format": "percent"},
    {"metric": "r_lost", "type": "churn", "entity": "order_line", "subject": "customer_id", "within_days": 45, "value": "lost"},
    {"metric": "r_members", "type": "churn", "entity": "contract", "subject": "customer_id", "date": "start_date",
     "until": "end_date", "value": "start"},
    {"metric": "r_earned", "type": "spread", "entity": "contract", "expression": "amount", "date": "start_date",
     "until": "end_date", **_MONEY},
    {"metric": "r_share", "type": "share", "of": "r_sold", "format": "percent"},
    {"metric": "r_share_here", "type": "share", "of": "r_buyers", "over": ["product", "employee"], "format": "percent"},
    {"metric": "r_place", "type": "rank", "of": "r_sold"},
    {"metric": "r_place_here", "type": "rank", "of": "r_margin", "order": "rising", "within": ["region"]},
    {"metric": "r_target", "type": "target", "value": "target", "of": "r_sold"},
    {"metric": "r_attained", "type": "target", "value": "attainment", "of": "r_sold", "format": "percent"},
    {"metric": "r_pace", "type": "target", "value": "pace", "of": "r_sold", "format": "percent"},
)  # fmt: skip
BY_NAME = {one["metric"]: one for one in DEFINITIONS}

ADD_UP = frozenset(
    ("r_sold", "r_profit", "r_tea", "r_lines", "r_new_sold", "r_returned", "r_visits", "r_won", "r_closed", "r_net",
     "r_effort", "r_ytd", "r_ten_days", "r_stock", "r_pipeline", "r_open", "r_earned")
)  # fmt: skip
"""The values of slices add up to that of the whole."""
RATES = frozenset(("r_margin", "r_win_rate", "r_per_visit", "r_visit_to_order", "r_funnel", "r_again"))
"""One sum over another."""
HAVE_SHARES = ADD_UP | {
    "r_orders",
    "r_buyers",
    "r_big_orders",
    "r_new_buyers",
    "r_buyers_qtd",
    "r_sizes",
    "r_stock_mean",
}
ENTITIES = {
    name: frozenset(entities)
    for name, entities in {
        **{one["metric"]: (one["entity"],) for one in DEFINITIONS if "entity" in one},
        "r_margin": ("order_line",), "r_win_rate": ("opportunity",), "r_per_visit": ("order_line", "activity"),
        "r_ytd_per_buyer": ("order_line",), "r_net": ("order_line", "return_line"),
        "r_effort": ("activity", "opportunity"), "r_net_per_order": ("order_line", "return_line"),
        "r_daily": ("order_line",), "r_ytd": ("order_line",), "r_buyers_qtd": ("order_line",),
        "r_ten_days": ("order_line",), "r_share": ("order_line",), "r_share_here": ("order_line",),
        "r_place": ("order_line",), "r_place_here": ("order_line",), "r_target": (), "r_attained": ("order_line",),
        "r_pace": ("order_line",),
    }.items()
}  # fmt: skip
"""Whose rows a metric reads; by what all of them lead to it may be sliced."""
