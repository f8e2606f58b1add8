"""Colours and type of every chart and document: one table for pages, pictures and print.

The values are the design's; all text colours meet AA contrast on their surface. ``css_variables`` writes the same tokens
for style sheets.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from salesloop.engine.report.number import Direction

Theme = Literal["light", "dark"]

FONT_PAGE = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif'
"""Pages use the fonts of the reader's system."""
FONT_DOCUMENT = "Noto Sans SC"
"""Pictures and PDF use the bundled font, so they look the same everywhere."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme. ``slices`` colours up to six series that have no meaning of their own."""

    ground: str
    surface: str
    ink: str
    ink2: str
    ink3: str
    line: str
    track: str
    accent: str
    accent_soft: str
    comparison: str
    target: str
    total: str
    red: str
    red_soft: str
    green: str
    green_soft: str
    warning: str
    warning_soft: str
    band: str
    slices: tuple[str, str, str, str, str, str]


LIGHT = Tokens(
    ground="#f6f7f9",
    surface="#ffffff",
    ink="#16191f",
    ink2="#4a5160",
    ink3="#687182",
    line="#e6e8ec",
    track="#e6e8ec",
    accent="#3257d6",
    accent_soft="#e9eefd",
    comparison="#9aa3b2",
    target="#b8770c",
    total="#9aa5b8",
    red="#c8322b",
    red_soft="#fbe9e8",
    green="#0d7f58",
    green_soft="#ebf7f2",
    warning="#9a6200",
    warning_soft="#fdf0d8",
    band="#dbe3fb",
    slices=("#3257d6", "#0e8a9a", "#8a57c9", "#b8770c", "#5f6f8c", "#b0527e"),
)

DARK = Tokens(
    ground="#101216",
    surface="#181b21",
    ink="#eef0f4",
    ink2="#b6bdca",
    ink3="#8e97a7",
    line="#2a2e37",
    track="#2a2e37",
    accent="#85a1ff",
    accent_soft="#1c2340",
    comparison="#6f7889",
    target="#e0ac4e",
    total="#667085",
    red="#ff7d73",
    red_soft="#3a2022",
    green="#4cc597",
    green_soft="#15302a",
    warning="#e6b454",
    warning_soft="#352a17",
    band="#26304f",
    slices=("#85a1ff", "#4fc0ce", "#bd95f0", "#e0ac4e", "#9aa8c4", "#e08fb4"),
)


def tokens(theme: Theme) -> Tokens:
    """The table of one theme."""
    return DARK if theme == "dark" else LIGHT


def direction_colour(direction: Direction, look: Tokens, *, red_up: bool) -> str:
    """Red-up/green-down is the Chinese habit; ``red_up=False`` swaps exactly these two."""
    if direction == "flat":
        return look.ink3
    return look.red if (direction == "up") == red_up else look.green


def css_variables(theme: Theme) -> str:
    """``--ink: #16191f; --ink-2: …``: the declarations of one theme, without selector."""
    look = tokens(theme)
    names = [field.name for field in fields(Tokens) if field.name != "slices"]
    pairs = [(name.replace("_", "-"), getattr(look, name)) for name in names]
    pairs += [(f"slice-{number}", colour) for number, colour in enumerate(look.slices, 1)]
    return " ".join(f"--{name}: {colour};" for name, colour in pairs)
