"""Where the numbers come from: definitions with versions and owners, freshness of the data, what was left out."""

from __future__ import annotations

from collections.abc import Iterator

from salesloop.engine.report.builders.brief import Brief
from salesloop.engine.report.document import Text
from salesloop.engine.report.table import Column, Table


def sources(brief: Brief) -> Iterator[Table | Text]:
    """Definitions of the metrics used, the data behind them, and remarks."""
    yield _definitions(brief)
    yield _freshness(brief)
    remarks = [note.text(brief.lang) for note in brief.notes.values()]
    if brief.left_out:
        names = [brief.label(name) for name in brief.left_out]
        remarks.append(brief.say("left_out", metrics=names))
    if remarks:
        yield Text(tuple(remarks))


def _definitions(brief: Brief) -> Table:
    heads = ("metric", "formula", "owner", "version")
    rows = []
    for name in brief.used:
        metric = brief.metric(name)
        rows.append((metric.label.get(brief.lang), metric.formula.get(brief.lang), metric.owner, f"v{metric.version}"))
    return Table(brief.say("definitions"), tuple(Column(brief.say(f"head_{head}")) for head in heads), tuple(rows))


def _freshness(brief: Brief) -> Table:
    entities = dict.fromkeys(entity for name in brief.used for entity in brief.registry.entities_of(name))
    fresh = brief.data.snapshot.freshness()
    zone = brief.zone
    rows = []
    for entity in entities:
        if entity in fresh:
            received = fresh[entity].last_received
            when = f"{received.astimezone(zone):%Y-%m-%d %H:%M}" if received else "–"
            label = brief.registry.model.entity(entity).label.get(brief.lang)
            rows.append((label, brief.data.snapshot.count(entity), fresh[entity].last_event, when))
    columns = (
        Column(brief.say("head_data")),
        Column(brief.say("head_rows"), "number", "count", exact=True),
        Column(brief.say("head_last_event")),
        Column(brief.say("head_last_received")),
    )
    return Table(brief.say("freshness"), columns, tuple(rows))
