"""What a question may be compared with: earlier days, the target, the plan, the whole; read from the words of a query."""

from __future__ import annotations

from typing import Final, Literal, get_args

from salesloop.engine.metrics.registry import MESSAGES
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.periods import well_formed

Variant = Literal["current", "previous", "year", "festival", "custom"]
EARLIER: Final[tuple[Variant, ...]] = ("previous", "year", "festival", "custom")
Comparison = Literal["previous", "year", "festival", "target", "plan", "share", "contribution"]
COMPARISONS: Final[tuple[Comparison, ...]] = get_args(Comparison)


def custom(compare: tuple[str, ...]) -> str | None:
    """The period that somebody wrote (`2025-01-01..2025-03-31`, `2024-Q4`) to compare with, where there is one."""
    return next((text for text in compare if text not in COMPARISONS), None)


def variants(compare: tuple[str, ...]) -> tuple[Variant, ...]:
    """The earlier days that are asked for, in the order in which they stand in the answer."""
    asked = {*compare, *(() if custom(compare) is None else ("custom",))}
    return tuple(variant for variant in EARLIER if variant in asked)


def check(compare: tuple[str, ...]) -> None:
    """UserError where a word is no comparison, or means nothing without another."""
    written = [text for text in compare if text not in COMPARISONS]
    for text in written:
        if not well_formed(text):
            raise UserError(MESSAGES.message("bad_compare", value=text, known=list(COMPARISONS)))
    if len(written) > 1:
        raise UserError(MESSAGES.message("one_custom_period", first=written[0], second=written[1]))
    if "contribution" in compare and not variants(compare):
        raise UserError(MESSAGES.message("contribution_to_what"))
