"""One chart of every kind."""

from __future__ import annotations

from decimal import Decimal

from salesloop.engine.report.chart import Annotation, ChartSpec, Series, SideColumn
from tests.engine.report.sample import WEEKS, effect_chart, trend

MONTHS = ("1月", "2月", "3月")


def money(*amounts: str | int) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in amounts)


SPECS: dict[str, ChartSpec] = {
    "trend": trend(),
    "bars": ChartSpec(
        "bars", "团队", ("上海一部", "杭州部"),
        (Series("销售额", money("3124000", "2880000")), Series("目标", money("3824000", "3680000"), "target")), "money",
        side=(SideColumn("环比", ("▲6.2%", "▼1.3%")),),
    ),
    "diverging": ChartSpec(
        "bars", "变化", ("分销 × 打印设备", "直销", "电商"), (Series("变化", money(-720000, 180000, -5000)),), "money"
    ),
    "stacked": ChartSpec(
        "stacked", "渠道结构", MONTHS,
        (Series("直销", money(400000, 420000, 430000)), Series("分销", money(300000, 320000, 230000))), "money",
    ),
    "waterfall": ChartSpec(
        "waterfall", "为什么", ("上月", "价格", "销量", "本月"), (Series("销售额", money(12094000, 182000, -79800, 12196200)),), "money"
    ),
    "waterfall below zero": ChartSpec(
        "waterfall", "利润", ("上月", "价格", "销量", "成本", "本月"), (Series("利润", money(400000, -300000, -600000, 200000, -300000)),), "money"
    ),
    "funnel": ChartSpec(
        "funnel", "漏斗", ("线索", "商机", "赢单"), (Series("数量", (1840, 702, 201)),), "count",
        side=(SideColumn("转化", ("", "38.2%", "28.6%")),), highlight=(1,),
    ),
    "ring": ChartSpec("ring", "闭环", ("闭环率",), (Series("闭环率", (0.67,)),), "percent"),
    "sparkline": ChartSpec("sparkline", "走势", WEEKS[:5], (Series("赢单率", (0.58, None, 0.59, 0.62, 0.631)),), "percent"),
    "effect": effect_chart(),
    "heat": ChartSpec(
        "heat", "区域 × 产品", ("打印", "网络"), (Series("华东", money(4000000, 1200000)), Series("西北", (None, Decimal(150000)))), "money"
    ),
    "rate": ChartSpec(
        "trend", "赢单率", MONTHS, (Series("华东", (0.55, None, 0.631), "slice"), Series("华南", (0.5, 0.52, 0.51), "slice")),
        "percent", annotations=(Annotation(2, "大单"),),
    ),
}  # fmt: skip
