from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from salesloop.app.ui.navigation import NavItem


class CustomersConfig(AppConfig):
    name = "salesloop.app.customers"
    navigation = (NavItem("see", _("客户"), "customers:index", "people", 25, key="c"),)
    search = (_("客户"), "salesloop.app.customers.palette.search")
