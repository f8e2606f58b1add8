from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from salesloop.app.ui.navigation import NavItem


class AdministrationConfig(AppConfig):
    name = "salesloop.app.administration"
    navigation = (
        NavItem("manage", _("人员与权限"), "people:index", "people", 10, key="p", permission="people.manage"),
        NavItem("manage", _("设置"), "settings:index", "settings", 20, permission="settings.see"),
        NavItem("manage", _("操作记录"), "audit:index", "log", 30, permission="audit.see"),
    )
