"""What the status of a metric means on pages: drafts are for few, deprecated ones say what replaces them."""

from salesloop.app.accounts.services import Role, User
from salesloop.app.pages.services import Page
from salesloop.app.workspace.services import registry
from salesloop.engine.metrics.definition import Metric
from salesloop.engine.model.text import Lang


def sees(user: User, metric: Metric) -> bool:
    """Whether this person may see the metric at all: a draft is for its owner and those who decide about definitions."""
    return (
        metric.status != "draft" or metric.owner in (user.login, user.name) or user.role in (Role.ANALYST, Role.ADMIN)
    )


def choices(lang: Lang, keep: str = "") -> list[tuple[str, str]]:
    """(id, label) of the metrics that a form offers: those in use, drafts and retired ones left out. `keep` is what the
    form holds already, whatever became of it since."""
    return [
        (name, metric.label.get(lang))
        for name, metric in registry().metrics.items()
        if name == keep or (not metric.hidden and metric.status in ("active", "deprecated"))
    ]


def successor_label(page: Page, metric: Metric) -> str:
    """What replaces a deprecated metric, in the reader's language; '' for every other metric."""
    if metric.status != "deprecated" or metric.successor is None:
        return ""
    return page.registry.metric(metric.successor).label.get(page.lang)
