"""Company objectives, the targets that serve them, and the milestones of the plan behind them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml
from django.core.exceptions import PermissionDenied
from django.db import transaction

from salesloop.app.accounts.services import User
from salesloop.app.audit.services import log
from salesloop.app.targets.models import Milestone, Objective, ObjectiveLink, Target
from salesloop.engine.model.text import Text


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone of a template: due so many days after the start."""

    title: Text
    days: int


@dataclass(frozen=True, slots=True)
class Template:
    """A plan that others have used: entering a market, launching a product."""

    name: str
    label: Text
    steps: tuple[Step, ...]


@lru_cache(maxsize=1)
def templates() -> Mapping[str, Template]:
    """The plan templates by name."""
    text = resources.files("salesloop.app.targets").joinpath("plans.yaml").read_text("utf-8")
    return {
        name: Template(
            name, Text.parse(one["label"]), tuple(Step(Text.parse(s["title"]), s["days"]) for s in one["steps"])
        )
        for name, one in yaml.safe_load(text).items()
    }


def objective_of(metric: str, year: int) -> Objective | None:
    """The objective that the targets of a metric and year serve."""
    link = ObjectiveLink.objects.filter(metric=metric, year=year).select_related("objective").first()
    return link.objective if link else None


def years_with_targets() -> list[tuple[str, int]]:
    """(metric, year) of everything that people have stated targets for, the newest year first; years are those of the dates."""
    found = {(metric, day.year) for metric, day in Target.objects.values_list("metric", "period_start").distinct()}
    return sorted(found, key=lambda one: (-one[1], one[0]))


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which targets serve an objective, and which serve none: linked ÷ all is the rate of alignment."""

    linked: tuple[tuple[str, int], ...]
    unlinked: tuple[tuple[str, int], ...]

    @property
    def rate(self) -> float | None:
        every = len(self.linked) + len(self.unlinked)
        return len(self.linked) / every if every else None


def alignment() -> Alignment:
    """Of all stated targets."""
    known = set(ObjectiveLink.objects.values_list("metric", "year"))
    every = years_with_targets()
    return Alignment(tuple(one for one in every if one in known), tuple(one for one in every if one not in known))


@dataclass(frozen=True, slots=True)
class Execution:
    """Milestones due until a day: `on_time` of them were done by their date, `late` are open still."""

    due: int
    on_time: int
    late: int

    @property
    def rate(self) -> float | None:
        return self.on_time / self.due if self.due else None


def execution(today: dt.date) -> Execution:
    """How the plans are carried out."""
    due = list(Milestone.objects.filter(due__lte=today))
    on_time = sum(one.done_on is not None and one.done_on <= one.due for one in due)
    return Execution(len(due), on_time, sum(one.done_on is None and one.due < today for one in due))


@transaction.atomic
def state(actor: User, objective: Objective, now: dt.datetime) -> Objective:
    """Keep a new objective."""
    _needs(actor)
    objective.created_by, objective.created_at = actor, now
    objective.save()
    log(actor, "target.objective_stated", objective)
    return objective


@transaction.atomic
def link(actor: User, objective: Objective, metric: str, year: int) -> None:
    """Let the targets of a metric and year serve the objective, in the place of any other."""
    _needs(actor)
    ObjectiveLink.objects.update_or_create(metric=metric, year=year, defaults={"objective": objective})
    log(actor, "target.linked", objective, {"metric": metric, "year": year})


@transaction.atomic
def add_milestone(actor: User, objective: Objective, title: str, owner: User, due: dt.date) -> Milestone:
    """One more step of the plan."""
    _needs(actor)
    step = Milestone.objects.create(objective=objective, title=title[:200], owner=owner, due=due)
    log(actor, "target.milestone_added", step, {"due": due, "owner": owner.login})
    return step


@transaction.atomic
def plan_from(actor: User, objective: Objective, template: Template, start: dt.date, lang: str) -> None:
    """All steps of a template, from a day on, for the person who plans."""
    for step in template.steps:
        title = step.title.get(lang)  # type: ignore[arg-type] # a language of the product
        add_milestone(actor, objective, title, actor, start + dt.timedelta(days=step.days))


@transaction.atomic
def finish(actor: User, step: Milestone, today: dt.date) -> None:
    """Done, or open again. The owner and planners may say so."""
    if actor != step.owner and not actor.has_perm("targets.plan"):
        raise PermissionDenied
    step.done_on = None if step.done_on else today
    step.save(update_fields=["done_on"])
    log(actor, "target.milestone_done" if step.done_on else "target.milestone_reopened", step)


def _needs(actor: User) -> None:
    if not actor.has_perm("targets.plan"):
        raise PermissionDenied("targets.plan")
