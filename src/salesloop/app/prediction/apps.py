from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from salesloop.app.ui.navigation import NavItem


class PredictionConfig(AppConfig):
    name = "salesloop.app.prediction"
    jobs = {"train": "salesloop.app.prediction.training.work"}
    navigation = (NavItem("see", _("预测"), "prediction:index", "analysis", 28, permission="prediction.see"),)

    def ready(self) -> None:
        from salesloop.app.prediction import permissions  # noqa: F401 - registers them
