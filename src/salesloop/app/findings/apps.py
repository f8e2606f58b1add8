from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from salesloop.app.ui.navigation import NavItem


class FindingsConfig(AppConfig):
    name = "salesloop.app.findings"
    jobs = {"findings": "salesloop.app.findings.work.check"}

    @property
    def navigation(self) -> tuple[NavItem, ...]:
        from salesloop.app.findings.services import waiting_for

        return (
            NavItem(
                "do",
                _("发现"),
                "findings:list",
                "alert",
                10,
                key="f",
                badge=lambda r: waiting_for(r.user),
                urgent=True,
                phone=3,
            ),
        )

    def ready(self) -> None:
        from salesloop.app.findings import permissions  # noqa: F401 - registers them
