"""The settings of the workspace, to read; they are changed in salesloop.toml."""

from typing import Any

from django.conf import settings as django_settings
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from salesloop.app.workspace.services import registry, snapshot, workspace

LABELS = {
    "name": gettext_noop("公司名称"),
    "currency": gettext_noop("本位币"),
    "timezone": gettext_noop("时区"),
    "language": gettext_noop("默认语言"),
    "week_start": gettext_noop("每周第一天"),
    "calendar": gettext_noop("日历"),
    "fiscal_start_month": gettext_noop("财年起始月"),
    "fiscal_year_rule": gettext_noop("整周财年的起始规则"),
    "keep_snapshots": gettext_noop("保留快照数"),
    "entry_sla_hours": gettext_noop("录入时限（小时）"),
    "red_up": gettext_noop("红涨绿跌"),
    "repairs_off": gettext_noop("停用的修正规则"),
    "engine": gettext_noop("计算引擎"),
    "engine_refresh": gettext_noop("引擎刷新间隔（秒）"),
}
LANGUAGES = {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English"}
VALUES = {
    "monday": gettext_noop("星期一"),
    "saturday": gettext_noop("星期六"),
    "sunday": gettext_noop("星期日"),
    "gregorian": gettext_noop("公历"),
    "fiscal": gettext_noop("财年"),
    "iso_week": gettext_noop("ISO 周"),
    "nearest": gettext_noop("最接近的一周"),
    "last": gettext_noop("最后一周"),
    "duckdb": gettext_noop("自带（DuckDB）"),
}
"""What the words of salesloop.toml mean."""


def summary() -> dict[str, Any]:
    """Settings with their labels, and what the workspace holds."""
    store, current = workspace(), snapshot()
    config = store.config.model_dump()
    return {
        "settings": [(_(LABELS.get(name, name)), name, _shown(value)) for name, value in config.items()],
        "snapshot": current,
        "metric_count": len(registry().metrics),
        "entity_counts": [
            (entity.label, entity.name, current.count(entity.name))
            for entity in store.model.entities
            if current.has(entity.name)
        ],
        "database": "PostgreSQL" if "postgresql" in django_settings.DATABASES["default"]["ENGINE"] else "SQLite",
        "secure_cookies": django_settings.SECURE_COOKIES,
    }


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "—"
    if value in LANGUAGES:  # each in its own language
        return format_html('<span lang="{}">{}</span>', value, LANGUAGES[str(value)])
    return _(VALUES[value]) if isinstance(value, str) and value in VALUES else str(value)
