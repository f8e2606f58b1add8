"""Exports of 金蝶, 用友, 管家婆 and of those who keep the books in Excel."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from xlsxwriter import Workbook

from tests.exports.export import Export, Row, put

LINES: Final = "SELECT count(*), count(DISTINCT order_id), sum(quantity)::INT, sum(amount)::DOUBLE FROM order_line"


def _k3_outstock(path: Path) -> None:
    """销售出库序时簿: what belongs to the document stands in its first line only; a subtotal ends each document."""
    header = [
        "日期",
        "审核标志",
        "单据编号",
        "购货单位",
        "产品代码",
        "产品名称",
        "规格型号",
        "单位",
        "实发数量",
        "销售单价",
        "销售金额",
        "业务员",
        "部门",
    ]
    rows: list[Row] = [
        ["2026-10-08", "Y", "XOUT000101", "上海东方机械有限公司", "01.01.001", "球阀", "DN50", "只", 10, 120, 1200, "张伟", "华东一部"],
        [None, None, None, None, "01.01.002", "闸阀", "DN80", "只", 5, 300, 1500, None, None],
        [None, None, None, None, "01.02.001", "法兰", "PN16", "片", 40, 15, 600, None, None],
        [None, None, "小计", None, None, None, None, None, 55, None, 3300, None, None],
        ["2026-10-09", "Y", "XOUT000102", "苏州恒力设备厂", "01.01.001", "球阀", "DN50", "只", 20, 118, 2360, "李娜", "华东二部"],
        [None, None, None, None, "01.03.007", "密封圈", "Φ32", "个", 200, 1.5, 300, None, None],
        [None, None, "小计", None, None, None, None, None, 220, None, 2660, None, None],
        ["2026-10-12", "Y", "XOUT000103", "杭州精工泵业", "01.01.002", "闸阀", "DN80", "只", 2, 310, 620, "张伟", "华东一部"],
        ["合计", None, None, None, None, None, None, None, 277, None, 6580, None, None],
    ]  # fmt: skip
    with Workbook(path) as book:
        sheet = book.add_worksheet("销售出库序时簿")
        sheet.merge_range(0, 0, 0, 12, "销售出库序时簿")
        put(sheet, [["公司名称：华东阀门有限公司", *[None] * 8, "期间：2026年第10期"]], 1)
        put(sheet, [header, *rows], 3)


def _u8_ledger(path: Path) -> None:
    """销售明细账: the year stands above the columns of month and day, amounts below 借方 …"""
    with Workbook(path) as book:
        sheet = book.add_worksheet("销售明细账")
        sheet.merge_range("A1:I1", "销售明细账")
        put(sheet, [["单位：本币（元）", *[None] * 6, "日期：2026-10-01 至 2026-10-31"]], 1)
        sheet.merge_range("A3:B3", "2026年")
        for cells, words in {"C3:C4": "单据号", "D3:D4": "客户名称", "E3:E4": "存货名称", "F3:F4": "数量"}.items():
            sheet.merge_range(cells, words)
        sheet.merge_range("G3:I3", "金额")
        put(sheet, [["月", "日", None, None, None, None, "单价", "无税金额", "价税合计"]], 3)
        rows: list[Row] = [
            [10, 8, "XS-0001", "宁波海天塑机", "轴承6204", 100, 12, 1200, 1356],
            [10, 8, "XS-0002", "台州吉利配件", "轴承6205", 50, 14, 700, 791],
            [10, 21, "XS-0003", "宁波海天塑机", "油封", 10, 3, 30, 33.9],
            [10, None, None, "本月合计", None, 160, None, 1930, 2180.9],
            [10, None, None, "本年累计", None, 1800, None, 20100, 22713],
        ]
        put(sheet, rows, 4)


def _receipts(path: Path) -> None:
    """回款登记表: serial numbers of days without a format, amounts in capitals beside the figures, a signed foot."""
    with Workbook(path) as book:
        sheet = book.add_worksheet("回款登记")
        sheet.merge_range("A1:G1", "2026年11月回款登记表")
        put(sheet, [["序号", "收款日期", "付款单位", "合同编号", "收款金额（小写）", "收款金额（大写）", "经办人"]], 2)
        rows: list[Row] = [
            [1, 46327, "北京华信科技", "HT2026-018", 125000, "壹拾贰万伍仟元整", "王芳"],
            [2, 46331, "天津滨海钢管", "HT2026-021", 8600.5, "捌仟陆佰元伍角整", "王芳"],
            [3, 46338, "河北恒源集团", "HT2026-007", 30000, "叁万元整", "刘洋"],
            [None, "合计人民币（大写）", "壹拾陆万叁仟陆佰元伍角整", None, 163600.5, None, None],
            [None] * 7,
            ["制表：王芳", None, "复核：", None, "财务主管：", None, None],
        ]
        put(sheet, rows, 3)


CONTRACTS: Final[list[Row]] = [
    [1, "HT-2026-001", "上海电气", dt.date(2026, 1, 15), 120.5, "2026-01-15至2027-01-14", "张伟", "执行中"],
    [2, "HT-2026-002", "宝山钢铁", dt.date(2026, 2, 3), 86, "2026-02-03至2026-12-31", "李娜", "已完成"],
    [3, "HT-2026-003", "振华重工", dt.date(2026, 3, 20), 305.88, "2026-03-20至2028-03-19", "张伟", "执行中"],
]


def _contracts(path: Path) -> None:
    """合同台账: prepared for a hundred rows, of which three are filled; amounts in 万元."""
    with Workbook(path) as book:
        day = book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
        sheet = book.add_worksheet("2026合同台账")
        sheet.merge_range("A1:H1", "2026年度销售合同台账")
        put(
            sheet, [["序号", "合同编号", "客户名称", "签订日期", "合同金额\n（万元）", "合同期限", "负责人", "状态"]], 1
        )
        put(sheet, CONTRACTS, 2)
        for number, row in enumerate(CONTRACTS, start=2):
            sheet.write_datetime(number, 3, row[3], day)
        put(sheet, [[n] for n in range(4, 101)], 5)
        put(sheet, [["注：合同金额为含税金额。"]], 103)


def _stock(path: Path) -> None:
    """库存: categories merged over their rows, a hidden column, rows hidden by a filter."""
    with Workbook(path) as book:
        sheet = book.add_worksheet("库存状况表")
        put(sheet, [["库存状况表"], ["仓库：总仓", None, None, "截止日期：2026-10-31"]])
        put(sheet, [["商品类别", "商品编号", "商品名称", "成本单价", "库存数量", "库存金额", "盘点日期"]], 2)
        rows: list[Row] = [
            [None, "SP001", "农夫山泉550ml", 0.9, 1200, 1080, "2026/10/31"],
            [None, "SP002", "可口可乐330ml", 1.8, 600, 1080, "2026/10/31"],
            [None, "SP101", "奥利奥饼干", 5.2, 80, 416, "2026/10/31"],
            [None, "SP102", "乐事薯片", 4.5, -6, -27, "2026/10/31"],
        ]
        put(sheet, rows, 3)
        sheet.merge_range("A4:A5", "饮料")
        sheet.merge_range("A6:A7", "零食")
        put(sheet, [["合计", None, None, None, 1874, 2549]], 7)
        sheet.set_column("D:D", None, None, {"hidden": True})
        sheet.set_row(4, None, None, {"hidden": True})


def _expenses(path: Path) -> None:
    """费用明细: negative amounts in brackets, formulas that broke, days of the month with a weekday."""
    with Workbook(path) as book:
        sheet = book.add_worksheet("销售费用明细")
        put(sheet, [["日期", "部门", "费用类别", "经办人", "金额(元)", "备注"]])
        rows: list[Row] = [
            ["2026年11月2日 星期一", "华东一部", "差旅费", "张伟", 1280, None],
            ["2026年11月3日（周二）", "华东一部", "招待费", "张伟", "￥2,350.00", "客户宴请"],
            ["2026-11-05 周四", "华南部", "差旅费", "陈静", "(560.00)", "冲销"],
            ["2026.11.06", "华南部", "促销费", "陈静", None, "公式错误"],
            ["20261109", "华南部", "渠道费", "陈静", "1.2万", None],
        ]
        put(sheet, rows, 1)
        sheet.write_formula("E5", "=#REF!*2", None, "#REF!")
        put(sheet, [["总计", None, None, None, 15070]], 8)


EXPORTS: Final = (
    Export(
        "金蝶K3_销售出库序时簿.xlsx",
        _k3_outstock,
        {
            LINES: [(6, 3, 277, 6580.0)],
            "SELECT order_id, sum(amount)::INT FROM order_line GROUP BY 1 ORDER BY 1": [
                ("XOUT000101", 3300), ("XOUT000102", 2660), ("XOUT000103", 620),
            ],
            "SELECT count(*) FROM order_line WHERE order_date IS NULL OR customer_id IS NULL OR employee_id IS NULL": [(0,)],
        },
    ),
    Export(
        "用友U8_销售明细账.xlsx",
        _u8_ledger,
        {
            LINES: [(3, 3, 160, 1930.0)],
            "SELECT order_date::VARCHAR FROM order_line ORDER BY order_id": [("2026-10-08",), ("2026-10-08",), ("2026-10-21",)],
        },
    ),
    Export(
        "财务_回款登记表.xlsx",
        _receipts,
        {
            "SELECT paid_date::VARCHAR, amount::DOUBLE FROM payment ORDER BY 1": [
                ("2026-11-01", 125000.0), ("2026-11-05", 8600.5), ("2026-11-12", 30000.0),
            ],
        },
    ),
    Export(
        "合同台账.xlsx",
        _contracts,
        {
            "SELECT contract_id, sign_date::VARCHAR, amount::DOUBLE, status FROM contract ORDER BY 1": [
                ("HT-2026-001", "2026-01-15", 1205000.0, "active"),
                ("HT-2026-002", "2026-02-03", 860000.0, "completed"),
                ("HT-2026-003", "2026-03-20", 3058800.0, "active"),
            ],
            "SELECT start_date::VARCHAR, end_date::VARCHAR FROM contract ORDER BY 1": [
                ("2026-01-15", "2027-01-14"), ("2026-02-03", "2026-12-31"), ("2026-03-20", "2028-03-19"),
            ],
        },
    ),
    Export(
        "管家婆_库存状况表.xlsx",
        _stock,
        {
            "SELECT product_id, quantity::INT, value::DOUBLE FROM inventory_snapshot ORDER BY 1": [
                ("SP001", 1200, 1080.0), ("SP002", 600, 1080.0), ("SP101", 80, 416.0), ("SP102", -6, -27.0),
            ],
            "SELECT category, count(*) FROM product GROUP BY 1 ORDER BY 1": [("零食", 2), ("饮料", 2)],
            "SELECT DISTINCT snapshot_date::VARCHAR FROM inventory_snapshot": [("2026-10-31",)],
        },
    ),
    Export(
        "销售费用明细.xlsx",
        _expenses,
        {
            "SELECT expense_date::VARCHAR, type, amount::DOUBLE FROM selling_expense ORDER BY 1": [
                ("2026-11-02", "travel", 1280.0),
                ("2026-11-03", "travel", 2350.0),
                ("2026-11-05", "travel", -560.0),
                ("2026-11-09", "channel_fee", 12000.0),
            ],
        },
        quarantined=1,
    ),
)  # fmt: skip
