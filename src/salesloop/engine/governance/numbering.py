"""The number of a metric's version: as the journal counts it, whatever the file says of itself."""

from __future__ import annotations

from dataclasses import replace

from salesloop.engine.governance.journal import read_histories
from salesloop.engine.governance.kinds import kind_of
from salesloop.engine.governance.noticing import own_documents
from salesloop.engine.metrics import Registry, load_registry
from salesloop.engine.metrics.definition import Metric
from salesloop.engine.store import Workspace


def numbered_registry(workspace: Workspace) -> Registry:
    """The definitions of a workspace with the recorded number of each metric's version. What was changed by hand and not
    noticed yet is the one after the last; what is not recorded at all keeps its own number."""
    registry, histories = load_registry(workspace.path, workspace.model), read_histories(workspace)
    own = own_documents(workspace.path, kind_of("metric")) if histories else {}

    def counted(metric: Metric) -> Metric:
        versions = histories.get(("metric", metric.metric))
        if not versions:
            return metric
        document = own.get(metric.metric)
        number = versions[-1].number + (document is not None and document.meaning != versions[-1].meaning)
        return metric if number == metric.version else metric.model_copy(update={"version": number})

    return replace(registry, metrics={name: counted(metric) for name, metric in registry.metrics.items()})
