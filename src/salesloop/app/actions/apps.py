from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from salesloop.app.ui.navigation import NavItem


class ActionsConfig(AppConfig):
    name = "salesloop.app.actions"

    @property
    def navigation(self) -> tuple[NavItem, ...]:
        from salesloop.app.actions.services import waiting_for

        return (
            NavItem(
                "do", _("行动"), "actions:board", "action", 20, key="a", badge=lambda r: waiting_for(r.user), phone=4
            ),
        )
