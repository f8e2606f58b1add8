from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from salesloop.app.ui.navigation import NavItem


class MetricsConfig(AppConfig):
    name = "salesloop.app.metrics"
    navigation = (NavItem("see", _("指标"), "metrics:index", "metrics", 20, key="m"),)
    search = (_("指标"), "salesloop.app.metrics.palette.search")
