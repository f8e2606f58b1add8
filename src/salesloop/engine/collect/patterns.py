"""What values look like: forms by which a column is known for what it holds."""

from __future__ import annotations

import re
from typing import Final

EMAIL: Final = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
PHONE: Final = re.compile(r"^[+(]?\d[\d\s()./+-]{5,}\d(?:\s*(?:转|x|ext)\.?\s*\d+)?$", re.IGNORECASE)
COMPACT_DATE: Final = re.compile(r"^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$")
YEAR: Final = re.compile(r"^(?:19|20)\d{2}$")
SERIAL: Final = re.compile(r"^[2-6]\d{4}(?:\.\d+)?$")
FRACTION: Final = re.compile(r"\.\d*[1-9]")
TRUTH: Final = frozenset(
    (
        "0",
        "1",
        "y",
        "n",
        "yes",
        "no",
        "true",
        "false",
        "t",
        "f",
        "是",
        "否",
        "有",
        "无",
        "√",
        "×",
        "对",
        "错",
        "真",
        "假",
    )
)
PERCENT: Final = re.compile(r"^[-−]?[\d.,]+\s*[%％]$")
CURRENCY: Final = re.compile(r"^[A-Za-z]{3}$|[元币幣圆镑¥￥$€£]")
CREDIT_CODE: Final = re.compile(r"^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$")
CODE: Final = re.compile(r"^(?=.*\d)[A-Za-z0-9][A-Za-z0-9._/-]{2,29}$")
COMPANY: Final = re.compile(
    r"(?:公司|集团|厂|店|院|校|中心|银行|商行|合作社|事务所|研究所|经营部|工作室|贸易|科技|超市)$"
    r"|\b(?:inc|ltd|llc|corp|co|gmbh|company|group|plc|s\.a)\.?$",
    re.IGNORECASE,
)
# The hundred surnames that nine people in ten have, and the compound ones.
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "張劉陳楊黃趙吳孫馬羅鄭許謝馮鄧蕭葉蘇呂韋盧譚陸賈鄒閻龍顧龔嚴錢湯"
)
PERSON: Final = re.compile(rf"^(?:[{_SURNAMES}]|欧阳|司马|上官|诸葛|東方|歐陽)[\u4e00-\u9fff]{{1,2}}$")
PLACE: Final = re.compile(
    r"^(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南"
    r"|陕西|甘肃|青海|台湾|臺灣|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|華東|华东|华南|华北|华中|西南|西北|东北)"
    r"(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区|地区|大区)?$"
)
