"""What a chart says, before anyone draws it.

A ``ChartSpec`` holds words and exact values only. From it come the ECharts option of the page and of pictures
(:func:`salesloop.engine.report.charts.echarts_option`), native charts in workbooks and slides, the table that stands beside
every chart and its description for people who cannot see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from salesloop.engine.report.number import Format, Number

Kind = Literal["trend", "bars", "stacked", "waterfall", "funnel", "ring", "sparkline", "effect", "heat"]
"""
trend      lines over time; roles main, comparison, target, slice; annotations; unfinished last period
bars       ranked horizontal bars; negative values make it diverging
stacked    one bar a category, one segment a series
waterfall  first and last category are totals, those between are changes that add up
funnel     stages from wide to narrow; ``side`` holds the columns beside it (conversion, days)
ring       one share of a whole: first value of the first series is a fraction
sparkline  the bare line of a KPI card
effect     acted-on slice against comparable ones, with the band of what was to be expected and the day of the action
heat       categories × series as coloured cells
"""

Role = Literal["main", "comparison", "target", "plan", "slice"]


@dataclass(frozen=True, slots=True)
class Series:
    """Values in the order of the categories; ``None`` where there is none (a gap, never a zero)."""

    name: str
    values: tuple[Number, ...]
    role: Role = "main"


@dataclass(frozen=True, slots=True)
class Annotation:
    """A short note at one category of the main series."""

    index: int
    note: str


@dataclass(frozen=True, slots=True)
class Band:
    """An interval around what was expected: ``low`` and ``high`` by category."""

    name: str
    low: tuple[Number, ...]
    high: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class SideColumn:
    """A column of ready texts beside the stages of a funnel."""

    name: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """``categories`` are words (1月, 华东); ``format``, ``unit`` and ``currency`` say how values become text.

    ``favorable`` colours changes as good or bad where a chart shows changes of a judged metric; without it changes take the
    up and down colours. ``partial_last`` marks an unfinished last period. ``note`` is the line under the chart.
    """

    kind: Kind
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    format: Format
    unit: str = ""
    currency: str = "CNY"
    category_name: str = ""
    annotations: tuple[Annotation, ...] = ()
    partial_last: bool = False
    band: Band | None = None
    event: Annotation | None = None
    side: tuple[SideColumn, ...] = ()
    highlight: tuple[int, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        size = len(self.categories)
        columns: list[Sequence[object]] = [series.values for series in self.series]
        columns += [column.texts for column in self.side]
        if self.band:
            columns += [self.band.low, self.band.high]
        if not self.series or any(len(column) != size for column in columns):
            raise ValueError(f"chart {self.title!r}: every series needs one value for each of {size} categories")

    @property
    def main(self) -> Series:
        """The series that the chart is about: the first with role main, else the first."""
        return next((series for series in self.series if series.role == "main"), self.series[0])
