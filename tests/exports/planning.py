"""Sheets that people keep by hand: targets by month, daily reports, several tables in a sheet, a sheet a month."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from xlsxwriter import Workbook

from tests.exports.export import Export, Row, put, sheets


def _targets(path: Path) -> None:
    """年度目标分解: quarters that sum their months stand between them, departments are merged and summed up."""
    months = [[f"{3 * q + m}月" for m in (1, 2, 3)] + [f"{'一二三四'[q]}季度小计"] for q in range(4)]
    header = ["部门", "姓名", *[name for quarter in months for name in quarter], "全年合计"]

    def row(team: str | None, who: str | None, month: int) -> list[object]:
        return [team, who, *[month, month, month, 3 * month] * 4, 12 * month]

    with Workbook(path) as book:
        sheet = book.add_worksheet("目标分解")
        sheet.merge_range(0, 0, 0, len(header) - 1, "2026年销售目标分解表（单位：万元）")
        put(sheet, [header, row(None, "张伟", 10), row(None, "李娜", 20), row("华东小计", None, 30)], 1)
        put(sheet, [row(None, "陈静", 15), row(None, "黄磊", 5), row("华南小计", None, 20), row("总计", None, 50)], 5)
        sheet.merge_range("A3:A4", "华东")
        sheet.merge_range("A6:A7", "华南")


def _daily(path: Path) -> None:
    """销售日报: the days of a month side by side, the year in the title, one sum at the right and one at the end."""
    days = [f"{day}日" for day in range(1, 32)]
    with Workbook(path) as book:
        sheet = book.add_worksheet("10月日报")
        sheet.merge_range(0, 0, 0, 33, "2026年10月各门店销售日报表")
        put(sheet, [["门店", "店长", *days, "合计"]], 1)
        put(sheet, [["中山路店", "何琳", *[100] * 31, 3100], ["人民广场店", "徐凯", *[200] * 30, None, 6000]], 2)
        put(sheet, [["合计", None, *[300] * 30, 100, 9100]], 4)


def _two_tables(path: Path) -> None:
    """Orders, and below them, after titles and signatures, the payments of the same month."""
    with Workbook(path) as book:
        sheet = book.add_worksheet("10月")
        orders: list[Row] = [
            ["一、本月订单"],
            ["订单编号", "订单日期", "客户名称", "产品", "数量", "金额（万元）"],
            ["D1", dt.date(2026, 10, 2).isoformat(), "合肥阳光电源", "逆变器", 4, 12.5],
            ["D2", "2026-10-15", "芜湖奇瑞", "充电桩", 2, 6],
            [],
            [],
            ["合计", None, None, None, 6, 18.5],
            [],
            ["二、本月回款"],
            ["回款日期", "客户名称", "回款金额（元）", "回款方式", "备注"],
            ["2026-10-20", "合肥阳光电源", 100000, "电汇", None],
            ["2026-10-28", "芜湖奇瑞", 20000, "银行承兑", "6个月"],
            ["合计", None, 120000, None, None],
            [],
            ["制表人：何琳", None, None, "日期：2026-11-01"],
        ]
        put(sheet, orders)


def _sheet_a_month(path: Path) -> None:
    """A sheet for each month with the same header, and one that sums them up by formulas."""
    header = ["订单编号", "日期", "客户名称", "销售额", "业务员"]
    with Workbook(path) as book:
        summary = book.add_worksheet("汇总")
        put(summary, [["月份", "订单数", "销售额"], ["1月", 2, 300], ["2月", 1, 500], ["合计", 3, 800]])
        put(
            book.add_worksheet("1月"),
            [header, ["A1", "2026-01-05", "甲公司", 100, "张伟"], ["A2", "2026-01-09", "乙公司", 200, "李娜"]],
        )
        put(book.add_worksheet("2月"), [header, ["B1", "2026-02-05", "甲公司", 500, "张伟"]])
        book.add_worksheet("3月")


STACKED: Final[list[Row]] = [
    ["区域销售业绩表"],
    ["单位：万元"],
    ["大区", "省份", "负责人", "2026年1季度", None, None, "2026年2季度", None, None],
    [None, None, None, "销售收入", "销售成本", "毛利率", "销售收入", "销售成本", "毛利率"],
    ["华东", "江苏", "张伟", 120, 90, "25.0%", 130, 91, "30.0%"],
    [None, "浙江", "李娜", 80, 60, "25.0%", 100, 75, "25.0%"],
    ["华东小计", None, None, 200, 150, "25.0%", 230, 166, "27.8%"],
    ["华南", "广东", "陈静", 300, 210, "30.0%", 310, 217, "30.0%"],
    ["总计", None, None, 500, 360, "28.0%", 540, 383, "29.1%"],
]  # fmt: skip


def _receivables(path: Path) -> None:
    """应收明细 with the ages of what is due side by side, which sum up to the balance, and a total after blank rows."""
    with Workbook(path) as book:
        sheet = book.add_worksheet("应收账款明细")
        sheet.merge_range("A1:J1", "应收账款账龄明细表")
        put(sheet, [["截止日期：2026-10-31", *[None] * 8, "单位：元"]], 1)
        sheet.merge_range("A3:A4", "发票号码")
        sheet.merge_range("B3:B4", "客户名称")
        sheet.merge_range("C3:C4", "开票日期")
        sheet.merge_range("D3:D4", "到期日")
        sheet.merge_range("E3:E4", "开票金额")
        sheet.merge_range("F3:F4", "已收金额")
        sheet.merge_range("G3:J3", "未收账龄")
        put(sheet, [[None] * 6 + ["30天以内", "31-60天", "61-90天", "90天以上"]], 3)
        rows: list[Row] = [
            ["04412001", "厦门金龙", "2026-10-12", "2026-11-11", 50000, 20000, 30000, None, None, None],
            ["04412002", "福州福耀", "2026-09-08", "2026-10-08", 18000, 0, None, 18000, None, None],
            ["04412003", "泉州安踏", "2026-06-01", "2026-07-01", 9600, 600, None, None, None, 9000],
            [None] * 10,
            [None] * 10,
            ["合计", None, None, None, 77600, 20600, 30000, 18000, 0, 9000],
        ]
        put(sheet, rows, 4)


EXPORTS: Final = (
    Export(
        "销售目标分解表.xlsx",
        _targets,
        {
            "SELECT count(*), sum(value)::DOUBLE FROM target": [(48, 6000000.0)],
            "SELECT min(period_start)::VARCHAR, max(period_start)::VARCHAR, any_value(period) FROM target": [("2026-01-01", "2026-12-01", "month")],
        },
    ),
    Export(
        "应收账款账龄明细表.xlsx",
        _receivables,
        {
            "SELECT invoice_id, invoice_date::VARCHAR, due_date::VARCHAR, amount::DOUBLE, paid_amount::DOUBLE FROM receivable ORDER BY 1": [
                ("04412001", "2026-10-12", "2026-11-11", 50000.0, 20000.0),
                ("04412002", "2026-09-08", "2026-10-08", 18000.0, 0.0),
                ("04412003", "2026-06-01", "2026-07-01", 9600.0, 600.0),
            ],
        },
    ),
    Export(
        "月度订单与回款.xlsx",
        _two_tables,
        {
            "SELECT order_id, amount::DOUBLE FROM order_line ORDER BY 1": [("D1", 125000.0), ("D2", 60000.0)],
            "SELECT paid_date::VARCHAR, amount::DOUBLE, method FROM payment ORDER BY 1": [
                ("2026-10-20", 100000.0, "电汇"), ("2026-10-28", 20000.0, "银行承兑"),
            ],
        },
    ),
    Export(
        "分月订单.xlsx",
        _sheet_a_month,
        {"SELECT order_id, order_date::VARCHAR, amount::INT FROM order_line ORDER BY 1": [
            ("A1", "2026-01-05", 100), ("A2", "2026-01-09", 200), ("B1", "2026-02-05", 500),
        ]},
        left_out=("汇总",),
    ),
    Export("门店销售日报.xlsx", _daily, {}, said=("不是逐笔记录", "请导入订单明细")),
    Export("区域销售业绩表.xlsx", sheets(业绩=STACKED), {}, said=("不是逐笔记录", "毛利率")),
)  # fmt: skip
