"""Regions × channels: what is covered, how well it is served, and which gaps are worth the most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from salesloop.app.channels.asking import (
    CHANNEL,
    REGION,
    Figure,
    by_channel,
    figure,
    has_dimension,
    keyed,
    level,
    missing,
)
from salesloop.app.metrics.services import ask, askable, column_scale, rows_of
from salesloop.app.pages.services import Page
from salesloop.engine.analyze.channels import Coverage, cover
from salesloop.engine.metrics.definition import Definition
from salesloop.engine.report.number import Number, Scale, to_decimal

SERVICE: Final = ("late_shipping_rate", "ticket_response_time")
GAPS: Final = 20
SHOWN: Final = ("revenue", "active_customers")


@dataclass(frozen=True, slots=True)
class Place:
    """One cell of the matrix; `figure` None is a gap."""

    figure: Figure | None
    potential: float | None


@dataclass(frozen=True, slots=True)
class RegionLine:
    name: str
    market: Figure | None
    places: list[Place]
    service: list[Figure]


@dataclass(frozen=True, slots=True)
class ChannelColumn:
    """`rate` is regions covered ÷ regions; `attainment` regions_covered against its target, None without one."""

    key: str
    name: str
    covered: int
    rate: float | None
    attainment: Number
    service: list[Figure]


@dataclass(frozen=True, slots=True)
class Gap:
    region: str
    channel: str
    potential: float | None
    href: str


@dataclass(frozen=True, slots=True)
class Map:
    """The whole page. `gaps` are the first of `found.gaps`; `service` the definitions of the service columns."""

    metric: Definition
    scale: Scale
    channels: list[ChannelColumn]
    lines: list[RegionLine]
    gaps: list[Gap]
    found: Coverage
    service: list[Definition]
    market_known: bool
    missing: list[str]


def coverage_map(page: Page, shown: str) -> Map | None:
    """The matrix for the page's days; None without revenue or without regions and channels."""
    names = [name for name in by_channel(page, SHOWN) if has_dimension(page, name, REGION)]
    if "revenue" not in names:
        return None
    across, down = level(page, CHANNEL), level(page, REGION)
    rows = [row for row in rows_of(ask(page, names, by=[down, across])) if row["region_id"] and row["channel_id"]]
    channels = _ordered(rows, CHANNEL)
    market = _market(page, down)
    regions = _regions(page, down, rows, market)
    if not channels or not regions:
        return None
    amounts = {(row["region_id"], row["channel_id"]): row for row in rows}
    sold = {key: float(to_decimal(row["revenue"]) or 0) for key, row in amounts.items()}
    size = {key: float(number) for key, row in market.items() if (number := to_decimal(row["market_size"]))}
    found = cover(list(regions), list(channels), sold, size)
    metric = page.registry.metric(shown if shown in names else "revenue")
    service = [name for name in by_channel(page, SERVICE) if has_dimension(page, name, REGION)]
    by_region = keyed(rows_of(ask(page, service, by=[down])), REGION) if service else {}
    service = [name for name in service if any(row[name] is not None for row in by_region.values())]

    def place(region: str, channel: str) -> Place:
        cell = found.cells[region, channel]
        value = amounts.get((region, channel), {}).get(metric.metric) if cell.value is not None else None
        shown_figure = (
            figure(page, metric.metric, value, region=region, channel=channel) if cell.value is not None else None
        )
        return Place(shown_figure, cell.potential)

    return Map(
        metric,
        column_scale(page, metric.metric, [row[metric.metric] for row in rows]),
        _columns(page, across, channels, found, service),
        [
            RegionLine(
                name,
                figure(page, "market_size", market[key]["market_size"], region=key) if key in market else None,
                [place(key, channel) for channel in channels],
                [figure(page, one, by_region.get(key, {}).get(one), region=key) for one in service],
            )
            for key, name in regions.items()
        ],
        [
            Gap(
                regions[gap.region],
                channels[gap.channel],
                gap.potential,
                figure(page, "revenue", None, region=gap.region).href,
            )
            for gap in found.gaps[:GAPS]
        ],
        found,
        [page.registry.metric(name) for name in service],
        bool(size),
        missing(page, (*SHOWN, *SERVICE, "market_size"), [*names, *service, *(["market_size"] if market else [])]),
    )


def _columns(
    page: Page, across: str, channels: Mapping[str, str], found: Coverage, service: list[str]
) -> list[ChannelColumn]:
    targets = by_channel(page, ["regions_covered"])
    names = [*targets, *service]
    rows = keyed(rows_of(ask(page, names, by=[across], compare=("target",))), CHANNEL) if names else {}
    return [
        ChannelColumn(
            key,
            name,
            found.covered[key],
            found.rate(key),
            rows.get(key, {}).get("regions_covered_attainment"),
            [figure(page, one, rows.get(key, {}).get(one), channel=key) for one in service],
        )
        for key, name in channels.items()
    ]


def _ordered(rows: list[dict[str, Any]], dimension: str) -> dict[str, str]:
    """Id → name of the members, the one with the most revenue first."""
    total: dict[str, float] = {}
    names: dict[str, str] = {}
    for row in rows:
        key = row[f"{dimension}_id"]
        names[key] = row[dimension]
        total[key] = total.get(key, 0) + float(to_decimal(row["revenue"]) or 0)
    return {key: names[key] for key in sorted(total, key=lambda key: (-total[key], names[key]))}


def _market(page: Page, down: str) -> dict[str, dict[str, Any]]:
    """The market of each region in the page's days, where it is known."""
    if not askable(page, ["market_size"]):
        return {}
    rows = rows_of(ask(page, ["market_size"], by=[down]))
    return {row["region_id"]: row for row in rows if row["region_id"] and row["market_size"] is not None}


def _regions(page: Page, down: str, rows: list[dict[str, Any]], market: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    """Id → name: those with sales (the largest first), with a known market, and the others that the tree knows there. A page
    narrowed to some region or person shows only where somebody sold or a market is known."""
    found = _ordered(rows, REGION) | {}
    found |= {key: row[REGION] for key, row in market.items() if key not in found}
    if not page.view.where:
        depth = int(down.split(":")[1])
        known = page.warehouse.some_values(page.registry.dimension(REGION))
        found |= {row["id"]: row["name"] for row in known if row["depth"] == depth and row["id"] not in found}
    return found
