"""Cells of tables that show rows as they are in the warehouse."""

import datetime as dt
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from salesloop.app.ui.language import current_lang
from salesloop.engine.report.number import Format, format_number
from salesloop.engine.report.table import date_text


def cell(value: Any, format: Format | None, name: str = "") -> SafeString:
    """A `<td>`: numbers to the right and exact, dates in the reader's order, yes and no in words."""
    if format is None:
        return format_html('<td class="{}">{}</td>', name, _text(value))
    shown = format_number(value, format, current_lang(), style="exact")
    return format_html('<td class="num {}">{}{}</td>', name, shown.text, shown.unit if format == "percent" else "")


def _text(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, dt.datetime):
        return f"{date_text(value.date(), current_lang())} {value:%H:%M}"
    return date_text(value, current_lang()) if isinstance(value, dt.date) else str(value)
