"""One channel partner beside its peers."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from salesloop.app.channels.asking import CHANNEL, Figure, by_channel, figure, keyed, missing, narrowed
from salesloop.app.metrics.services import ask, rows_of, unit_text
from salesloop.app.pages.services import Page
from salesloop.engine.analyze.channels import Standing, standing
from salesloop.engine.clean.values.cells import literal
from salesloop.engine.metrics import format_filter
from salesloop.engine.metrics.definition import Definition
from salesloop.engine.report.number import Number, to_decimal

METRICS: Final = (
    "revenue", "gross_margin", "channel_profit", "channel_expense_ratio", "channel_return", "return_rate",
    "paid_on_time_rate", "receivables_balance", "late_shipping_rate", "ticket_response_time", "complaint_rate",
    "satisfaction", "net_promoter_score",
)  # fmt: skip
UNRANKED: Final = frozenset({"receivables_balance"})
"""Amounts that grow with the partner: a large one is no worse for it."""
GROWTH: Final = "revenue_year_change"


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as the data know it. `parent` is (id, name); `children` too."""

    key: str
    name: str
    type: str
    partner_level: str
    parent: tuple[str, str] | None
    children: list[tuple[str, str]]
    peers: list[str]
    depth: int


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the scorecard: the metric (growth: of revenue), the value with its page, and where it stands."""

    metric: Definition
    growth: bool
    unit: str
    figure: Figure
    change: Number
    standing: Standing


def channel(page: Page, key: str) -> Channel | None:
    """The channel with this id; None where nobody delivered one."""
    if not page.snapshot.has(CHANNEL):
        return None
    known = [row for row in page.warehouse.values(page.registry.dimension(CHANNEL), (key,)) if row["id"] == key]
    rows = page.snapshot.rows(
        "SELECT c.channel_id AS key, c.name, c.type, c.partner_level, c.parent_id AS parent, p.name AS parent_name "
        f"FROM channel AS c LEFT JOIN channel AS p ON p.channel_id = c.parent_id WHERE c.channel_id = {literal(key)}",
        {},
    )
    if not known or not rows:
        return None
    row = rows[0]
    beside = f"parent_id = {literal(row['parent'])}" if row["parent"] else "parent_id IS NULL"
    peers = page.snapshot.rows(f"SELECT channel_id AS key FROM channel WHERE {beside} ORDER BY key", {})
    children = page.snapshot.rows(
        f"SELECT channel_id AS key, name FROM channel WHERE parent_id = {literal(key)} ORDER BY name", {}
    )
    return Channel(
        key,
        row["name"] or key,
        _word(page, "type", row["type"]),
        _word(page, "partner_level", row["partner_level"]),
        (row["parent"], row["parent_name"] or row["parent"]) if row["parent"] else None,
        [(child["key"], child["name"] or child["key"]) for child in children],
        [peer["key"] for peer in peers],
        known[0]["depth"],
    )


def _word(page: Page, field: str, value: str | None) -> str:
    """What a choice is called; other texts as they are."""
    choices = page.workspace.model.entity(CHANNEL).field(field).choices
    return next((choice.label.get(page.lang) for choice in choices if choice.value == value), value or "")


def measures(page: Page, one: Channel) -> tuple[list[Measure], list[str]]:
    """The scorecard of a channel among its peers, and the labels of what nobody delivered data for."""
    wide = without_channel(page)
    names = by_channel(wide, METRICS)
    if not names:
        return [], missing(wide, METRICS, names)
    rows = keyed(rows_of(ask(wide, names, by=[f"{CHANNEL}:{one.depth}"], compare=("year",))), CHANNEL)
    among = {key: rows.get(key, {}) for key in {*one.peers, one.key}}
    found = [_measure(page, one, among, name, growth=False) for name in names]
    if "revenue" in names:
        found.insert(1, _measure(page, one, among, "revenue", growth=True))
    return found, missing(wide, METRICS, names)


def without_channel(page: Page) -> Page:
    """The page without what narrows it to channels: peers are compared on the same ground."""
    kept = tuple(text for text in page.view.where if text.split("=")[0].rstrip("!") != CHANNEL)
    return dataclasses.replace(page, view=page.view.changed(where=kept))


def of_channel(page: Page, one: Channel) -> Page:
    """The page narrowed to one channel."""
    wide = without_channel(page)
    where = (*wide.view.where, format_filter(CHANNEL, [one.key]))
    return dataclasses.replace(page, view=page.view.changed(where=where, tab=""))


def partner_href(page: Page, key: str) -> str:
    """The address of a channel's page in the same state."""
    return f"{reverse('channels:partner', args=[key])}?{narrowed(without_channel(page))}"


def _measure(page: Page, one: Channel, among: dict[str, dict[str, Number]], name: str, *, growth: bool) -> Measure:
    metric = page.registry.metric(name)
    column = GROWTH if growth else name
    values = {key: None if (n := to_decimal(row.get(column))) is None else float(n) for key, row in among.items()}
    return Measure(
        metric,
        growth,
        unit_text(metric.unit, page.lang),
        figure(page, name, among[one.key].get(column), channel=one.key),
        None if growth else among[one.key].get(f"{name}_year_change"),
        standing(one.key, values, "neutral" if name in UNRANKED else metric.favorable),
    )
