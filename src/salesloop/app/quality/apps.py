from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from salesloop.app.ui.navigation import NavItem


class QualityConfig(AppConfig):
    name = "salesloop.app.quality"
    navigation = (NavItem("see", _("质量"), "quality:index", "check", 15, key="q"),)

    def ready(self) -> None:
        from salesloop.app.quality import permissions  # noqa: F401 - registers them
