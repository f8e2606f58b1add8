from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from salesloop.app.ui.navigation import NavItem


class TeamConfig(AppConfig):
    name = "salesloop.app.team"
    navigation = (NavItem("improve", _("团队评价"), "team:index", "people", 60, key="e"),)

    def ready(self) -> None:
        from salesloop.app.team import permissions  # noqa: F401 - registers them
