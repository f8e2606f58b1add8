"""A small company whose figures can be added up by hand, brought in through the real import.

    全国 D0 (周总 E01)
    ├── 华东大区 D1 (李静 E10)
    │   └── 上海一部 D11 (赵敏 E11): 张伟 E12, 王芳 E13
    └── 华南大区 D2 (陈强 E20): 刘洋 E21

Revenue of 2026-11-01 … 21: 张伟 15,000, 王芳 20,000, 刘洋 7,000, together 42,000. The same days of October: 12,000 + 10,000 + 9,000
= 31,000; of November 2025: 8,000 + 16,000 = 24,000. Targets of November: 20,000 + 25,000 + 10,000 = 55,000.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace

TODAY = dt.date(2026, 11, 21)
NOW = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))

FILES: dict[str, list[list[str]]] = {
    "部门": [
        ["部门编码", "部门名称", "上级部门编码", "负责人工号"],
        ["D0", "全国", "", "E01"],
        ["D1", "华东大区", "D0", "E10"],
        ["D11", "上海一部", "D1", "E11"],
        ["D2", "华南大区", "D0", "E20"],
    ],
    "员工花名册": [
        ["工号", "姓名", "部门编码", "直接上级", "职务"],
        ["E01", "周明远", "D0", "", "销售副总裁"],
        ["E10", "李静", "D1", "E01", "大区经理"],
        ["E11", "赵敏", "D11", "E10", "部门经理"],
        ["E12", "张伟", "D11", "E11", "客户经理"],
        ["E13", "王芳", "D11", "E11", "客户经理"],
        ["E20", "陈强", "D2", "E01", "大区经理"],
        ["E21", "刘洋", "D2", "E20", "客户经理"],
    ],
    "订单": [
        ["订单编号", "订单日期", "客户编码", "客户名称", "产品编码", "产品名称", "产品大类", "业务员工号", "销售渠道", "大区", "数量", "单价", "金额", "成本金额", "订单状态"],
        ["SO-1", "2026-11-05", "C1", "华星电子", "P1", "激光打印机", "打印设备", "E12", "分销", "华东", "2", "5000", "10000", "6000", "completed"],
        ["SO-2", "2026-11-12", "C2", "远大物流", "P2", "硒鼓", "耗材", "E12", "直销", "华东", "10", "500", "5000", "3000", "completed"],
        ["SO-3", "2026-11-08", "C3", "恒通商贸", "P1", "激光打印机", "打印设备", "E13", "分销", "华东", "4", "5000", "20000", "12000", "completed"],
        ["SO-4", "2026-11-03", "C4", "南方印务", "P2", "硒鼓", "耗材", "E21", "直销", "华南", "14", "500", "7000", "4200", "shipped"],
        ["SO-5", "2026-10-06", "C1", "华星电子", "P1", "激光打印机", "打印设备", "E12", "分销", "华东", "3", "4000", "12000", "8000", "completed"],
        ["SO-6", "2026-10-08", "C3", "恒通商贸", "P1", "激光打印机", "打印设备", "E13", "分销", "华东", "2", "5000", "10000", "6000", "completed"],
        ["SO-7", "2026-10-15", "C4", "南方印务", "P2", "硒鼓", "耗材", "E21", "直销", "华南", "18", "500", "9000", "5400", "completed"],
        ["SO-8", "2025-11-07", "C1", "华星电子", "P1", "激光打印机", "打印设备", "E12", "分销", "华东", "2", "4000", "8000", "5000", "completed"],
        ["SO-9", "2025-11-10", "C3", "恒通商贸", "P1", "激光打印机", "打印设备", "E13", "分销", "华东", "4", "4000", "16000", "10000", "completed"],
        ["SO-10", "2026-11-21", "C5", "=1+1", "P2", "硒鼓", "耗材", "E13", "直销", "华东", "0", "500", "0", "0", "shipped"],
    ],
    "销售目标": [
        ["指标", "工号", "周期", "开始日期", "目标值"],
        ["销售额", "E12", "月", "2026-11-01", "20000"],
        ["销售额", "E13", "月", "2026-11-01", "25000"],
        ["销售额", "E21", "月", "2026-11-01", "10000"],
    ],
    "商机": [
        ["商机编号", "商机名称", "客户编码", "负责人工号", "销售阶段", "预计金额", "创建日期", "关闭日期"],
        ["OP-1", "打印机更新", "C1", "E12", "赢单", "50000", "2026-10-10", "2026-11-10"],
        ["OP-2", "耗材年单", "C2", "E12", "输单", "20000", "2026-10-12", "2026-11-14"],
        ["OP-3", "门店设备", "C3", "E13", "赢单", "30000", "2026-11-01", "2026-11-15"],
        ["OP-4", "印务扩建", "C4", "E21", "方案报价", "80000", "2026-11-05", ""],
    ],
}  # fmt: skip
ENTITIES = {
    "部门": "org_unit",
    "员工花名册": "employee",
    "订单": "order_line",
    "销售目标": "target",
    "商机": "opportunity",
}


def build_company(folder: Path) -> Workspace:
    """The company's workspace, imported from its five files."""
    workspace = Workspace.create(folder / "workspace", name="华曜打印科技")
    requests = []
    for name, rows in FILES.items():
        file = folder / f"{name}.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rows)
        requests.append(ImportRequest(file, entity=ENTITIES[name]))
    report = import_files(workspace, requests, now=NOW)
    assert all(counts.quarantined == 0 for batch in report.batches for counts in batch.entities.values()), report
    return Workspace.open(workspace.path)
