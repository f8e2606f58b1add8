"""A report as a document: a list of blocks with exact values and ready sentences, before any format is chosen.

HTML, PDF, XLSX and PPTX are renderers of this one model, so a number is the same in each. Sentences come in the report's
language; values stay exact and are written by :mod:`salesloop.engine.report.number`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from salesloop.engine.model.text import Lang
from salesloop.engine.report.chart import ChartSpec
from salesloop.engine.report.number import Favour, Format, Number
from salesloop.engine.report.table import Table

Severity = Literal["high", "medium", "low"]
Verdict = Literal["improved", "no_evidence", "worse", "open"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A chapter; ``new_page`` starts a page in print."""

    text: str
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """Sentences; each paragraph may carry how good its news are."""

    paragraphs: tuple[str, ...]
    favours: tuple[Favour, ...] = ()


@dataclass(frozen=True, slots=True)
class KpiChange:
    """``change`` is a fraction, for ``percent`` metrics a difference; ``label`` is 环比, 同比, …"""

    label: str
    change: Number


@dataclass(frozen=True, slots=True)
class Attainment:
    """Actual ÷ target with the elapsed share of the season, where targets add up over time (``pace`` None for rates)."""

    label: str
    share: Number
    target: Number
    pace: float | None
    pace_label: str = ""


@dataclass(frozen=True, slots=True)
class KpiCard:
    """One headline number."""

    metric: str
    label: str
    value: Number
    format: Format
    favorable: str = "up"
    unit: str = ""
    currency: str = "CNY"
    changes: tuple[KpiChange, ...] = ()
    attainment: Attainment | None = None
    spark: ChartSpec | None = None


@dataclass(frozen=True, slots=True)
class KpiStrip:
    """The headline numbers, at most six."""

    cards: tuple[KpiCard, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """``with_table`` prints the table view beside it in documents; pages and sheets always offer it."""

    spec: ChartSpec
    with_table: Table | None = None


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding as the caller tells it: ready sentences in the report's language."""

    severity: Severity
    kind: str
    sentence: str
    state: str
    causes: tuple[str, ...] = ()
    owner: str = ""
    raised: dt.date | None = None
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class FindingList:
    """``empty`` is the sentence shown where there is none, and why."""

    title: str
    rows: tuple[FindingRow, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action with its measured effect; ``effect`` is the one sentence with interval and check."""

    title: str
    state: str
    owner: str = ""
    due: dt.date | None = None
    overdue: bool = False
    expected: str = ""
    verdict: Verdict = "open"
    effect: str = ""
    chart: ChartSpec | None = None


@dataclass(frozen=True, slots=True)
class ActionList:
    """Actions with their effects."""

    title: str
    rows: tuple[ActionRow, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Blocks side by side where there is room: two on a screen and on paper, below one another on a phone."""

    blocks: tuple[Chart | Table, ...]


Block = Heading | Text | KpiStrip | Chart | Table | FindingList | ActionList | Columns


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where the numbers come from. ``created_at`` is aware; ``data_until`` the last event in the data."""

    snapshot: int
    created_at: dt.datetime
    data_until: dt.date | None
    as_of: dt.date


@dataclass(frozen=True, slots=True)
class Report:
    """``subtitle`` says whose numbers and which days; ``red_up`` is the workspace's colour habit."""

    name: str
    title: str
    subtitle: str
    company: str
    lang: Lang
    stamp: Stamp
    blocks: tuple[Block, ...]
    red_up: bool = True

    def charts(self) -> list[ChartSpec]:
        """Every chart of the document, in reading order."""
        found: list[ChartSpec] = []
        for block in self.blocks:
            if isinstance(block, KpiStrip):
                found += [card.spark for card in block.cards if card.spark]
            elif isinstance(block, Columns):
                found += [part.spec for part in block.blocks if isinstance(part, Chart)]
            elif isinstance(block, Chart):
                found.append(block.spec)
            elif isinstance(block, ActionList):
                found += [row.chart for row in block.rows if row.chart]
        return found
