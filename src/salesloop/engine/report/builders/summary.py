"""The report in sentences: what the headline numbers say, and which slices moved most."""

from __future__ import annotations

from salesloop.engine.report.builders.brief import Brief
from salesloop.engine.report.builders.headline import Headline, attainments, gap_text, headlines
from salesloop.engine.report.builders.slices import changes_by
from salesloop.engine.report.definition import Summary
from salesloop.engine.report.document import Attainment, Text
from salesloop.engine.report.number import Favour, Number, format_change, format_number
from salesloop.engine.report.periods import season_name
from salesloop.engine.report.render.words import is_late


def summary(brief: Brief, part: Summary) -> Text | None:
    """One sentence a metric, then the target of the first one, then the slices that moved most."""
    found = [item for item in headlines(brief, part.metrics) if item.value is not None]
    if not found:
        return None
    sentences = [_headline(brief, item) for item in found]
    first = found[0].metric
    goal = attainments(brief, [first]).get(first)
    if goal is not None and goal.pace is not None:
        sentences.insert(1, _goal(brief, first, goal))
    if part.movers_by:
        sentences += _movers(brief, first, part.movers_by)
    return Text(tuple(text for text, _ in sentences), tuple(favour for _, favour in sentences))


def _headline(brief: Brief, item: Headline) -> tuple[str, Favour]:
    metric = brief.metric(item.metric)
    format = brief.format(item.metric)
    phrases = [
        _change(brief, change, format, metric.favorable, key)
        for key, change in (("previous_long", item.previous_change), ("year_long", item.year_change))
        if change is not None
    ]
    favour = format_change(item.previous_change, format, brief.lang, metric.favorable).favour
    text = brief.say("headline_plain", metric=brief.label(item.metric), value=brief.number(item.metric, item.value))
    if phrases:
        text = brief.say(
            "headline_changes",
            metric=brief.label(item.metric),
            value=brief.number(item.metric, item.value),
            changes=(", " if brief.lang == "en" else "，").join(phrases),
        )
    return text, favour


def _change(brief: Brief, change: Number, format: str, favorable: str, key: str) -> str:
    said = format_change(change, "percent" if format == "percent" else "number", brief.lang, favorable)
    against = brief.say(key, grain=brief.say(f"grain_{brief.period.grain}"))
    return brief.say(f"change_{said.direction}", against=against, size=said.text + said.unit)


def _goal(brief: Brief, metric: str, goal: Attainment) -> tuple[str, Favour]:
    late = is_late(goal.share, goal.pace)
    text = brief.say(
        "goal_behind" if late else "goal_ahead",
        season=season_name(brief.season, brief.calendar, brief.lang),
        metric=brief.label(metric),
        share=format_number(goal.share, "percent", brief.lang),
        pace=format_number(goal.pace, "percent", brief.lang),
        gap=gap_text(brief, goal),
    )
    return text, "bad" if late else "good"


def _movers(brief: Brief, metric: str, dimension: str) -> list[tuple[str, Favour]]:
    """The slice that rose most and the one that fell most."""
    moved = [item for item in changes_by(brief, metric, dimension) if item.change]
    rises = max(moved, key=lambda item: item.change, default=None)
    falls = min(moved, key=lambda item: item.change, default=None)
    favorable = brief.metric(metric).favorable
    sentences: list[tuple[str, Favour]] = []
    for key, item, direction in (("rose_most", rises, 1), ("fell_most", falls, -1)):
        if item is not None and len(moved) > 1 and item.change * direction > 0:
            size = format_number(
                abs(item.change), brief.format(metric), brief.lang, currency=brief.currency, unit=brief.unit(metric)
            )
            favour: Favour = "good" if (direction > 0) == (favorable == "up") else "bad"
            sentences.append((brief.say(key, metric=brief.label(metric), slice=item.name, size=size), favour))
    return sentences
