from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from salesloop.app.ui.navigation import NavItem


class DataConfig(AppConfig):
    name = "salesloop.app.data"
    jobs = {
        "read": "salesloop.app.data.work.read",
        "preview": "salesloop.app.data.work.preview",
        "import": "salesloop.app.data.work.import_",
        "undo": "salesloop.app.data.work.undo",
        "retry": "salesloop.app.data.work.retry",
        "drop": "salesloop.app.data.work.drop",
        "match": "salesloop.app.data.identity.match",
        "merge": "salesloop.app.data.identity.merge",
    }

    @property
    def navigation(self) -> tuple[NavItem, ...]:
        from salesloop.app.data.services import waiting_for

        return (
            NavItem(
                "see",
                _("数据"),
                "data:index",
                "data",
                10,
                key="d",
                permission="data.see",
                badge=lambda r: waiting_for(r.user),
            ),
        )

    def ready(self) -> None:
        from salesloop.app.data import permissions  # noqa: F401 - registers them
