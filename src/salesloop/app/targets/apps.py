from django.apps import AppConfig
from django.utils.translation import pgettext_lazy

from salesloop.app.ui.navigation import NavItem


class TargetsConfig(AppConfig):
    name = "salesloop.app.targets"
    navigation = (NavItem("see", pgettext_lazy("navigation", "目标"), "targets:index", "target", 30, key="t"),)

    def ready(self) -> None:
        from salesloop.app.targets import permissions  # noqa: F401 - registers them
