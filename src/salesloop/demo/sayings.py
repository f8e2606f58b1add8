"""What customers of the demo company say on visits, in complaints and in surveys."""

from __future__ import annotations

import numpy as np

from salesloop.demo.company import Columns
from salesloop.demo.stories import Stories

OPENINGS = [
    "",
    "",
    "采购说",
    "王经理提到，",
    "客户反映",
    "对方说",
    "仓库主管说",
    "设备部的人说",
    "今天谈到，",
    "使用部门反映",
]
CLOSINGS = [
    "",
    "",
    "",
    "，下周再约",
    "，等内部开会",
    "，希望尽快答复",
    "，要和领导商量",
    "，月底前定",
    "，让我们出方案",
]
REMARKS = {
    "价格比同行高一成": 8, "价格可以接受": 6, "报价偏高，预算不够": 7, "希望大批量给折扣": 6, "单价合理，准备下单": 4,
    "担心明年涨价": 3, "觉得性价比高": 4,
    "交期太长，等不起": 5, "上次到货很准时": 5, "发货延迟了两天": 4, "物流太慢，催了两次": 4, "问下个月能不能交付": 5,
    "质量稳定，用着放心": 7, "打印机经常卡纸": 5, "硒鼓漏粉，要求换货": 4, "做工不错": 3, "扫描仪用了半年就坏了": 2,
    "服务态度很好，回复快": 6, "客服电话没人接": 3, "对接的人换了两次，沟通不顺": 3, "技术支持很专业": 4,
    "远景打印也来报过价": 4, "在和蓝鲸条码对比": 4, "竞争对手给的账期更长": 3, "北斗标识的样机正在试用": 2,
    "希望账期放宽到六十天": 5, "资金紧张，尾款要晚一点": 3, "月结没有问题": 3,
    "希望支持无线打印": 4, "软件和仓库系统不兼容": 3, "功能齐全，上手快": 4, "打印速度慢，满足不了旺季": 2,
    "外箱破损，里面受潮": 2, "包装完好": 2,
    "维修及时，当天修好": 3, "报修一周没人修": 3, "问保修能不能延长": 3, "耗材配件不好买": 2,
    "常用型号有现货": 2, "仓库缺货，补货慢": 2, "发票开错了，要重开": 2, "合同还在走盖章": 3,
    "明年准备扩产，设备要增加": 4, "想先试用样机": 4, "准备续签年度合同": 3, "项目暂停，等总部通知": 2,
    "只是例行拜访，聊了近况": 8, "负责人出差，没有见到": 6,
}  # fmt: skip
SHORTAGE = [
    "打印设备断货，门店没货卖",
    "热敏打印机一直没有现货",
    "供不上货，准备换供应商",
    "断货半个月，客户在催",
    "打印设备缺货，想先拿别家的",
]
COMPLAINTS = {
    "产品质量": ["打印机经常卡纸，影响发货", "硒鼓漏粉，纸面发黑", "扫描头坏了，刚用三个月", "打印有划痕，客户拒收", "机器异响，怀疑主板故障"],
    "交付延迟": ["发货延迟一周，误了工期", "说好周三到货，现在还没到", "物流太慢，一直查不到", "只到了一半，另一半没有说法"],
    "安装服务": ["安装师傅没有按约上门", "安装后没有培训，不会操作", "驱动装不上，软件不兼容", "上门安装很快，态度好"],
    "开票问题": ["发票开错抬头，要重开", "专票一个月没收到", "对不上账，请核对", "税点和合同不一致"],
    "售后响应": ["报修三天没人联系", "售后电话没人接", "修了两次还是不行", "备件要等半个月，太慢"],
}  # fmt: skip
ANSWERS = {
    1: ["非常失望，不会再买", "售后没人管", "质量太差，退货还推诿"],
    2: ["发货慢，客服回复慢", "价格偏高，服务一般", "打印机老卡纸"],
    3: ["总体还行，物流可以再快一点", "质量可以，价格有点贵", "操作复杂，希望有培训"],
    4: ["质量不错，服务也好", "到货快，包装完好", "客户经理专业，沟通顺畅", "性价比高"],
    5: ["非常满意，会推荐给同行", "用了三年很稳定", "服务到位，响应及时", "一如既往地好，准备追加"],
}  # fmt: skip
WRITTEN = 0.62
"""The share of activities in which somebody wrote down what was said."""


def on_visits(rng: np.random.Generator, short: np.ndarray) -> np.ndarray:
    """One text an activity, '' where nothing was written. `short`: where customers miss goods, most speak of that."""
    size = len(short)
    weight = np.array(list(REMARKS.values()), float)
    remark = rng.choice(np.array(list(REMARKS), object), size, p=weight / weight.sum())
    missed = short & (rng.random(size) < 0.6)
    remark[missed] = rng.choice(np.array(SHORTAGE, object), int(missed.sum()))
    opening, closing = (rng.choice(np.array(words, object), size) for words in (OPENINGS, CLOSINGS))
    return np.where(rng.random(size) < WRITTEN, opening + remark + closing, "")


def chosen(
    rng: np.random.Generator, pools: dict[str, list[str]] | dict[int, list[str]], keys: np.ndarray
) -> np.ndarray:
    """One text a key, from the pool of that key."""
    out = np.empty(len(keys), object)
    for key, pool in pools.items():
        here = keys == key
        out[here] = rng.choice(np.array(pool, object), int(here.sum()))
    return out


def add_sayings(rng: np.random.Generator, columns: dict[str, Columns], customers: Columns, stories: Stories) -> None:
    """Give activities, tickets and surveys their texts, in place; where goods were short, customers speak of it."""
    visits = columns["activities"]
    customer = visits["customer"]
    short = (
        (customers["region"][customer] == stories.shortage_region)
        & (customers["channel"][customer] == stories.shortage_channel)
        & (visits["event_time"].astype("datetime64[D]") >= np.datetime64(stories.shortage_start))
    )
    visits["feedback"] = on_visits(rng, short)
    columns["tickets"]["description"] = chosen(rng, COMPLAINTS, columns["tickets"]["category"])
    answers = chosen(rng, ANSWERS, columns["surveys"]["score"])
    columns["surveys"]["answer"] = np.where(rng.random(len(answers)) < WRITTEN, answers, "")
