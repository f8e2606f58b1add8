"""Units of metrics in words. Money and time are written by the number formatter itself."""

from collections.abc import Iterable

from salesloop.app.pages.services import Page
from salesloop.engine.model.text import Lang, Text
from salesloop.engine.report.number import Number, Scale, column_scale_for

_WORDS = {
    "piece": Text("件", "pcs"),
    "person": Text("个", ""),
    "order": Text("单", "orders"),
    "deal": Text("单", "deals"),
    "record": Text("条", ""),
    "times": Text("次", "×"),
    "point": Text("分", "pts"),
}


def column_scale(page: Page, metric: str, values: Iterable[Number]) -> Scale:
    """One scale for a column of a metric's values."""
    definition = page.registry.metric(metric)
    return column_scale_for(
        values,
        definition.format,
        page.lang,
        currency=page.workspace.config.currency,
        unit=unit_text(definition.unit, page.lang),
    )


def unit_text(unit: str, lang: Lang) -> str:
    """The word after a number; nothing for money, fractions and days."""
    word = _WORDS.get(unit)
    return word.get(lang) if word else ""
