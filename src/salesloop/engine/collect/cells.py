"""What a text cell looks like: blank, number, date or words. Patterns in RE2 syntax, so that Arrow and Python share them."""

from __future__ import annotations

import re
from typing import Final, Literal

import pyarrow as pa
import pyarrow.compute as pc

Kind = Literal["blank", "number", "date", "text"]

NUMBER: Final = (
    r"^[-−+(（]?\s*(?:[¥￥$€£]|RMB|CNY|USD)?\s*[-−]?(?:[\d０-９][\d０-９,，]*(?:[.．][\d０-９]*)?|[.]\d+)"
    r"(?:[eE][-+]?\d+)?\s*[%％‰]?\s*(?:[万亿百千wWkK]*(?:元整?|[件个台箱只支套双瓶吨片根盒包袋桶卷张把辆块份打])?)[)）]?$"
    # 壹拾贰万伍仟元整: an amount as it stands on cheques.
    r"|^(?:人民币|人民幣)?[零壹贰貳叁參肆伍陆陸柒捌玖拾佰仟万萬亿億]+[元圆圓][零壹贰貳叁參肆伍陆陸柒捌玖角分整正]*$"
)
_WEEKDAY: Final = r"(?:\s*[（(]?(?:星期|[周週])[一二三四五六日天][)）]?)?"
_TIME: Final = r"(?:(?:[ T]|\s*[上下]午\s*)\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?(?:\s*(?:AM|PM|am|pm))?(?:Z|\s?[+-]\d{2}:?\d{2})?)?"
DATE: Final = (
    r"^(?:(?:19|20)\d{2}[-/.年](?:0?[1-9]|1[0-2])(?:[-/.月]\d{1,2}日?)?月?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d{2}"
    r"|\d{2}年\d{1,2}月(?:\d{1,2}日)?"
    r"|\d{1,2}[- ][A-Za-z]{3}[- ](?:19|20)?\d{2})" + _WEEKDAY + _TIME + r"$"
)
# Words by which systems write that there is nothing.
NOTHING: Final = r"^(?i:null|none|nan|n/a|na|#n/a|nil|无|空|[-—/\\]+)?$"

_NUMBER: Final = re.compile(NUMBER)
_DATE: Final = re.compile(DATE)
_NOTHING: Final = re.compile(NOTHING)


def kind_of(cell: str | None) -> Kind:
    """The kind of one cell; words for nothing (NULL, -, N/A) count as blank."""
    text = (cell or "").strip()
    if _NOTHING.match(text):
        return "blank"
    if _DATE.match(text):
        return "date"
    return "number" if _NUMBER.match(text) else "text"


def trimmed(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Without blanks of any script at either end; NULL becomes ''."""
    return pc.fill_null(pc.utf8_trim_whitespace(values), "")


def is_filled(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whether each cell holds anything but blanks."""
    holds = pc.and_not(pc.greater(pc.binary_length(values), 0), pc.utf8_is_space(values))
    return pc.fill_null(holds, False)
