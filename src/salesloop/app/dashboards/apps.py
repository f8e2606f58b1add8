from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from salesloop.app.ui.navigation import NavItem


class DashboardsConfig(AppConfig):
    name = "salesloop.app.dashboards"
    navigation = (
        NavItem("home", _("总览"), "dashboards:overview", "home", 0, key="o", phone=1),
        NavItem("see", _("销售额管理"), "dashboards:revenue", "analysis", 19),
        NavItem("see", _("指标组"), "dashboards:sets", "board", 22),
    )
