from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from salesloop.app.ui.navigation import NavItem


class TextsConfig(AppConfig):
    name = "salesloop.app.texts"
    navigation = (NavItem("see", _("客户声音"), "texts:index", "voice", 27, key="v"),)
