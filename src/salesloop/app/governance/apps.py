from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from salesloop.app.ui.navigation import NavItem


class GovernanceConfig(AppConfig):
    name = "salesloop.app.governance"

    @property
    def navigation(self) -> tuple[NavItem, ...]:
        from salesloop.app.governance.requests import waiting_for

        return (
            NavItem(
                "see", _("指标体系"), "governance:tree", "org", 21, badge=lambda request: waiting_for(request.user)
            ),
        )

    def ready(self) -> None:
        from salesloop.app.governance import permissions  # noqa: F401 - registers them
