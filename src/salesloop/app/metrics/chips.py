"""The filters of a page in words, each with the address without it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from salesloop.app.metrics.ask import filters_of
from salesloop.app.metrics.words import words_of
from salesloop.app.pages.services import Page
from salesloop.app.ui.language import joined


def filter_chips(page: Page) -> list[tuple[str, str]]:
    """(what, address without it) for every filter in force, the scope in the breadcrumb left out."""
    chips = []
    for text, one in zip(page.view.where, filters_of(page), strict=True):
        if one.dimension in ("org_unit", "employee") or one.dimension not in page.registry.dimensions:
            continue
        label = page.registry.dimension(one.dimension).label.get(page.lang)
        values = joined(_value_name(page, one.dimension, value) for value in one.values)
        without = page.view.changed(where=tuple(other for other in page.view.where if other != text))
        chips.append((f"{label} {'≠' if one.negated else '='} {values}", f"?{without.to_query()}"))
    return chips


def _value_name(page: Page, dimension: str, value: str | None) -> str:
    """The name that people know for an id in a filter."""
    if value is None:
        return _("未归属")
    declared = page.registry.dimension(dimension)
    known = page.warehouse.values(declared, (value,)) if declared.entity else []
    return str(known[0]["name"]) if known else words_of(page, dimension).get(value, value)
