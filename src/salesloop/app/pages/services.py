"""For the slices: the state of a page, and days in words."""

from salesloop.app.pages.bar import Choice
from salesloop.app.pages.page import Page, page_for, page_of, with_more
from salesloop.app.pages.periods import day_label, period_label, range_label, tick_label

__all__ = [
    "Choice",
    "Page",
    "day_label",
    "page_for",
    "page_of",
    "period_label",
    "range_label",
    "tick_label",
    "with_more",
]
