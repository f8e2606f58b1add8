"""Sheets that are no data: forms to fill in, dictionaries of fields, instructions, covers. What is refused has a reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import pyarrow as pa

from salesloop.engine.collect.cells import is_filled, kind_of
from salesloop.engine.collect.header import Row, said
from salesloop.engine.collect.raw import ROW, Grid

Reason = Literal["form_sheet", "dictionary_sheet", "text_sheet"]

# Longer sheets are lists of something.
_LONGEST: Final = 60
_FORM: Final = re.compile(
    r"(?:报销|审批|申请|审核|验收|评审|请假|出差|借款|付款|开票|用章|移交|面试|登记)\s*(?:单|表|书|卡)$"
    r"|(?:expense claim|application form|approval form|request form)$",
    re.IGNORECASE,
)
_SIGNED: Final = re.compile(
    r"签字|签名|盖章|签章|審批|审批人|审批意见|申请人|报销人|经办人|领导意见|部门意见|signature|approved by",
    re.IGNORECASE,
)
_FIELD: Final = re.compile(
    r"^(?:字段|字段名称?|字段编码|列名|变量名?|属性名?|英文名称?|中文名称?|field|field name|column|column name|variable|attribute)$",
    re.IGNORECASE,
)
_TYPE: Final = re.compile(
    r"^(?:类型|字段类型|数据类型|长度|是否必填|必填|是否主键|主键|格式|取值范围|type|data type|datatype|length|nullable|format)$",
    re.IGNORECASE,
)
_MEANING: Final = re.compile(
    r"^(?:说明|描述|含义|定义|字段说明|释义|注释|description|definition|meaning|comment)$", re.IGNORECASE
)
_INSTRUCTION: Final = re.compile(
    r"填写说明|填表说明|使用说明|操作说明|填报说明|填写须知|注意事项|使用指南|操作指南|操作步骤|说明文档|更新日志|修订记录|instructions?|read\s*me|how to",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(r"^\s*(?:[（(]?\d{1,2}[)）、.．]|[一二三四五六七八九十]{1,2}[、.．]|[①-⑳]|[-•●*]\s)")
_SENTENCE: Final = re.compile(r"[。；！？]|[a-z][.!?](?:\s|$)")


def reason_against(grid: Grid) -> Reason | None:
    """Why the sheet is no data, as a key of messages; None where it may be. A text file is data."""
    if grid.ragged:
        return None
    rows = _rows(grid)
    if rows is None:
        return None
    if _is_dictionary(rows):
        return "dictionary_sheet"
    if _is_text(rows, grid.name):
        return "text_sheet"
    return "form_sheet" if _is_form(rows) else None


def _rows(grid: Grid) -> list[Row] | None:
    """The rows that hold something; None where there are too many for anything but data."""
    names = [name for name in grid.cells.column_names if name != ROW]
    head = grid.cells.slice(0, 20 * _LONGEST)
    filled = np.zeros(head.num_rows, dtype=bool)
    for name in names:
        filled |= is_filled(head[name]).to_numpy()
    positions = np.flatnonzero(filled)
    if len(positions) > _LONGEST and not _may_be_dictionary(head, names, positions[:5]):
        return None
    looked = head.take(pa.array(positions[:_LONGEST]))
    return [list(row) for row in zip(*(looked[name].to_pylist() for name in names), strict=True)] if names else []


def _may_be_dictionary(
    head: pa.Table, names: Sequence[str], positions: np.ndarray[tuple[int], np.dtype[np.intp]]
) -> bool:
    return any(
        _FIELD.match((cell or "").strip())
        for name in names
        for cell in head[name].take(pa.array(positions)).to_pylist()
    )


def _is_dictionary(rows: Sequence[Row]) -> bool:
    """A header that asks for the name of a field, and its type or its meaning."""
    for row in rows[:5]:
        cells = said(row)
        if any(map(_FIELD.match, cells)) and any(_TYPE.match(c) or _MEANING.match(c) for c in cells):
            return len(cells) <= 12
    return False


def _is_text(rows: Sequence[Row], name: str) -> bool:
    """Sentences or numbered points one below the other, with a number before each at most."""
    texts = [max(said(row), key=len) for row in rows if said(row)]
    if len(texts) < 2 or sum(len(set(said(row))) <= 2 for row in rows) < 0.8 * len(texts):
        return False
    speaks = sum(bool(_NUMBERED.match(t) or _SENTENCE.search(t)) and len(t) > 6 for t in texts)
    announced = bool(_INSTRUCTION.search(name) or any(_INSTRUCTION.search(t) for t in texts[:2]))
    return speaks >= (0.3 if announced else 0.7) * len(texts)


def _is_form(rows: Sequence[Row]) -> bool:
    """Labels with what was filled in right of them, in a sheet that calls itself a form or asks for signatures."""
    titled = any(
        len(set(said(row))) == 1 and _FORM.search(said(row)[0].replace(" ", "")) for row in rows[:3] if said(row)
    )
    signed = sum(bool(_SIGNED.search(cell)) for row in rows for cell in said(row))
    if not titled and not signed:
        return False
    pairs = sum(_is_pairs(row) for row in rows)
    return pairs >= 3 and pairs >= 0.4 * len(rows) and (titled or signed > 1 or pairs >= 0.7 * len(rows))


def _is_pairs(row: Row) -> bool:
    """Short words, each followed by one value of its own or by room for it."""
    cells = [(cell or "").strip() for cell in row if cell is not None]
    while cells and not cells[-1]:
        cells.pop()
    labels, values = cells[::2], cells[1::2]
    short = all(label and len(label) <= 12 and kind_of(label) == "text" for label in labels)
    return (
        bool(labels)
        and short
        and (len(values) < len(labels) or any(not v or kind_of(v) != "text" or v not in labels for v in values))
        and len(cells) <= 8
    )
