"""For the other slices: ask metrics on behalf of a page, and show them as everywhere else."""

from salesloop.app.metrics.ask import ask, askable, filters_of, has_data, missing_entities, rows_of
from salesloop.app.metrics.breakdown import Breakdown, Slice, breakdown, dimensions_for, next_level
from salesloop.app.metrics.cards import Card, cards
from salesloop.app.metrics.change import Change, against_of, change
from salesloop.app.metrics.chips import filter_chips
from salesloop.app.metrics.drafts import choices, sees
from salesloop.app.metrics.export import csv_response, xlsx_response
from salesloop.app.metrics.trend import GRAINS, trend, trend_grain
from salesloop.app.metrics.units import column_scale, unit_text

__all__ = [
    "GRAINS",
    "Breakdown",
    "Card",
    "Change",
    "Slice",
    "against_of",
    "ask",
    "askable",
    "breakdown",
    "cards",
    "change",
    "choices",
    "column_scale",
    "csv_response",
    "dimensions_for",
    "filter_chips",
    "filters_of",
    "has_data",
    "missing_entities",
    "next_level",
    "rows_of",
    "sees",
    "trend",
    "trend_grain",
    "unit_text",
    "xlsx_response",
]
