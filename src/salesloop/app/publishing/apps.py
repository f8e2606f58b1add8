from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from salesloop.app.ui.navigation import NavItem


class PublishingConfig(AppConfig):
    name = "salesloop.app.publishing"
    navigation = (NavItem("see", _("报告"), "reports:index", "report", 50, key="r"),)
