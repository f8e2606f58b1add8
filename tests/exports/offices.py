"""Exports of 钉钉, 飞书, 企业微信, 纷享销客, Salesforce (Chinese) and of online shops."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from xlsxwriter import Workbook

from tests.exports.export import Export, Row, put, sheets, text


def _dingtalk(path: Path) -> None:
    """审批导出: twenty columns of the workflow around the few that people filled in; text of several lines."""
    header = [
        "审批编号", "标题", "审批状态", "审批结果", "发起时间", "完成时间", "发起人工号", "发起人UserID", "发起人姓名", "发起人部门",
        "历史审批人姓名", "审批记录", "当前处理人姓名", "审批耗时", "客户名称", "拜访日期", "拜访方式", "拜访内容", "下一步计划",
    ]  # fmt: skip
    process = ["完成", "同意"]
    rows: list[Row] = [
        ["202611030001000312345", "张伟提交的客户拜访", *process, "2026-11-03 17:20:11", "2026-11-03 18:00:02", "0007", "manager4521", "张伟", "销售一部",
         "王总", "王总|同意|2026-11-03 18:00:02|\n", "", "39分51秒", "青岛海信电器", "2026-11-03", "上门拜访", "1、确认需求\n2、报价 12 万\n3、客户要求含运费", "周五前发合同"],
        ["202611040001000312346", "李娜提交的客户拜访", *process, "2026-11-04 09:02:45", "2026-11-04 09:30:00", "0012", "user8891", "李娜", "销售一部",
         "王总", "王总|同意|2026-11-04 09:30:00|\n", "", "27分15秒", "烟台万华化学", "2026-11-03", "电话沟通", '客户暂无预算，"明年"再谈', ""],
        ["202611050001000312347", "李娜提交的客户拜访", "审批中", "", "2026-11-05 10:00:00", "", "0012", "user8891", "李娜", "销售一部",
         "", "", "王总", "", "潍坊潍柴动力", "2026-11-05", "视频会议", "演示系统", "下周报价"],
    ]  # fmt: skip
    with Workbook(path) as book:
        put(book.add_worksheet("客户拜访"), [header, *rows])


FEISHU: Final = (
    "﻿商机名称,客户,预计金额,赢单概率,阶段,预计成交日期,商机负责人,创建时间,最后更新时间,附件,是否重点\n"
    '"二期扩容项目",广州视源,"¥1,200,000.00",80%,商务谈判,2026/12/15,陈静,2026/09/01 14:20,2026/11/03 09:10,方案.pdf,✓\n'
    '"备件年框",深圳大疆,"¥350,000.00",100%,赢单,2026/10/20,"陈静, 黄磊",2026/07/15 10:00,2026/10/20 18:30,,\n'
    '"旧系统替换",东莞步步高,"¥88,000.50",0%,输单,2026/09/30,黄磊,2026/06/11 08:05,2026/09/30 12:00,,\n'
    '"门店改造",佛山美的,,20%,需求确认,2027/01/31,黄磊,2026/11/02 16:45,2026/11/02 16:45,,✓\n'
)

WECOM: Final[list[Row]] = [
    ["导出说明：1、仅包含导出人权限范围内的客户；2、手机号由成员备注。"],
    ["导出时间：2026-11-20 10:00:00"],
    ["客户名称", "描述", "客户类型", "客户企业", "手机号", "添加人", "添加人账号", "所属部门", "添加时间", "来源", "标签"],
    ["王建国", "采购经理", "企业微信用户", "成都京东方光电", "13800138000", "赵敏", "zhaomin", "西南区/成都组", "2026-10-08 11:23:45", "扫描二维码", "重点客户;已报价"],
    ["Lily🌸", "", "微信用户", "", "", "赵敏", "zhaomin", "西南区/成都组", "2026-10-09 09:00:01", "搜索手机号", ""],
    ["刘总-重庆长安", "老客户介绍", "微信用户", "重庆长安汽车", "139 0013 9000/023-68886666", "周涛", "zhoutao", "西南区/重庆组", "2026-10-11 15:30:00", "名片分享", "老客户"],
]  # fmt: skip

FXIAOKE: Final[list[Row]] = [
    ["商机名称（必填）", "客户名称（必填）", "商机金额(元)", "预计成交日期", "销售阶段（必填）", "阶段赢率(%)", "负责人（必填）", "归属部门", "创建时间", "输单原因", "数据ID"],
    ["name", "account_id", "amount", "close_date", "sales_stage", "win_rate", "owner", "owner_department", "create_time", "lost_reason", "_id"],
    ["高炉改造", "鞍钢股份", "3,000,000.00", "2026年12月20日 星期日", "方案报价", 60, "孙强", "东北大区", "2026-08-03 10:12", "", "64f0c1"],
    ["备品采购", "本钢板材", "156,800.00", "2026年11月30日 星期一", "合同签订", 90, "孙强", "东北大区", "2026-09-15 14:01", "", "64f0c2"],
    ["产线升级", "一汽解放", "780,000.00", "2026年10月31日 星期六", "输单", 0, "钱慧", "东北大区", "2026-05-20 09:30", "价格过高", "64f0c3"],
]  # fmt: skip

SALESFORCE: Final = """"业务机会所有人","客户名","业务机会名称","阶段","财季","金额 货币","金额","可能性 (%)","期限","创建日期","下一步","潜在客户来源","类型"
"吴磊","武汉东湖高新","机房改造","Negotiation/Review","Q4-2026","CNY","450000.00","90","42","2026/9/14","寄送合同","Web","New Business"
"吴磊","长沙中联重科","云迁移","Closed Won","Q4-2026","CNY","1280000.00","100","61","2026/8/3","","Partner Referral","Existing Business"
"郑洁","南昌江铃","数据中台","Closed Lost","Q4-2026","CNY","96000.00","0","30","2026/9/1","","Phone Inquiry","New Business"


"业务机会报表"
"版权所有 (c) 2000-2026 salesforce.com, inc. 保留所有权利。"
"机密信息 - 请勿分发"
"由: 吴磊  2026/11/20 10:00"
"华中数据"
"""


def _salesforce_grouped(path: Path) -> None:
    """A grouped report as formatted Excel: filters above, groups merged down, subtotals with counts, a grand total."""
    with Workbook(path) as book:
        sheet = book.add_worksheet("业务机会报表")
        above: list[Row] = [
            [None, "业务机会报表"], [], [None, "已筛选依据"], [None, "   显示: 所有业务机会"], [None, "   日期字段: 结束日期 等于 本季度"], [],
        ]  # fmt: skip
        put(sheet, above)
        header = ["业务机会所有人  ↑", "阶段", "业务机会名称", "客户名", "金额", "结束日期", "创建日期"]
        rows: list[Row] = [
            [None, "Closed Won", "机房改造", "武汉东湖高新", 450000, dt.date(2026, 11, 3), dt.date(2026, 9, 14)],
            [None, "Negotiation/Review", "云迁移", "长沙中联重科", 1280000, dt.date(2026, 12, 1), dt.date(2026, 8, 3)],
            ["小计", None, "总和", None, 1730000, None, None],
            [None, None, "计数", 2, None, None, None],
            ["郑洁", "Closed Lost", "数据中台", "南昌江铃", 96000, dt.date(2026, 10, 12), dt.date(2026, 9, 1)],
            ["小计", None, "总和", None, 96000, None, None],
            [None, None, "计数", 1, None, None, None],
            ["总计", None, "总和", None, 1826000, None, None],
            [None, None, "计数", 3, None, None, None],
        ]
        day = book.add_format({"num_format": "yyyy/m/d"})
        put(sheet, [[None, *header]], 6)
        for number, row in enumerate(rows, start=7):
            for column, cell in enumerate(row, start=1):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(number, column, dt.datetime(cell.year, cell.month, cell.day), day)
                elif cell is not None:
                    sheet.write(number, column, cell)
        sheet.merge_range("B8:B9", "吴磊")
        put(sheet, [[None, "机密信息 - 请勿分发"], [None, "版权所有 © 2000-2026 Salesforce, Inc. 保留所有权利。"]], 17)


TAOBAO: Final = (
    "订单编号,买家会员名,买家实际支付金额,订单状态,收货人姓名,收货地址,订单创建时间,订单付款时间,宝贝标题,宝贝总数量,运费\n"
    '="2026110312345678901",tb_4471,128.00,交易成功,李**,浙江省 杭州市 余杭区 文一西路***,2026-11-03 20:11:45,2026-11-03 20:12:01,"保温杯 500ml, 黑",2,0.00\n'
    '="2026110312345678902",小鱼儿,59.90,交易成功,王**,广东省 广州市 天河区 体育西路***,2026-11-03 21:00:00,2026-11-03 21:00:30,收纳盒,1,8.00\n'
    '="2026110412345678903",tb_99,0.00,交易关闭,赵**,北京 北京市 朝阳区 建国路***,2026-11-04 08:30:12,,雨伞,1,0.00\n'
)

MIXED: Final[list[Row]] = [
    ["订单号", "下单日期", "客户", "品名", "数量", "金额"],
    ["S-1", 46329, "南京熊猫", "支架", "12件", "1,200.00元"],
    ["S-2", "2026.11.4", "〃", "支架", "３", "３００"],
    ["S-3", "2026年11月5日", "同上", "螺栓", "1千", "￥1,050"],
    ["S-4", "二〇二六年十一月六日", "无锡威孚", "螺栓", "500 个", "500元整"],
    ["S-5", "2026/11/7 下午 3:20", "无锡威孚", "垫片", "24 片", "CNY 48"],
    ["S-6", "46333.5", "常州天合", "垫片", "20", "肆佰元整"],
    ["S-7", "06-Nov-26", "常州天合", "垫片", "10", "１００.00"],
]  # fmt: skip

EXPORTS: Final = (
    Export(
        "钉钉_客户拜访审批.xlsx",
        _dingtalk,
        {
            "SELECT type, event_time::DATE::VARCHAR, entry_time::VARCHAR, next_step FROM activity ORDER BY entry_time": [
                ("visit", "2026-11-03", "2026-11-03 17:20:11", "周五前发合同"),
                ("call", "2026-11-03", "2026-11-04 09:02:45", None),
                ("meeting", "2026-11-05", "2026-11-05 10:00:00", "下周报价"),
            ],
            "SELECT e.name, count(*) FROM activity a JOIN employee e USING (employee_id) GROUP BY 1 ORDER BY 1": [("张伟", 1), ("李娜", 2)],
            "SELECT count(DISTINCT customer_id) FROM activity": [(3,)],
        },
    ),
    Export(
        "飞书多维表格_商机.csv",
        text(FEISHU),
        {
            "SELECT name, amount::DOUBLE, probability, stage, expected_close_date::VARCHAR, created_date::VARCHAR FROM opportunity ORDER BY created_date": [
                ("旧系统替换", 88000.5, 0.0, "输单", "2026-09-30", "2026-06-11"),
                ("备件年框", 350000.0, 1.0, "赢单", "2026-10-20", "2026-07-15"),
                ("二期扩容项目", 1200000.0, 0.8, "商务谈判", "2026-12-15", "2026-09-01"),
                ("门店改造", None, 0.2, "需求确认", "2027-01-31", "2026-11-02"),
            ],
            "SELECT status, count(*) FROM opportunity GROUP BY 1 ORDER BY 1": [("lost", 1), ("open", 2), ("won", 1)],
        },
    ),
    Export(
        "企业微信_客户列表.xlsx",
        sheets(客户列表=WECOM),
        {
            "SELECT name, created_date::VARCHAR FROM customer ORDER BY created_date": [
                ("王建国", "2026-10-08"), ("Lily🌸", "2026-10-09"), ("刘总-重庆长安", "2026-10-11"),
            ],
            "SELECT name, source, phone FROM customer WHERE name = '王建国'": [("王建国", "扫描二维码", "13800138000")],
        },
    ),
    Export(
        "纷享销客_商机.xlsx",
        sheets(商机=FXIAOKE),
        {
            "SELECT opportunity_id, amount::DOUBLE, expected_close_date::VARCHAR, probability, lost_reason FROM opportunity ORDER BY 1": [
                ("64f0c1", 3000000.0, "2026-12-20", 0.6, None),
                ("64f0c2", 156800.0, "2026-11-30", 0.9, None),
                ("64f0c3", 780000.0, "2026-10-31", 0.0, "价格过高"),
            ],
        },
    ),
    Export(
        "Salesforce_业务机会.csv",
        text(SALESFORCE, "gb18030"),
        {
            "SELECT name, amount::DOUBLE, status, created_date::VARCHAR FROM opportunity ORDER BY created_date": [
                ("云迁移", 1280000.0, "won", "2026-08-03"), ("数据中台", 96000.0, "lost", "2026-09-01"), ("机房改造", 450000.0, "open", "2026-09-14"),
            ],
        },
    ),
    Export(
        "Salesforce_分组报表.xlsx",
        _salesforce_grouped,
        {
            "SELECT o.name, e.name AS owner, amount::DOUBLE FROM opportunity o LEFT JOIN employee e USING (employee_id) ORDER BY amount": [
                ("数据中台", "郑洁", 96000.0), ("机房改造", "吴磊", 450000.0), ("云迁移", "吴磊", 1280000.0),
            ],
        },
    ),
    Export(
        "淘宝_订单报表.csv",
        text(TAOBAO, "gb18030"),
        {
            "SELECT order_id, quantity::INT, amount::DOUBLE, status FROM order_line ORDER BY 1": [
                ("2026110312345678901", 2, 128.0, "completed"),
                ("2026110312345678902", 1, 59.9, "completed"),
                ("2026110412345678903", 1, 0.0, "cancelled"),
            ],
        },
    ),
    Export(
        "手工订单_混写.xlsx",
        sheets(订单=MIXED),
        {
            "SELECT order_id, order_date::VARCHAR, quantity::INT, amount::DOUBLE FROM order_line ORDER BY 1": [
                ("S-1", "2026-11-03", 12, 1200.0),
                ("S-2", "2026-11-04", 3, 300.0),
                ("S-3", "2026-11-05", 1000, 1050.0),
                ("S-4", "2026-11-06", 500, 500.0),
                ("S-5", "2026-11-07", 24, 48.0),
                ("S-6", "2026-11-07", 20, 400.0),
                ("S-7", "2026-11-06", 10, 100.0),
            ],
            "SELECT c.name, count(*) FROM order_line JOIN customer c USING (customer_id) GROUP BY 1 ORDER BY 2 DESC, 1": [
                ("南京熊猫", 3), ("常州天合", 2), ("无锡威孚", 2),
            ],
        },
    ),
)  # fmt: skip
