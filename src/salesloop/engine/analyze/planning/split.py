"""Split an amount into parts that add up to it exactly.

Rounding is the method of largest remainders (Hamilton 1792; Balinski and Young, Fair Representation, 1982): every part takes its
share rounded down to the step, and the steps that are left go to the largest remainders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

CENT = Decimal("0.01")
_MESSAGES = Messages("salesloop.engine.analyze.planning")
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Part:
    """What claims a share: a weight ≥ 0 (any unit), and perhaps a fixed amount, or a smallest and a largest one."""

    weight: Decimal
    fixed: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


def apportion(total: Decimal, weights: Sequence[Decimal], step: Decimal = CENT) -> tuple[Decimal, ...]:
    """`total` ≥ 0 by weight, in multiples of `step`; what the total has below a step goes to the heaviest part.

    Without any weight all parts are equal. ValueError for no parts at all.
    """
    if not weights:
        raise ValueError("nothing to apportion to")
    weighed = list(weights) if any(weights) else [Decimal(1)] * len(weights)
    whole = sum(weighed, _ZERO)
    return _rounded(total, [total * weight / whole for weight in weighed], step)


def split(total: Decimal, parts: Sequence[Part], step: Decimal = CENT) -> tuple[Decimal, ...]:
    """`total` by weight; fixed parts keep their amount, the others stay within their limits. The sum is exactly `total`.

    A part that would leave its limits takes the limit, and the rest is shared anew among the others (as a flexible line is laid
    out: CSS Flexible Box Layout, section 9.7). UserError where fixed parts or limits leave no way.
    """
    fixed = sum((part.fixed for part in parts if part.fixed is not None), _ZERO)
    open_parts = [part for part in parts if part.fixed is None]
    rest = total - fixed
    if rest < 0:
        raise UserError(_MESSAGES.message("locked_above_total", locked=f"{fixed:,}", total=f"{total:,}"))
    if not open_parts:
        if rest:
            raise UserError(_MESSAGES.message("nothing_left_open", locked=f"{fixed:,}", total=f"{total:,}"))
        return tuple(part.fixed or _ZERO for part in parts)
    shares = iter(_rounded(rest, _within_limits(rest, open_parts, step), step))
    return tuple(next(shares) if part.fixed is None else part.fixed for part in parts)


def _within_limits(rest: Decimal, parts: Sequence[Part], step: Decimal) -> list[Decimal]:
    lows = [_ZERO if part.low is None else _to_step(max(part.low, _ZERO), step, ROUND_CEILING) for part in parts]
    highs = [None if part.high is None else _to_step(max(part.high, _ZERO), step, ROUND_FLOOR) for part in parts]
    if sum(lows, _ZERO) > rest:
        raise UserError(_MESSAGES.message("limits_too_high", limit=f"{sum(lows, _ZERO):,}", total=f"{rest:,}"))
    if all(high is not None for high in highs):
        most = sum((high for high in highs if high is not None), _ZERO)
        if most < rest:
            raise UserError(_MESSAGES.message("limits_too_low", limit=f"{most:,}", total=f"{rest:,}"))
    weights = [part.weight for part in parts]
    settled: dict[int, Decimal] = {}
    while True:
        free = [place for place in range(len(parts)) if place not in settled]
        left = rest - sum(settled.values(), _ZERO)
        whole = sum((weights[place] for place in free), _ZERO)
        shares = {place: left * weights[place] / whole if whole else left / len(free) for place in free}
        too_low = {place: lows[place] for place in free if shares[place] < lows[place]}
        too_high = {p: high for p in free if (high := highs[p]) is not None and shares[p] > high}
        if not too_low and not too_high:
            return [settled.get(place, shares.get(place, _ZERO)) for place in range(len(parts))]
        # The side that is off by more is settled first: settling both could overshoot.
        lacking = sum((low - shares[place] for place, low in too_low.items()), _ZERO)
        beyond = sum((shares[place] - high for place, high in too_high.items()), _ZERO)
        settled |= too_low if lacking >= beyond else too_high
        if len(settled) == len(parts):
            return [settled[place] for place in range(len(parts))]


def _rounded(total: Decimal, shares: Sequence[Decimal], step: Decimal) -> tuple[Decimal, ...]:
    """Shares that add up to `total` but for rounding, as multiples of the step that do so exactly."""
    down = [_to_step(share, step, ROUND_FLOOR) for share in shares]
    remainders = [share - low for share, low in zip(shares, down, strict=True)]
    left = total - sum(down, _ZERO)
    order = sorted(range(len(shares)), key=lambda place: (-remainders[place], place))
    for place in order[: int(left / step)]:
        down[place] += step
    below = total - sum(down, _ZERO)
    if below:
        down[max(range(len(shares)), key=lambda place: (shares[place], -place))] += below
    return tuple(down)


def _to_step(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    return (value / step).to_integral_value(rounding) * step
