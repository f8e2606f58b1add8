"""What media and platforms say of the demo company: steady talk, and complaints while printing devices are short."""

from __future__ import annotations

import numpy as np

from salesloop.demo.company import Columns
from salesloop.demo.stories import Stories

DAYS = 400
A_DAY = 1.6
PLATFORMS = {"微博": 0.2, "知乎": 0.15, "小红书": 0.15, "京东评价": 0.35, "行业媒体": 0.15}
TONES = ["正面", "中性", "负面"]
TOPICS = {
    "打印质量": (5, [0.6, 0.22, 0.18], ["打出来很清楚", "打印效果中规中矩", "用了半年开始卡纸"]),
    "售后服务": (4, [0.45, 0.2, 0.35], ["上门快，讲解耐心", "按流程报修", "客服电话一直没人接"]),
    "价格": (3, [0.3, 0.4, 0.3], ["性价比不错", "和同行差不多", "又涨价了"]),
    "易用性": (3, [0.6, 0.25, 0.15], ["装好就能用", "说明书还算清楚", "驱动装了三次才成功"]),
    "耗材": (2, [0.3, 0.35, 0.35], ["硒鼓耐用", "原装耗材有点贵", "兼容耗材认不出来"]),
    "供货": (1, [0.3, 0.4, 0.3], ["第二天就到货", "下单后等了一周", "断货半个月了还没消息"]),
}


def build_mentions(rng: np.random.Generator, stories: Stories) -> Columns:
    """Mentions of the last year and a bit, the oldest first."""
    days = np.repeat(np.arange(DAYS), rng.poisson(A_DAY, DAYS))
    at = np.datetime64(stories.today, "m") - days[::-1] * 1440 + rng.integers(8 * 60, 22 * 60, len(days)) - 1440
    short = at >= np.datetime64(stories.shortage_start, "m")
    names = list(TOPICS)
    weights = np.array([TOPICS[name][0] for name in names], dtype=float)
    usual, late = weights / weights.sum(), weights + 6.0 * (np.array(names) == "供货")
    topic = np.where(
        short, rng.choice(names, len(days), p=late / late.sum()), rng.choice(names, len(days), p=usual)
    ).astype(object)
    tone = np.array(
        [
            rng.choice(3, p=[0.08, 0.2, 0.72] if name == "供货" and missing else TOPICS[name][1])
            for name, missing in zip(topic, short, strict=True)
        ]
    )
    return {
        "published_at": at,
        "platform": rng.choice(list(PLATFORMS), len(days), p=list(PLATFORMS.values())).astype(object),
        "topic": topic,
        "tone": np.array([TONES[place] for place in tone], dtype=object),
        "text": np.array([TOPICS[name][2][place] for name, place in zip(topic, tone, strict=True)], dtype=object),
        "url": np.array([f"https://talk.example/{number}" for number in range(1, len(days) + 1)], dtype=object),
    }
