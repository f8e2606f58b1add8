"""Metrics for Ctrl K."""

from collections.abc import Iterator
from typing import cast

from django.http import HttpRequest
from django.urls import reverse

from salesloop.app.accounts.services import User
from salesloop.app.metrics.drafts import sees
from salesloop.app.ui.language import current_lang
from salesloop.app.ui.palette import Hit, matches
from salesloop.app.workspace.services import registry


def search(request: HttpRequest, words: str) -> Iterator[Hit]:
    """Offered metrics by label, sounds or id; without words the first of the catalogue."""
    lang = current_lang()
    for metric in registry().metrics.values():
        label = metric.label.get(lang)
        if metric.hidden or metric.status == "retired" or not sees(cast("User", request.user), metric):
            continue
        if matches(words, label, metric.metric, metric.label.en):
            yield Hit(label, reverse("metrics:metric", args=[metric.metric]), "metrics", metric.metric)
