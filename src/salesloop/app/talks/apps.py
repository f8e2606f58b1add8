from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from salesloop.app.ui.navigation import NavItem


class TalksConfig(AppConfig):
    name = "salesloop.app.talks"
    search = (_("沟通"), "salesloop.app.talks.palette.search")

    @property
    def navigation(self) -> tuple[NavItem, ...]:
        from salesloop.app.talks.listing import steps_due

        return (
            NavItem("do", _("沟通"), "talks:index", "talk", 30, key="k", badge=lambda r: steps_due(r.user), phone=2),
        )
