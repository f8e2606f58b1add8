"""Metrics for Ctrl K."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from salesloop.app.ui.language import current_lang
from salesloop.app.ui.palette import Hit, matches
from salesloop.app.workspace.services import registry


def search(request: HttpRequest, words: str) -> Iterator[Hit]:
    """Offered metrics by label, sounds or id; without words the first of the catalogue."""
    lang = current_lang()
    for metric in registry().metrics.values():
        label = metric.label.get(lang)
        if not metric.hidden and matches(words, label, metric.metric, metric.label.en):
            yield Hit(label, reverse("metrics:metric", args=[metric.metric]), "metrics", metric.metric)
