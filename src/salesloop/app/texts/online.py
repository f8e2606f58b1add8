"""What is said of the company online: how much of it, about what, and in which tone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from salesloop.app.metrics.services import ask, rows_of
from salesloop.app.pages.services import Page
from salesloop.engine.metrics import format_filter

MENTION: Final = "mention"
CARDS: Final = ("mentions", "net_sentiment", "reputation")
DIMENSIONS: Final = ("topic", "platform", "product")
_ASKED: Final = ["mentions", "mentions_positive", "mentions_negative", "net_sentiment"]
_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Heard:
    """One topic (or platform, or product). `change` of the number of mentions; None without any before. `net` from −1 to 1."""

    name: str
    mentions: int
    change: float | None
    positive: int
    negative: int
    net: float | None
    href: str


def chosen(page: Page) -> str:
    """The dimension of the address by which mentions are listed."""
    wanted = page.view.by[0].split(":")[0] if page.view.by else ""
    return wanted if wanted in DIMENSIONS else DIMENSIONS[0]


def dimensions(page: Page) -> list[tuple[str, str, str]]:
    """(id, label, address) of the dimensions by which mentions can be listed."""
    return [
        (name, page.registry.dimension(name).label.get(page.lang), f"?{page.view.changed(by=(name,)).to_query()}")
        for name in DIMENSIONS
    ]


def heard(page: Page) -> list[Heard]:
    """The parts of the chosen dimension, the most mentioned first."""
    by = chosen(page)
    found = rows_of(ask(page, _ASKED, by=[by], compare=("previous",), limit=_SHOWN, order="-mentions"))
    return [_line(page, by, row) for row in found]


def _line(page: Page, by: str, row: dict[str, Any]) -> Heard:
    key = row.get(f"{by}_id", row[by])
    narrowed = page.view.changed(where=(*page.view.where, format_filter(by, [key])))
    return Heard(
        row[by] or _("未归属"),
        row["mentions"] or 0,
        row["mentions_previous_change"],
        row["mentions_positive"] or 0,
        row["mentions_negative"] or 0,
        row["net_sentiment"],
        f"?{narrowed.to_query()}",
    )
