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
    "quality.sampled": _("抽查了记录"),
    "quality.signed": _("签了每周复核"),
    "quality.withdrawn": _("撤回了判定"),
    "quarantine.dropped": _("放弃了隔离行"),
    "quarantine.exported": _("导出了隔离行"),
    "quarantine.retried": _("重试了隔离行"),
    "report.exported": _("下载了报告"),
    "rows.exported": _("导出了明细"),
    "snapshot.rolled_back": _("回退了快照"),
    "duplicates.merged": _("合并了重复记录"),
    "duplicates.rejected": _("判定不是同一条"),
    "duplicates.undone": _("撤销了对重复记录的决定"),
    "duplicates.exported": _("导出了编号对照表"),
    "target.changed": _("修改了目标"),
    "target.undone": _("撤销了目标修改"),
}


def spoken(code: str) -> str:
    """The words for a code; a code without words stands for itself."""
    return str(WORDS.get(code, code))
