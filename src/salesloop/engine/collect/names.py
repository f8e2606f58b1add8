"""Names of columns out of the cells of a header: joined, cleaned, unique, with their units split off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from salesloop.engine.collect.raw import ROW, position_name

UNITS: Final = (
    "元|千元|万元|百万元|千万元|亿元|人民币|人民币元|美元|万美元|港元|港币|欧元|日元|新台币|台币"
    "|￥|¥|\\$|€|RMB|CNY|USD|HKD|TWD|EUR|JPY|GBP|%|％|‰|百分比|万|亿|千"
    "|件|个|台|套|箱|盒|瓶|包|只|双|本|张|条|吨|千克|公斤|克|kg|g|t|升|L|米|m|㎡|平方米|pcs"
    "|人|人次|次|户|家|单|笔|天|日|小时|分钟|分|秒|月|年|个月|day|days|hour|hours|minute|minutes|h|min|s"
)
_BRACKETED: Final = re.compile(
    rf"^(?P<name>.*?)\s*[（(\[【]\s*(?:单位|單位|unit)?\s*[:：]?\s*(?P<unit>{UNITS})\s*[)）\]】]$", re.IGNORECASE
)
_SLASHED: Final = re.compile(rf"^(?P<name>.+?)\s*/\s*(?P<unit>{UNITS})$", re.IGNORECASE)
_STATED: Final = re.compile(rf"(?:单位|單位|unit)\s*[:：]\s*(?P<unit>{UNITS})(?:$|[\s,，;；)）])", re.IGNORECASE)
_BREAK: Final = re.compile(r"\s*[\r\n]+\s*")
_ASCII_WORD_ENDS: Final = re.compile(r"(?<=[\x21-\x7e])\s*[\r\n]+\s*(?=[\x21-\x7e])")
SEPARATOR: Final = " / "
_ABOVE_DAYS: Final = re.compile(r"^(?:(?:19|20)\d{2}\s*年?度?|日期|时间)$")


def column_names(
    header: Sequence[Sequence[str | None]], width: int, *, merges: bool = False
) -> tuple[list[str], dict[str, str], list[bool]]:
    """Names for `width` columns out of header rows (top first), their units, and which of them had a header at all.

    Rows are joined by " / " where they say different things. A group name reaches over the cells that its merged cell
    covers (`merges`: they are None), else over the blank cells right of it.
    Columns without a name are called 列N by position; repeated names get " (2)", " (3)" ….
    """
    merged = merges and any(cell is None for row in header for cell in row[:width])
    rows = []
    for row in header:
        padded = [*row[:width], *[""] * (width - len(row))]
        blank = (None,) if merged else ("", None)
        rows.append(padded if row is header[-1] and not merged else _spread(padded, blank))
    names: list[str] = []
    units: dict[str, str] = {}
    given = []
    for position in range(width):
        parts: list[str] = []
        for row in rows:
            part = _clean(row[position])
            if part and part not in parts:
                parts.append(part)
        name, unit = _split_parts(parts)
        given.append(bool(parts))
        name = _unique(name or position_name(position), [ROW, *names])
        names.append(name)
        if unit:
            units[name] = unit
    return names, units, given


def _spread(row: Sequence[str | None], blank: tuple[str | None, ...]) -> list[str | None]:
    """A name fills the `blank` cells right of it."""
    carried: str | None = None
    out = []
    for cell in row:
        carried = carried if cell in blank or (cell is not None and not cell.strip() and "" in blank) else cell
        out.append(carried)
    return out


def _clean(cell: str | None) -> str:
    text = _ASCII_WORD_ENDS.sub(" ", (cell or "").strip())
    return _BREAK.sub("", text).replace("\u3000", " ").strip()


def _unique(name: str, taken: Sequence[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"


def split_unit(name: str) -> tuple[str, str | None]:
    """销售额（万元） → 销售额, 万元. A name that is nothing but a unit stays whole."""
    for pattern in (_BRACKETED, _SLASHED):
        match = pattern.match(name)
        if match and match["name"].strip():
            return match["name"].strip().removesuffix(SEPARATOR.strip()).strip(), match["unit"]  # a row of units below
    return name, None


def _split_parts(parts: Sequence[str]) -> tuple[str, str | None]:
    """The parts joined, and the unit that the lowest of them states: 金额（万元） over 计划 counts in 万元.

    月 and 日 below a year are parts of a date, no units.
    """
    if len(parts) > 1 and parts[-1] in ("月", "日") and _ABOVE_DAYS.match(parts[0]):
        return SEPARATOR.join(parts), None
    bare, stated = zip(*map(split_unit, parts), strict=True) if parts else ((), ())
    name, unit = split_unit(SEPARATOR.join(bare))
    return name, unit or next((one for one in reversed(stated) if one), None)


def stated_unit(titles: Sequence[str]) -> str | None:
    """The unit that the rows above a table state for all of it: 单位：万元, or 地区生产总值(亿元)."""
    for title in titles:
        match = _STATED.search(title) or _BRACKETED.match(title.strip())
        if match:
            return match["unit"]
    return None
