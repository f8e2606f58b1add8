"""What the status of a metric means on pages: drafts are for few, deprecated ones say what replaces them."""

from salesloop.app.accounts.services import Role, User
from salesloop.app.pages.services import Page
from salesloop.engine.metrics.definition import Metric


def sees(user: User, metric: Metric) -> bool:
    """Whether this person may see the metric at all: a draft is for its owner and those who decide about definitions."""
    return (
        metric.status != "draft" or metric.owner in (user.login, user.name) or user.role in (Role.ANALYST, Role.ADMIN)
    )


def successor_label(page: Page, metric: Metric) -> str:
    """What replaces a deprecated metric, in the reader's language; '' for every other metric."""
    if metric.status != "deprecated" or metric.successor is None:
        return ""
    return page.registry.metric(metric.successor).label.get(page.lang)
