"""Which regions a channel reaches, and what the empty ones could bring.

The potential of a gap is the region's market × the share of the market that this channel has where it sells and the market is
known: what it would bring if it did there as it does elsewhere. Without a known market it is unknown, not zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One channel in one region; `value` None = a gap. `potential` only of gaps, a year's or a period's as the market's is."""

    region: str
    channel: str
    value: float | None
    potential: float | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """`cells` by (region, channel); `covered` regions by channel out of `regions`; `gaps` with the largest potential first."""

    regions: int
    cells: Mapping[tuple[str, str], Cell]
    covered: Mapping[str, int]
    gaps: tuple[Cell, ...]

    def rate(self, channel: str, target: float | None = None) -> float | None:
        """Regions covered ÷ target; without a target, ÷ all regions. None without any."""
        whole = target or self.regions
        return self.covered[channel] / whole if whole else None


def cover(
    regions: Sequence[str],
    channels: Sequence[str],
    sold: Mapping[tuple[str, str], float],
    market: Mapping[str, float],
    shown: Mapping[tuple[str, str], float] | None = None,
) -> Coverage:
    """The matrix of `regions` × `channels`. `sold` is revenue; a cell without any above zero is a gap. `market`: the size of
    the markets that are known. `shown`: what cells show instead of revenue (customers)."""
    share = {channel: _share(channel, regions, sold, market) for channel in channels}
    cells = {}
    for region in regions:
        for channel in channels:
            key, part = (region, channel), share[channel]
            if sold.get(key, 0) > 0:
                cells[key] = Cell(region, channel, (shown or sold).get(key))
            else:
                known = part is not None and region in market
                cells[key] = Cell(region, channel, None, market[region] * part if known and part is not None else None)
    covered = {channel: sum(sold.get((region, channel), 0) > 0 for region in regions) for channel in channels}
    gaps = [cell for key, cell in cells.items() if not sold.get(key, 0) > 0]
    gaps.sort(key=lambda cell: (cell.potential is None, -(cell.potential or 0), cell.region, cell.channel))
    return Coverage(len(regions), cells, covered, tuple(gaps))


def _share(
    channel: str, regions: Sequence[str], sold: Mapping[tuple[str, str], float], market: Mapping[str, float]
) -> float | None:
    """The channel's revenue ÷ the market, over the regions where both are known."""
    here = [region for region in regions if sold.get((region, channel), 0) > 0 and market.get(region, 0) > 0]
    whole = sum(market[region] for region in here)
    return sum(sold[region, channel] for region in here) / whole if whole else None
