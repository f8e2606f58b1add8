from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from salesloop.app.ui.navigation import NavItem


class ChannelsConfig(AppConfig):
    name = "salesloop.app.channels"
    navigation = (NavItem("see", _("渠道"), "channels:index", "link", 26, key="h", permission="channels.see"),)

    def ready(self) -> None:
        from salesloop.app.channels import permissions  # noqa: F401 - registers them
