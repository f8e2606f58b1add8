"""What the codes of the audit log mean, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    "access.created": _("建立了访问令牌"),
    "access.revoked": _("撤销了访问令牌"),
    "action.changed": _("修改了行动"),
    "action.created": _("建立了行动"),
    "action.measured": _("衡量了效果"),
    "action.moved": _("移动了行动"),
    "data.imported": _("导入了数据"),
    "data.undone": _("撤销了导入"),
    "finding.assigned": _("指派了发现"),
    "finding.closed": _("发现闭环"),
    "finding.dismissed": _("忽略了发现"),
    "finding.reopened": _("重新打开发现"),
    "findings.run": _("运行了检查"),
    "person.activated": _("恢复了登录"),
    "person.added": _("添加了人员"),
    "person.changed": _("修改了人员"),
    "person.deactivated": _("停用了人员"),
    "person.password_changed": _("修改了密码"),
    "person.password_reset": _("重置了密码"),
    "person.password_set": _("设置了密码"),
    "person.logged_in": _("登录"),
    "quality.audited": _("签了抽查"),
    "quality.decided": _("判定了记录"),
    "quality.handed_out": _("导出了待改记录"),
    "quality.plan_stopped": _("停止了定期抽查"),
    "quality.planned": _("计划了定期抽查"),
    "quality.sampled": _("抽查了记录"),
    "quality.signed": _("签了每周复核"),
    "quality.withdrawn": _("撤回了判定"),
    "quarantine.dropped": _("放弃了隔离行"),
    "quarantine.exported": _("导出了隔离行"),
    "quarantine.retried": _("重试了隔离行"),
    "report.exported": _("下载了报告"),
    "rows.exported": _("导出了明细"),
    "snapshot.rolled_back": _("回退了快照"),
    "definition.suggested": _("建议修改定义"),
    "definition.proposed": _("写了新的定义"),
    "definition.reviewing": _("开始审议"),
    "definition.approved": _("批准了变更"),
    "definition.rejected": _("没有采纳变更"),
    "definition.applied": _("让新的定义生效"),
    "definition.withdrawn": _("撤回了建议"),
    "definition.accepted": _("批准了在外部修改的定义"),
    "metric.reviewed": _("复核了指标"),
    "metric.discussed": _("评论了指标"),
    "duplicates.merged": _("合并了重复记录"),
    "duplicates.rejected": _("判定不是同一条"),
    "duplicates.undone": _("撤销了对重复记录的决定"),
    "duplicates.exported": _("导出了编号对照表"),
    "talk.corrected": _("改正了沟通记录"),
    "talk.deal_changed": _("修改了转成的商机"),
    "talk.exported": _("导出了沟通记录"),
    "talk.promoted": _("把沟通转为商机"),
    "talk.recorded": _("记录了沟通"),
    "talk.step_done": _("完成了下一步"),
    "target.acknowledged": _("确认了目标"),
    "target.changed": _("修改了目标"),
    "target.committed": _("报了承诺"),
    "target.discussed": _("谈了目标"),
    "target.linked": _("关联了公司目标"),
    "target.locked": _("锁定了目标"),
    "target.milestone_added": _("加了里程碑"),
    "target.milestone_done": _("完成了里程碑"),
    "target.milestone_reopened": _("重开了里程碑"),
    "target.objective_stated": _("建立了公司目标"),
    "target.rate_planned": _("修改了计划汇率"),
    "target.undone": _("撤销了目标修改"),
    "target.unlocked": _("解锁了目标"),
    "target.version_approved": _("批准了"),
    "target.version_begun": _("新建了草稿"),
    "target.version_dropped": _("删除了草稿"),
    "target.version_frozen": _("冻结了"),
    "target.version_returned": _("退回了"),
    "target.version_rolled_back": _("恢复了这一版"),
    "target.version_submitted": _("提交了审批"),
}

AREAS: dict[str, str | Promise] = {
    "action.": _("行动"),
    "data.": _("导入"),
    "definition.": _("定义"),
    "duplicates.": _("重复"),
    "finding": _("发现"),
    "metric.": _("指标"),
    "person.": _("人员与登录"),
    "quality.": _("质量"),
    "quarantine.": _("隔离"),
    "report.": _("报告"),
    "rows.": _("明细"),
    "snapshot.": _("快照"),
    "talk.": _("沟通"),
    "target.": _("目标"),
    "access.": _("访问令牌"),
}
"""The beginnings of codes by which the log can be narrowed."""

DETAILS: dict[str, str | Promise] = {
    "amount": _("金额"),
    "before": _("原来"),
    "cells": _("单元格"),
    "customer_id": _("客户"),
    "decision": _("决定"),
    "definition": _("定义"),
    "due": _("到期"),
    "email": _("邮箱"),
    "employee_id": _("员工"),
    "entity": _("数据"),
    "every": _("周期"),
    "file": _("文件"),
    "from": _("从"),
    "ids": _("编号"),
    "kind": _("种类"),
    "language": _("语言"),
    "lines": _("行数"),
    "login": _("登录名"),
    "metric": _("指标"),
    "name": _("姓名"),
    "new": _("新"),
    "note": _("说明"),
    "opportunity_id": _("商机"),
    "outcome": _("结果"),
    "owner": _("负责人"),
    "quiet": _("平息"),
    "reason": _("原因"),
    "records": _("记录"),
    "removed": _("移除"),
    "restored": _("恢复"),
    "role": _("角色"),
    "row": _("行"),
    "rows": _("行数"),
    "snapshot": _("快照"),
    "to": _("到"),
    "total": _("合计"),
    "updated": _("更新"),
    "verdict": _("结论"),
    "version": _("版本"),
    "why": _("原因"),
    "year": _("年"),
}
"""What the parts of an entry are called; a part without a word keeps its name."""

VALUES: dict[str, dict[str, str | Promise]] = {
    "role": {
        "rep": _("销售代表"),
        "manager": _("销售经理"),
        "analyst": _("运营分析"),
        "steward": _("数据管理员"),
        "executive": _("高管"),
        "admin": _("系统管理员"),
    },
    "verdict": {
        "accepted": _("认可"),
        "rejected": _("退回"),
        "improved": _("见效"),
        "no_evidence": _("无证据"),
        "unmeasurable": _("无法衡量"),
        "worse": _("变差"),
    },
    "state": {
        "planned": _("待开始"),
        "doing": _("进行中"),
        "done": _("待衡量"),
        "measured": _("已衡量"),
        "cancelled": _("已取消"),
    },
}
"""What coded values of a part mean."""


def part_spoken(name: str) -> str:
    """The words for a part of an entry."""
    return str(DETAILS.get(name, name))


def value_spoken(name: str, value: str) -> str:
    """The words for a value of a part; a value without words stands for itself."""
    return str(VALUES.get("state" if name in ("from", "to") else name, {}).get(value, value))


def spoken(code: str) -> str:
    """The words for a code; a code without words stands for itself."""
    return str(WORDS.get(code, code))
