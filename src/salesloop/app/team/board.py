"""Everybody in a few columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from salesloop.app.org.services import Employee, employees_in, org_tree, unit_names
from salesloop.app.pages.services import Page
from salesloop.app.team.facts import Facts, Result, quarter_of
from salesloop.app.team.ratings import Standing, standings
from salesloop.app.team.rounds import Outcome, outcomes
from salesloop.app.workspace.services import today
from salesloop.engine.analyze.team.shared import SharedDeals
from salesloop.engine.model.scope import Scope


@dataclass(frozen=True, slots=True)
class Summary:
    """How far a person's ratings are from what the job asks for: competencies rated, met, and asked for."""

    rated: int
    met: int
    asked: int


@dataclass(frozen=True, slots=True)
class Row:
    person: Employee
    unit: str
    result: Result
    efficiency: float | None
    quality: float | None
    summary: Summary
    peers: Outcome | None
    shared: SharedDeals | None


def rows(page: Page, people: Sequence[Employee]) -> list[Row]:
    """One row a person of the page's place who is in sight."""
    shown, facts = chosen(page, people), Facts(page)
    rated = standings(shown, quarter_of(page))
    reviewed = outcomes([one.id for one in shown], today())
    units = unit_names({one.unit for one in shown})
    return [
        Row(
            one,
            units.get(one.unit, ""),
            facts.result(one),
            facts.work(one, "efficiency").score,
            facts.work(one, "quality").score,
            summary(rated[one.id]),
            reviewed.get(one.id),
            facts.shared(one),
        )
        for one in shown
    ]


def chosen(page: Page, people: Sequence[Employee]) -> list[Employee]:
    """Of these people those of the unit, or the one person, that the page is narrowed to."""
    if page.scope_filter is None:
        return list(people)
    dimension, _text = page.scope_filter
    here = page.place.here.id
    if dimension == "employee":
        return [one for one in people if one.id == here]
    below = org_tree().members(here, today()) if here else None
    return [one for one in people if below is None or one.id in below]


def summary(of: Sequence[Standing]) -> Summary:
    return Summary(
        sum(one.rated is not None for one in of),
        sum(one.gap is not None and one.gap <= 0 for one in of),
        sum(one.gap is not None for one in of),
    )


def titles() -> list[str]:
    """The job titles of the company."""
    return sorted({one.title for one in employees_in(Scope.all()) if one.title})
