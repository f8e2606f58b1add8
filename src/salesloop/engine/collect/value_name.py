"""What the numbers of a table are called where only its title, sheet or file says so: 2025年销售目标（万元） → 销售目标."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

VALUE: Final = "数值"
_STATED: Final = re.compile(r"^\s*(?:指标|指標|统计指标|项目|indicator|measure)\s*[:：]\s*(.+)$", re.IGNORECASE)
_CAPTION: Final = re.compile(r"[:：]")
_BRACKETED: Final = re.compile(r"[（(\[【][^)）\]】]*[)）\]】]")
_PERIOD: Final = re.compile(
    r"(?:FY)?(?:19|20)\d{2}\s*(?:[-~至—]\s*(?:19|20)?\d{2,4})?\s*(?:年度?|财年)?|(?:\d{1,2}|[一二三四五六七八九十]+)\s*月份?|第?[一二三四1-4]季度?|[QqWw]\d{1,2}"
    r"|[上下]半年|全年|本年|当年|年度|月度|季度|每月|分月|逐月|各月|\d+"
)
_SPLIT_BY: Final = re.compile(
    r"(?:按|分|各)?(?:地区|区域|大区|省份?|城市|部门|团队|人员|业务员|销售员|员工|产品|品类|客户|门店|店铺|渠道|品牌|公司|集团)(?=.{2})"
)
_NOUN: Final = re.compile(
    r"(?:销售|业绩|回款|收款|营业|订单|开票|毛利|利润|费用|出货|发货|采购|库存|合同|配额)+"
    r"(?:目标|任务|计划|预算|总额|金额|额|收入|数量|量|指标|实际|率|数)*"
)
_ENDING: Final = re.compile(
    r"(?:情况)?(?:统计|汇总|明细|一览|分解|对比|分析|进度|跟踪)*(?:报?表|表格|台账|数据|清单)?$"
)
_GENERIC: Final = re.compile(r"^(?:sheet|工作表|table|表|data|report)[\s\d_#]*$", re.IGNORECASE)
_EDGES: Final = " _-·、,，.。之的各分"
_LONGEST: Final = 12


def value_name(context: Iterable[str]) -> str:
    """A name out of titles (top first), sheet and file name; `数值` where none of them gives one."""
    said = [text for text in context if text]
    for text in said:
        if match := _STATED.match(text):
            return _BRACKETED.sub("", match[1]).strip() or VALUE
    for text in (_BRACKETED.sub("", text) for text in said):
        if not _CAPTION.search(text) and not _GENERIC.match(text.strip()) and (name := _bare(text)):
            return name
    return VALUE


def _bare(text: str) -> str:
    text = _PERIOD.sub("", text).strip(_EDGES)
    if noun := _NOUN.search(text):
        return noun[0]
    text = _ENDING.sub("", _SPLIT_BY.sub("", text).strip(_EDGES)).strip(_EDGES)
    return text if 2 <= len(text) <= _LONGEST and not text.isascii() else ""
