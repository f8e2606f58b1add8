"""Tags that every template has (a builtin library): icons, numbers, changes, pace, sparklines, charts, fields."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from salesloop.app.ui import assets, charts, tables
from salesloop.app.ui.icons import LOGO, PATHS
from salesloop.app.ui.language import current_lang, joined
from salesloop.app.workspace.services import workspace
from salesloop.engine.model.text import Text
from salesloop.engine.model.view import View
from salesloop.engine.report.chart import ChartSpec
from salesloop.engine.report.chart_text import describe, table_of
from salesloop.engine.report.number import Format, Number, Scale, Style, format_change, format_number, to_decimal
from salesloop.engine.report.table import Column, cell_text, header_text

register = template.Library()

_SMALL = 0.001  # the least that a percentage with one decimal can say


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built script or style sheet."""
    return assets.asset_url(name)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A line icon: decoration beside words, or with `label` an image that says it."""
    drawing = mark_safe(PATHS[name])  # noqa: S308 - our own constant
    if label:
        return format_html('<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', label, drawing)
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', drawing)


@register.simple_tag
def logo() -> SafeString:
    return format_html('<svg viewBox="0 0 24 24" aria-hidden="true">{}</svg>', mark_safe(LOGO))  # noqa: S308


@register.simple_tag
def caret() -> SafeString:
    """The little triangle of a menu button."""
    return mark_safe('<svg class="caret" viewBox="0 0 8 8" aria-hidden="true"><path d="M0 1.5h8L4 7z"/></svg>')


# Words


@register.simple_tag
def text(label: Text) -> str:
    """A text of the engine in the reader's language."""
    return label.get(current_lang())


@register.filter
def item(mapping: Mapping[Any, Any], key: Any) -> Any:
    """`{{ names|item:id }}`: the value under a key that is a variable; nothing where there is none."""
    return mapping.get(key, "")


@register.filter
def listing(words: Iterable[str]) -> str:
    """Words in a row: `甲、乙` or `a, b`."""
    return joined(words)


# Numbers


@register.simple_tag
def number(
    value: Number, format: Format = "number", unit: str = "", style: Style = "compact", signed: bool = False
) -> SafeString:
    """A value with its unit small and grey."""
    currency = workspace().config.currency
    shown = format_number(value, format, current_lang(), style=style, currency=currency, unit=unit, signed=signed)
    if not shown.unit:
        return format_html("{}", shown.text)
    return format_html('{}<span class="unit">{}</span>', shown.text, shown.unit)


@register.simple_tag
def plain_number(
    value: Number, format: Format = "number", unit: str = "", style: Style = "exact", currency: str = ""
) -> str:
    """A value as running text; `currency` where it is not the company's."""
    money = currency or workspace().config.currency
    return str(format_number(value, format, current_lang(), style=style, currency=money, unit=unit))


@register.simple_tag
def share(value: float | None) -> str:
    """A part of a whole as running text. Only all of it is called 100 %, only nothing 0 %, however many there are."""
    if value is not None and 0 < value < _SMALL:
        return f"<{share(_SMALL)}"
    return plain_number(1 - _SMALL if value is not None and 1 - _SMALL < value < 1 else value, "percent", "", "compact")


@register.simple_tag
def scaled(value: Number, format: Format, scale: Scale) -> str:
    """A value in the scale of its column, whose header says the unit (`column_header`)."""
    shown = format_number(value, format, current_lang(), scale=scale)
    return shown.text + shown.unit if shown.unit in ("%", "pp") else shown.text


@register.simple_tag
def column_header(label: Text | str, scale: Scale) -> str:
    """`销售额（万元）`."""
    lang = current_lang()
    return header_text(Column(label if isinstance(label, str) else label.get(lang)), scale, lang)


@register.simple_tag
def signed_number(value: Number, format: Format = "number", unit: str = "", currency: str = "") -> str:
    """A difference as running text, with + or −; `currency` where it is not the company's."""
    money = currency or workspace().config.currency
    return str(format_number(value, format, current_lang(), currency=money, unit=unit, signed=True))


@register.simple_tag
def cell(value: Any, format: Format | None, name: str = "") -> SafeString:
    """A table cell with a value of the warehouse, exact; `format` only for numbers, `name` is a class."""
    return tables.cell(value, format, name)


@register.simple_tag
def change(value: Number, format: Format, favorable: str = "up", label: str = "") -> SafeString:
    """A change with its arrow. The colour says up or down; for who cannot see it, the words say better or worse."""
    shown = format_change(value, format, current_lang(), favorable)
    judged = {"good": _("变好"), "bad": _("变差"), "neutral": ""}[shown.favour]
    return format_html(
        '<span class="delta {}">{}{}{}{}</span>',
        shown.direction,
        format_html("<i>{}</i>", shown.arrow) if shown.arrow else "",
        f"{shown.text}{shown.unit}",
        format_html(" <small>{}</small>", label) if label else "",
        format_html('<span class="sr-only"> {}</span>', judged) if judged else "",
    )


@register.simple_tag
def pace(attainment: Number, elapsed: float | None = None, label: str = "") -> SafeString:
    """A bar of how far (a fraction), with a tick where the season stands. Behind the tick it is ochre."""
    done = to_decimal(attainment)
    if done is None:
        return SafeString("")
    part = min(max(float(done), 0.0), 1.0) * 100
    behind = float(done) < (1 if elapsed is None else elapsed)
    tick = (
        format_html(
            '<rect class="pace-tick" x="{}%" y="0" width="2" height="12" transform="translate(-1 0)"/>',
            _short(elapsed * 100),
        )
        if elapsed is not None
        else ""
    )
    words = label or _("达成 %(done)s") % {"done": format_number(attainment, "percent", current_lang())}
    if elapsed is not None and not label:
        words += _("，时间进度 %(elapsed)s") % {"elapsed": format_number(elapsed, "percent", current_lang())}
    return format_html(
        '<svg class="pace{}" role="img" aria-label="{}"><rect class="pace-track" y="3" width="100%" height="6" rx="3"/>'
        '<rect class="pace-fill" y="3" width="{}%" height="6" rx="3"/>{}</svg>',
        " behind" if behind else "",
        words,
        _short(part),
        tick,
    )


@register.simple_tag
def share_bar(value: Number, largest: Number) -> SafeString:
    """A bar in a table cell: the value's share of the column's largest."""
    part, whole = to_decimal(value), to_decimal(largest)
    width = 0.0 if not part or not whole else float(abs(part) / abs(whole)) * 100
    return format_html(
        '<svg class="share" aria-hidden="true"><rect class="fill{}" width="{}%" height="8" rx="2"/></svg>',
        " negative" if part and part < 0 else "",
        _short(min(width, 100)),
    )


@register.simple_tag
def spark(values: Sequence[Number], partial: bool = False) -> SafeString:
    """A bare line of a few values; gaps stay gaps, an unfinished last period is dashed."""
    return charts.sparkline(values, partial=partial)


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


# Charts


@register.inclusion_tag("ui/chart.html")
def chart(spec: ChartSpec, rise: str = "red", links: Sequence[str] = (), size: str = "") -> dict[str, Any]:
    """A drawn chart with its table beside it. `rise`: the page's variable of that name; `links`: where a click on each
    category leads (empty: nowhere); `size`: tall or low."""
    lang = current_lang()
    table = table_of(spec, lang)
    return {
        "spec": spec,
        "size": size,
        "description": describe(spec, lang),
        "columns": table.columns,
        "rows": [
            (
                links[place] if links else "",
                [cell_text(column, cell, lang, style="exact") for column, cell in zip(table.columns, row, strict=True)],
            )
            for place, row in enumerate(table.rows)
        ],
        "options": _in_script(charts.options(spec, lang, red_up=rise == "red") | {"links": list(links)}),
    }


def _in_script(value: Any) -> SafeString:
    """JSON that cannot end the script element that holds it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.replace("<", "\\u003c").replace("\u2028", "\\u2028"))  # noqa: S308 - escaped just here


# Addresses


@register.simple_tag
def goto(view: View, **changes: Any) -> str:
    """`?…` of this view with some parts changed: `{% goto view grain="week" %}`; an empty text takes a part away."""
    cleared: dict[str, Any] = {
        name: type(view).model_fields[name].default if value == "" else value for name, value in changes.items()
    }
    query = view.changed(**cleared).to_query()
    return f"?{query}"


@register.simple_tag
def sorted_by(view: View, field: str) -> str:
    """`?…` of this view sorted by a column: falling first, rising at the second click."""
    return f"?{view.changed(sort=field if view.sort == f'-{field}' else f'-{field}').to_query()}"


@register.simple_tag
def sort_mark(view: View, field: str) -> SafeString:
    """An arrow beside the column that the page is sorted by."""
    arrow = {f"-{field}": "▼", field: "▲"}.get(view.sort, "")
    return format_html('<small aria-hidden="true">{}</small>', arrow) if arrow else SafeString("")


# Time


@register.simple_tag
def ago(moment: dt.datetime | None) -> SafeString:
    """`3 小时前`, with the exact time behind it."""
    if moment is None:
        return SafeString("–")
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(), f"{local:%Y-%m-%d %H:%M}", _ago(moment)
    )


def _ago(moment: dt.datetime) -> str:
    minutes = int((timezone.now() - moment).total_seconds() // 60)
    if minutes < 1:
        return _("刚刚")
    if minutes < 60:
        return ngettext("%(n)d 分钟前", "%(n)d 分钟前", minutes) % {"n": minutes}
    local = timezone.localtime(moment)
    days = (timezone.localdate() - local.date()).days
    if days == 0:
        return ngettext("%(n)d 小时前", "%(n)d 小时前", minutes // 60) % {"n": minutes // 60}
    if days == 1:
        return _("昨天")
    if days < 7:
        return ngettext("%(n)d 天前", "%(n)d 天前", days) % {"n": days}
    return f"{local:%Y-%m-%d}"


# Forms


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A form field: label, control, help, errors, joined for assistive technology."""
    widget = bound.field.widget
    attributes: dict[str, Any] = {}
    described = [f"{bound.id_for_label}_help"] if bound.help_text else []
    if bound.errors:
        attributes["aria-invalid"] = "true"
        described.append(f"{bound.id_for_label}_error")
    if described:
        attributes["aria-describedby"] = " ".join(described)
    return {
        "field": bound,
        "control": bound.as_widget(attrs=attributes),
        "group": isinstance(widget, RadioSelect | CheckboxSelectMultiple),
        "check": isinstance(widget, CheckboxInput),
    }
