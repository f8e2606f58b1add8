"""The files that the company's systems give out, each as that system would: headers, formats and encodings differ.

An export is a SELECT with the headers of the file; what is untidy about it stands in the SELECT.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv

from salesloop.demo.stories import Stories
from salesloop.demo.untidy import Sheet, write_workbook
from salesloop.engine.store.engines.quiet import connect

PLACE = "r.region AS 大区, r.province AS 省份, r.city AS 城市"

ORDERS = f"""
    SELECT o.order_id AS 订单编号, o.line_no AS 行号,
        CASE WHEN n % 16381 = 5 THEN strftime(o.order_date, '%Y-02-30') ELSE strftime(o.order_date, '%Y/%-m/%-d') END AS 订单日期,
        CASE WHEN n % 53 = 0 THEN c.customer_id || '  ' ELSE c.customer_id END AS 客户编码, c.name AS 客户名称,
        p.product_id AS 产品编码, p.name AS 产品名称, p.category AS 产品大类, p.subcategory AS 产品小类,
        o.employee_id AS 业务员工号, {PLACE}, o.channel AS 销售渠道,
        CASE WHEN n % 97 = 0 THEN o.quantity || '台' ELSE o.quantity::VARCHAR END AS 数量,
        printf('%.2f', o.unit_price) AS 单价, printf('%.1f%%', o.discount * 100) AS 折扣率,
        CASE WHEN n % 14009 = 3 THEN '待定'
             WHEN n % 31 = 0 THEN '￥' || format('{{:,.2f}}', o.amount)
             WHEN n % 101 = 0 THEN translate(printf('%.2f', o.amount), '0123456789.', '０１２３４５６７８９．')
             WHEN n % 7 = 0 THEN format('{{:,.2f}}', o.amount) || '元'
             ELSE printf('%.2f', o.amount) END AS 金额,
        printf('%.2f', o.cost) AS 成本金额, o.status AS 订单状态, strftime(o.shipped_at, '%Y/%-m/%-d') AS 发货日期,
        strftime(o.entered_at, '%Y-%m-%d %H:%M') AS 录入时间
    FROM (SELECT *, row_number() OVER () AS n FROM orders) o
    JOIN customers c ON c.pos = o.customer JOIN products p ON p.pos = o.product JOIN regions r ON r.city = o.city
    WHERE o.order_date BETWEEN $first AND $last ORDER BY n
"""

SELECTS: dict[str, str] = {
    "部门": "SELECT org_unit_id AS 部门编码, name AS 部门名称, parent_id AS 上级部门编码, CASE level WHEN '公司' THEN 1 WHEN '大区' THEN 2 ELSE 3 END AS 层级, manager_id AS 负责人工号 FROM org_units",
    "员工花名册": """SELECT employee_id AS 工号, name AS 姓名, org_unit_id AS 部门编码, title AS 职务, manager_id AS 直属上级工号,
        hire_date AS 入职日期, phone AS 手机 FROM employees""",
    "产品目录": """SELECT product_id AS 产品编码, name AS 产品名称, category AS 产品大类, subcategory AS 产品小类,
        list_price AS "标准售价（元）", standard_cost AS "标准成本（元）" FROM products""",
    "客户档案": f"""SELECT customer_id AS 客户编码, name AS 客户名称, segment AS 客户类型, tier AS 客户等级, industry AS 所属行业, {PLACE},
        channel AS 销售渠道, source AS 客户来源, employee_id AS 负责人工号, CASE WHEN pos % 9 = 0 THEN '+86 ' || phone ELSE phone END AS 联系电话,
        CASE WHEN twin >= 0 AND pos % 2 = 0 THEN '' ELSE credit_code END AS 统一社会信用代码, strftime(created_date, '%Y年%-m月%-d日') AS 建档日期
        FROM customers c JOIN regions r USING (city) ORDER BY pos""",
    "线索": """SELECT lead_id AS 线索编号, l.created_date AS 创建日期, l.source AS 线索来源, c.name AS 客户名称, l.employee_id AS 负责人工号, l.campaign_id AS 活动编号, l.status AS 线索状态,
        converted_date AS 转化日期, strftime(received_at, '%Y-%m-%d %H:%M') AS 接收时间, strftime(first_response_at, '%Y-%m-%d %H:%M') AS 首次响应时间
        FROM leads l JOIN customers c ON c.pos = l.customer""",
    "商机": """SELECT opportunity_id AS 商机编号, o.name AS 商机名称, c.name AS 客户名称, p.name AS 产品名称, o.employee_id AS 负责人工号, o.source AS 商机来源,
        stage AS 销售阶段, format('{:,.0f}', amount) AS 预计金额, printf('%.0f%%', probability * 100) AS 赢单概率, o.created_date AS 创建日期,
        expected_close_date AS 预计成交日期, close_date AS 关闭日期, competitor AS 竞争对手, lost_reason AS 输单原因
        FROM opportunities o JOIN customers c ON c.pos = o.customer JOIN products p ON p.pos = o.product""",
    "商机阶段记录": "SELECT opportunity_id AS 商机编号, stage AS 销售阶段, entered_at AS 进入时间, left_at AS 离开时间, employee_id AS 负责人工号 FROM stages",
    "拜访记录": """SELECT activity_id AS 记录编号, type AS 活动类型, strftime(event_time, '%Y-%m-%d %H:%M') AS 拜访时间, strftime(entry_time, '%Y-%m-%d %H:%M') AS 录入时间,
        c.name AS 客户名称, a.employee_id AS 业务员工号, planned_date AS 计划日期, duration_minutes AS "时长（分钟）", result AS 拜访结果,
        feedback AS 客户反馈, opportunity_id AS 商机编号
        FROM activities a JOIN customers c ON c.pos = a.customer""",
    "回款单": """SELECT payment_id AS 回款单号, paid_date AS 回款日期, c.customer_id AS 客户编码, order_id AS 订单编号, p.employee_id AS 业务员工号,
        format('{:,.2f}', amount) AS 回款金额, method AS 回款方式 FROM payments p JOIN customers c ON c.pos = p.customer""",
    "应收账款": """SELECT invoice_id AS 发票号, invoice_date AS 开票日期, due_date AS 到期日, settled_date AS 结清日期, c.customer_id AS 客户编码, order_id AS 订单编号,
        r.employee_id AS 业务员工号, printf('%.2f', amount) AS 应收金额, printf('%.2f', paid_amount) AS 已收金额 FROM receivables r JOIN customers c ON c.pos = r.customer""",
    "退货单": """SELECT return_id AS 退货单号, return_date AS 退货日期, order_id AS 原订单编号, line_no AS 原行号, c.customer_id AS 客户编码, p.product_id AS 产品编码,
        r.employee_id AS 业务员工号, quantity AS 退货数量, printf('%.2f', amount) AS 退货金额, reason AS 退货原因
        FROM returns r JOIN customers c ON c.pos = r.customer JOIN products p ON p.pos = r.product""",
    "渠道费用": """SELECT region AS 大区, expense_id AS 费用单号, expense_date AS 费用日期, org_unit_id AS 部门编码, channel AS 销售渠道, '渠道费用' AS 费用类型,
        round(amount / 10000, 6) AS "费用金额（万元）" FROM fees ORDER BY region, expense_date, channel""",
    "市场活动": """SELECT campaign_id AS 活动编号, name AS 活动名称, type AS 活动类型, start_date AS 开始日期, end_date AS 结束日期,
        budget AS 活动预算 FROM campaigns""",
    "市場費用": """SELECT strftime(spend_date, '%Y/%m/%d') AS 日期,
        CASE type WHEN '搜索推广' THEN '搜尋推廣' WHEN '展会' THEN '展會' WHEN '内容营销' THEN '內容行銷' ELSE '電商廣告' END AS 費用類別, campaign_id AS 活動編號, format('{:,.0f}', amount) AS 投放金額, impressions AS 曝光量, clicks AS 點擊量,
        conversions AS 轉化數 FROM marketing""",
    "库存快照": """SELECT snapshot_date AS 快照日期, product_id AS 产品编码, warehouse AS 仓库, quantity AS 库存数量, printf('%.2f', value) AS 库存金额 FROM stock""",
    "满意度调查": """SELECT response_id AS 答卷编号, strftime(answered_at, '%Y-%m-%d') AS 答题时间, c.customer_id AS 客户编码, s.employee_id AS 业务员工号, score AS 满意度得分,
        5 AS 满分, answer AS 意见建议 FROM surveys s JOIN customers c ON c.pos = s.customer""",
    "净推荐值调查": """SELECT response_id AS 答卷编号, strftime(answered_at, '%Y-%m-%d') AS 答题时间, '推荐意愿' AS 题目, c.customer_id AS 客户编码,
        r.employee_id AS 业务员工号, score AS 得分, 10 AS 满分 FROM recommendations r JOIN customers c ON c.pos = r.customer""",
    "市场规模": "SELECT period_start AS 期间开始, region AS 地区, printf('%.0f', amount / 10000) AS \"市场规模（万元）\", '行业协会年报' AS 数据来源 FROM market",
    "舆情监测": """SELECT strftime(published_at, '%Y-%m-%d %H:%M') AS 发布时间, platform AS 媒体, topic AS 话题, tone AS 情感倾向, text AS 内容, url AS 原文链接
        FROM mentions""",
    "客服工单": """SELECT ticket_id AS 工单编号, type AS 工单类型, strftime(opened_at, '%Y-%m-%d %H:%M') AS 受理时间, strftime(first_reply_at, '%Y-%m-%d %H:%M') AS 首次回复时间,
        strftime(resolved_at, '%Y-%m-%d %H:%M') AS 解决时间, c.customer_id AS 客户编码, t.employee_id AS 业务员工号, p.product_id AS 产品编码, order_id AS 订单编号,
        t.category AS 问题分类, t.description AS 问题描述 FROM tickets t JOIN customers c ON c.pos = t.customer JOIN products p ON p.pos = t.product""",
    "培训记录": "SELECT employee_id AS 工号, course AS 课程名称, trained_date AS 培训日期, score AS 成绩, passed AS 是否通过, trainer AS 讲师, mode AS 培训方式 FROM trainings",
    "销售目标": """SELECT '销售额' AS 指标, org_unit_id AS 部门编码, employee_id AS 工号, '月' AS 周期, period_start AS 开始日期, round(value / 10000, 2) AS "目标值（万元）" FROM targets""",
}


@dataclass(frozen=True)
class TextFile:
    """How one system writes its text exports."""

    name: str
    encoding: str = "utf-8"
    delimiter: str = ","

    def write(self, folder: Path, table: pa.Table, *, tail: str = "") -> Path:
        """Write `table`, NULLs as nothing; `tail` follows the last row (blank rows, notes)."""
        path = folder / self.name
        sink = pa.BufferOutputStream()
        pyarrow.csv.write_csv(
            table,
            sink,
            pyarrow.csv.WriteOptions(delimiter=self.delimiter, quoting_style="needed", quoting_header="none"),
        )
        path.write_bytes((sink.getvalue().to_pybytes().decode("utf-8") + tail).encode(self.encoding))
        return path


TEXT_FILES: dict[str, TextFile] = {
    "客户档案": TextFile("客户档案.csv", "gb18030"),
    "商机": TextFile("商机.csv", "utf-8-sig"),
    "商机阶段记录": TextFile("商机阶段记录.csv"),
    "拜访记录": TextFile("拜访记录.txt", "utf-16", "\t"),
    "回款单": TextFile("回款单.csv", "gb18030"),
    "应收账款": TextFile("应收账款.csv", "gb18030"),
    "退货单": TextFile("退货单.csv"),
    "市场活动": TextFile("市场活动.csv", "gb18030"),
    "市場費用": TextFile("市場費用.csv", "big5"),
    "库存快照": TextFile("库存快照.csv", "gb18030"),
    "满意度调查": TextFile("满意度调查.csv", "utf-8-sig"),
    "净推荐值调查": TextFile("净推荐值调查.csv", "gb18030"),
    "市场规模": TextFile("市场规模.csv", "utf-8-sig"),
    "舆情监测": TextFile("舆情监测.csv", "utf-8-sig"),
    "客服工单": TextFile("客服工单.csv", "utf-8", ";"),
}


def write_exports(tables: dict[str, pa.Table], stories: Stories, folder: Path) -> list[Path]:
    """Write every file into `folder` and return the paths in the order in which a person would import them."""
    folder.mkdir(parents=True, exist_ok=True)
    with connect() as con:
        for name, table in tables.items():
            con.register(name, table)

        def select(name: str) -> pa.Table:
            return con.sql(SELECTS[name]).to_arrow_table()

        written = [
            write_workbook(
                folder / "组织架构.xlsx", [Sheet("部门", select("部门")), Sheet("员工花名册", select("员工花名册"))]
            ),
            write_workbook(
                folder / "产品目录.xlsx", [Sheet("产品目录", select("产品目录"), title="华曜打印科技有限公司 产品目录")]
            ),
            TEXT_FILES["客户档案"].write(folder, select("客户档案")),
            *_orders(con, stories, folder),
            write_workbook(folder / "线索.xlsx", [Sheet("线索", select("线索"))]),
            write_workbook(
                folder / "渠道费用.xlsx",
                [Sheet("渠道费用", select("渠道费用"), title="渠道费用台账（财务部）", merged="大区", footer="合计")],
            ),
            write_workbook(folder / "培训记录.xlsx", [Sheet("培训记录", select("培训记录"))]),
            write_workbook(folder / "销售目标.xlsx", [Sheet("销售目标", select("销售目标"))]),
        ]
        written += [file.write(folder, select(name)) for name, file in TEXT_FILES.items() if name != "客户档案"]
    return written


def _orders(con: duckdb.DuckDBPyConnection, stories: Stories, folder: Path) -> list[Path]:
    """One text file a year as the ERP gives them out, and this month as a workbook with a title and a total."""
    this_month = stories.today.replace(day=1)
    years = range(stories.first_day.year, stories.today.year + 1)
    written = []
    for year in years:
        last = min(this_month.replace(year=year, month=12, day=31), this_month.fromordinal(this_month.toordinal() - 1))
        table = con.sql(ORDERS, params={"first": f"{year}-01-01", "last": str(last)}).to_arrow_table()
        if not table.num_rows:
            continue
        # The clerk pasted the last forty lines twice and left blank rows behind.
        table = pa.concat_tables([table, table.slice(table.num_rows - 40)])
        blank = "," * (table.num_columns - 1) + "\n"
        file = TextFile(f"销售订单明细_{year}.csv", "gb18030" if year % 2 else "utf-8-sig")
        written.append(file.write(folder, table, tail=blank * 20))
    table = con.sql(ORDERS, params={"first": str(this_month), "last": str(stories.today)}).to_arrow_table()
    name = f"销售订单明细_{this_month:%Y%m}.xlsx"
    written.append(
        write_workbook(
            folder / name,
            [Sheet("订单明细", table, title=f"{this_month.year} 年 {this_month.month} 月销售订单明细", footer="合计")],
        )
    )
    return written
