"""The tree of metrics: results at the top, what drives them below, each with value, change and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext_lazy as _

from salesloop.app.metrics.services import Card, cards, sees
from salesloop.app.pages.services import Page
from salesloop.engine.metrics.definition import Metric
from salesloop.engine.report.number import to_decimal

Standing = Literal["good", "warn", "bad", "none"]
WORDS: Final = {
    "ahead": _("达到进度"),
    "near": _("略落后"),
    "behind": _("落后"),
    "better": _("向好"),
    "worse": _("向差"),
    "even": _("平稳"),
    "nothing": _("没有数据"),
}
FIRST: Final = "revenue"
"""The result that sales operations is about: its tree stands first, also where something else is computed from it."""
NEAR: Final = 0.9
"""Attainment from this share of the elapsed time on is only a little behind."""
MOVED: Final = 0.05
"""A change against the period before, from which on a metric without target counts as moved."""


@dataclass(frozen=True, slots=True)
class Node:
    """One metric in the tree. One that stands elsewhere already is shown without its branches (`repeated`)."""

    metric: Metric
    card: Card | None
    standing: Standing
    word: str
    children: tuple[Node, ...]
    repeated: bool


def tree(page: Page) -> list[Node]:
    """The tops of the tree with everything below them: revenue first, then the metrics with drivers that drive nothing
    themselves, those with most below them first."""
    known = {m.metric: m for m in page.registry.metrics.values() if sees(page.user, m) and m.status != "retired"}
    driving = {name for metric in known.values() for name in metric.drivers}
    tops = [m for m in known.values() if m.drivers and m.metric not in driving and not m.hidden and m.metric != FIRST]
    tops.sort(key=lambda metric: -len(_below(metric, known)))
    if FIRST in known and known[FIRST].drivers:
        tops.insert(0, known[FIRST])
    named = {name for metric in known.values() if metric.drivers for name in (metric.metric, *metric.drivers)}
    shown = {card.metric: card for card in cards(page, sorted(named & known.keys()))}
    seen: set[str] = set()

    def node(metric: Metric) -> Node:
        repeated = metric.metric in seen and bool(metric.drivers)
        seen.add(metric.metric)
        below = () if repeated else tuple(node(known[name]) for name in metric.drivers if name in known)
        card = shown.get(metric.metric)
        standing, word = standing_of(card)
        return Node(metric, card, standing, str(WORDS[word]), below, repeated)

    return [node(metric) for metric in tops]


def _below(metric: Metric, known: dict[str, Metric]) -> set[str]:
    """Everything that drives a metric, directly or not."""
    waiting, found = list(metric.drivers), set[str]()
    while waiting:
        name = waiting.pop()
        if name in known and name not in found:
            found.add(name)
            waiting += known[name].drivers
    return found


def standing_of(card: Card | None) -> tuple[Standing, str]:
    """Against the target where there is one (of what has elapsed, where targets add up), else against the period before."""
    if card is None or card.value is None:
        return "none", "nothing"
    attained = to_decimal(card.attainment)
    if attained is not None and attained > 0:
        share = float(attained) / (card.elapsed or 1.0)
        if card.favorable == "down":
            share = 1 / share
        return ("good", "ahead") if share >= 1 else ("warn", "near") if share >= NEAR else ("bad", "behind")
    moved = to_decimal(card.previous)
    if moved is None or abs(float(moved)) < MOVED or card.favorable == "neutral":
        return "none", "even"
    return ("good", "better") if (moved > 0) == (card.favorable == "up") else ("bad", "worse")
