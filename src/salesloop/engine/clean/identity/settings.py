"""How the records of an entity are matched: rules/<entity>.yaml, read into a typed model."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Final, Literal, Self

import yaml
from pydantic import Field, model_validator

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.fields import Declaration
from salesloop.engine.model.text import Messages

MESSAGES: Final = Messages("salesloop.engine.clean.identity")

Kind = Literal["company", "person", "registration", "identifier", "code", "text", "date", "product"]


class FieldRule(Declaration):
    """A field that is compared, and as what. `weights` (level → bits) replaces weights of that kind of comparison."""

    field: str
    kind: Kind = Field(alias="as")
    weights: Mapping[str, float] = {}


class Thresholds(Declaration):
    """Scores from which a pair is merged, put to a person, or returned at all (decision `leave`)."""

    merge: float = Field(0.95, ge=0.5, le=1)
    ask: float = Field(0.3, ge=0, le=1)
    leave: float = Field(0.1, gt=0, lt=1)

    @model_validator(mode="after")
    def _rise(self) -> Self:
        if not self.leave <= self.ask <= self.merge:
            raise ValueError("thresholds must rise: leave <= ask <= merge")
        return self


class Matching(Declaration):
    """The rules for one entity.

    `prior` is the log2 odds that a candidate pair is the same before anything is compared. `blocks`: two records are
    compared where they agree in all keys of one block; a key is `field` (its normal form) or `field.key`. `learn`: the
    weights are estimated from the table by expectation maximisation and those of the kinds are the start.
    """

    entity: str
    fields: tuple[FieldRule, ...] = Field(min_length=1)
    blocks: tuple[tuple[str, ...], ...] = Field(min_length=1)
    prior: float = -9.0
    learn: bool = False
    thresholds: Thresholds = Thresholds()


def load_matching(entity: str) -> Matching:
    """The built-in rules for an entity. UserError where there are none."""
    found = resources.files(__package__).joinpath("rules", f"{entity}.yaml")
    if not found.is_file():
        raise UserError(MESSAGES.message("no_rules", entity=entity, known=known_entities()))
    return Matching.model_validate(yaml.load(found.read_bytes(), Loader=yaml.CSafeLoader))


def known_entities() -> list[str]:
    """The entities with built-in rules."""
    folder = resources.files(__package__).joinpath("rules")
    return sorted(file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml"))
