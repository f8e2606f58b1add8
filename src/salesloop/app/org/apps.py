from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrgConfig(AppConfig):
    name = "salesloop.app.org"
    search = (_("部门与人员"), "salesloop.app.org.palette.search")
