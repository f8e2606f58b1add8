"""A report with every kind of block, its numbers chosen by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from salesloop.engine.model.text import Lang
from salesloop.engine.report import document as doc
from salesloop.engine.report.chart import Annotation, Band, ChartSpec, Series, SideColumn
from salesloop.engine.report.table import Column, Table

WEEKS = tuple(f"W{number}" for number in range(34, 47))
REVENUE = tuple(
    Decimal(text)
    for text in [
        "2310400.50",
        "2405120.00",
        "2288900.25",
        "2512330.10",
        "2610044.80",
        "2544310.00",
        "2702119.90",
        "2655010.35",
        "2810775.00",
        "2733200.40",
        "2601450.75",
        "2512008.20",
        "2846021.50",
    ]
)
LAST_YEAR = tuple(value * Decimal("0.88") for value in REVENUE)
TARGET = tuple(Decimal(value) for value in [2400000] * 6 + [2600000] * 4 + [2800000] * 3)


def spark(values: tuple[Decimal | float, ...], format: Literal["money", "percent", "count"]) -> ChartSpec:
    return ChartSpec("sparkline", "走势", WEEKS[-len(values) :], (Series("本周", values),), format)


def cards() -> tuple[doc.KpiCard, ...]:
    pace = doc.Attainment("11 月达成", 0.684, Decimal(12000000), 0.7, "进度")
    return (
        doc.KpiCard(
            "revenue", "销售额", REVENUE[-1], "money", "up", "", "CNY",
            (doc.KpiChange("环比", 0.1328), doc.KpiChange("同比", 0.1364)), pace, spark(REVENUE, "money"),
        ),
        doc.KpiCard(
            "gross_margin", "毛利率", 0.3182, "percent", "up", "", "CNY",
            (doc.KpiChange("环比", -0.009), doc.KpiChange("同比", 0.014)),
            doc.Attainment("达成", 0.972, 0.327, None, "目标 32.7%"), spark((0.31, 0.33, 0.327, 0.321, 0.318), "percent"),
        ),
        doc.KpiCard(
            "win_rate", "赢单率", 0.631, "percent", "up", "", "CNY",
            (doc.KpiChange("环比", 0.02), doc.KpiChange("同比", 0.006)), None, spark((0.58, 0.6, 0.59, 0.62, 0.631), "percent"),
        ),
        doc.KpiCard(
            "new_customers", "新客户", 148, "count", "up", "家", "CNY",
            (doc.KpiChange("环比", -0.114), doc.KpiChange("同比", 0.035)),
            doc.Attainment("11 月达成", 0.587, 600, 0.7, "进度"), spark((150, 160, 171, 167, 148), "count"),
        ),
        doc.KpiCard(
            "tickets", "投诉", 9, "count", "down", "件", "CNY",
            (doc.KpiChange("环比", -0.25), doc.KpiChange("同比", None)), None, spark((14, 12, 15, 12, 9), "count"),
        ),
    )  # fmt: skip


def trend() -> ChartSpec:
    return ChartSpec(
        "trend",
        "销售额：近 13 周",
        WEEKS,
        (Series("本年", REVENUE), Series("去年", LAST_YEAR, "comparison"), Series("目标", TARGET, "target")),
        "money",
        category_name="周",
        annotations=(Annotation(11, "华东分销断货"),),
        note="最后一周截至 11-21，与上一周的同一段比较。",
        partial_last=True,
    )


def teams() -> Table:
    rows = (
        ("上海一部", Decimal("3124000.00"), 0.062, 0.826, Decimal(244000)),
        ("杭州部", Decimal("2880150.50"), -0.013, 0.771, Decimal(317000)),
        ("南京部", Decimal("2415000.00"), 0.004, 0.698, Decimal(387000)),
        ("=cmd|' /C calc'!A0", Decimal("2052000.00"), None, 0.613, Decimal(480000)),
        ("合计", Decimal("10471150.50"), 0.021, 0.735, Decimal(1428000)),
    )
    columns = (
        Column("部门"),
        Column("销售额", "number", "money"),
        Column("环比", "change", "money"),
        Column("达成与进度", "progress", "percent"),
        Column("每日还需", "number", "money"),
    )
    return Table("团队达成", columns, rows, "达成为 11 月累计。", 0.7, frozenset({4}))


def effect_chart() -> ChartSpec:
    return ChartSpec(
        "effect",
        "复购率：行动前后",
        WEEKS,
        (
            Series(
                "华东大客户", (0.21, 0.215, 0.208, 0.212, 0.22, 0.218, 0.213, 0.235, 0.24, 0.244, 0.251, 0.249, 0.255)
            ),
            Series("应有水平", (None,) * 7 + (0.218, 0.219, 0.22, 0.219, 0.221, 0.222), "comparison"),
        ),
        "percent",
        band=Band("95% 区间", (None,) * 7 + (0.208,) * 6, (None,) * 7 + (0.232,) * 6),
        event=Annotation(7, "行动开始"),
        category_name="周",
    )


def sample_report(lang: Lang = "zh-Hans") -> doc.Report:
    ranking = ChartSpec(
        "bars", "产品排名", ("激光打印机", "机架服务器", "交换机", "墨盒"),
        (Series("销售额", (Decimal(980000), Decimal("755000.5"), Decimal(401000), Decimal(88000))),), "money",
        category_name="产品", side=(SideColumn("环比", ("▲6.2%", "▼1.3%", "▲0.4%", "–")),),
    )  # fmt: skip
    causes = ChartSpec(
        "waterfall", "为什么环比 +33.4 万", ("上周", "价格", "销量", "结构", "新客", "流失", "本周"),
        (Series("销售额", tuple(Decimal(text) for text in ["2512008.20", "58200", "261500", "-84300", "138000", "-39386.70", "2846021.50"])),), "money",
    )  # fmt: skip
    findings = (
        doc.FindingRow(
            "high", "低于预期", "华东分销销售额比预期低 18.4%", "行动中",
            ("72% 来自分销 × 打印设备，自 11-12 起断货",), "张伟", dt.date(2026, 11, 19), "确认补货日期",
        ),
        doc.FindingRow("medium", "过程", "数据录入及时率降到 71%，目标 90%", "未指派", (), "", dt.date(2026, 11, 12)),
    )  # fmt: skip
    actions = (
        doc.ActionRow(
            "大客户回访", "已闭环", "王芳", dt.date(2026, 11, 10), False, "复购率 +3 pp", "improved",
            "复购率上升 3.2 pp（95% 区间 1.1 至 5.3），与 14 个可比客户群相比，安慰剂检验通过。", effect_chart(),
        ),
        doc.ActionRow("补齐打印设备库存", "进行中", "张伟", dt.date(2026, 11, 18), True, "+86 万元"),
    )  # fmt: skip
    return doc.Report(
        "weekly",
        "销售周报",
        "华东大区 · 2026 年第 46 周（11-09 至 11-15）",
        "示例科技",
        lang,
        doc.Stamp(218, dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8))), dt.date(2026, 11, 20), dt.date(2026, 11, 21)),
        (
            doc.Text(
                ("本周销售额 284.6 万元，环比上升 13.3%，同比上升 13.6%。", "11 月目标达成 68.4%，时间进度 70.0%，落后 1.6 pp。"),
                ("good", "bad"),
            ),
            doc.KpiStrip(cards()),
            doc.Chart(trend()),
            doc.Heading("为什么，在哪里", new_page=True),
            doc.Columns((doc.Chart(causes), doc.Chart(ranking))),
            teams(),
            doc.Heading("发现与行动"),
            doc.FindingList("发现", findings, "这一周没有发现。"),
            doc.ActionList("行动与效果", actions, "没有行动。"),
        ),
    )  # fmt: skip
