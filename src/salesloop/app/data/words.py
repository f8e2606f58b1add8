"""Names of things of the engine, in the language of this request."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from salesloop.app.ui.language import current_lang
from salesloop.app.workspace.services import workspace

SKIPPED = {
    "blank": gettext_noop("空行"),
    "title": gettext_noop("标题行"),
    "header": gettext_noop("重复的表头"),
    "total": gettext_noop("合计行"),
    "note": gettext_noop("备注行"),
    "empty_cell": gettext_noop("空单元格"),
    "unused": gettext_noop("没有行用到的补充记录"),
}
FORMATS = {
    "delimited": gettext_noop("文本表格"),
    "workbook": gettext_noop("工作簿"),
    "parquet": "Parquet",
    "json": "JSON",
}

ENCODINGS = {
    "utf-8": "UTF-8",
    "gb18030": gettext_noop("简体中文（GBK、GB18030）"),
    "big5": gettext_noop("繁体中文（Big5）"),
    "utf-16": "UTF-16",
    "cp1252": gettext_noop("西欧文字（Windows-1252）"),
}
"""Encodings to choose from, in the words of people."""

REASONS = {
    "unreadable_money": gettext_noop("金额读不懂"),
    "unreadable_quantity": gettext_noop("数量读不懂"),
    "unreadable_decimal": gettext_noop("数字读不懂"),
    "unreadable_integer": gettext_noop("整数读不懂"),
    "unreadable_percent": gettext_noop("比例读不懂"),
    "unreadable_date": gettext_noop("日期读不懂"),
    "unreadable_datetime": gettext_noop("时间读不懂"),
    "unreadable_boolean": gettext_noop("是否读不懂"),
    "unreadable_phone": gettext_noop("电话读不懂"),
    "unreadable_email": gettext_noop("邮箱读不懂"),
    "unreadable_currency": gettext_noop("币种读不懂"),
    "unknown_choice": gettext_noop("没有这个选项"),
    "excel_error": gettext_noop("公式错误"),
    "excel_rounded": gettext_noop("编号被改成科学记数"),
    "missing_required": gettext_noop("缺少必填内容"),
    "ragged_row": gettext_noop("单元格数与表头不一致"),
    "broken_quotes": gettext_noop("引号不成对"),
    "check_failed": gettext_noop("不符合检查规则"),
}


def reason_words(reason: str) -> str:
    """Why a row waits, in a few words for a list."""
    return _(REASONS.get(reason, reason))


def entity_label(name: str) -> str:
    """The name of an entity; its id where the model no longer has it."""
    model = workspace().model
    return model.entity(name).label.get(current_lang()) if model.has(name) else name


def field_label(path: str) -> str:
    """`order_line.amount` → its label, without the entity."""
    entity, name = path.split(".", maxsplit=1)
    model = workspace().model
    if name == "path":
        return _("层级（%(entity)s）") % {"entity": entity_label(entity)}
    if not model.has(entity) or not model.entity(entity).has(name):
        return path
    return model.entity(entity).field(name).label.get(current_lang())


def skipped_words(skipped: Mapping[str, int]) -> str:
    """Rows that are no data, by reason: `空行 3、合计行 1`."""
    parts = [f"{_(SKIPPED.get(reason, reason))} {rows}" for reason, rows in skipped.items() if rows]
    return (", " if current_lang() == "en" else "、").join(parts)


def encoding_words(encoding: str) -> str:
    """`gb18030` → 简体中文（GBK、GB18030）; the name of the codec where people have no word for it."""
    return _(ENCODINGS[encoding]) if encoding in ENCODINGS else encoding


def size_words(size: int) -> str:
    """A file size for people."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} kB"
    return f"{size / 1024 / 1024:.1f} MB"
