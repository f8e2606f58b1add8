"""The declaration of the register: states, moves, board and reminders, read from `action.yaml`."""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from salesloop.engine.model.text import Text


class StateDeclaration(BaseModel):
    """One state and the states that people may move a record to from it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: Text
    moves: tuple[str, ...]


class Register(BaseModel):
    """How records of one kind live. Days are calendar days relative to the due date."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(alias="register")
    label: Text
    states: dict[str, StateDeclaration]
    initial: str
    board: tuple[str, ...]
    open: tuple[str, ...]
    remind_on: tuple[int, ...]
    remind_every: int
    escalate_after: int

    @model_validator(mode="after")
    def _names_exist(self) -> Register:
        named = {
            self.initial,
            *self.board,
            *self.open,
            *(move for state in self.states.values() for move in state.moves),
        }
        if unknown := named - set(self.states):
            raise ValueError(f"unknown states: {sorted(unknown)}")
        return self

    def may_move(self, state: str, to: str) -> bool:
        """Whether a record in `state` may be moved to `to`."""
        return to in self.states[state].moves

    def reminds(self, due: dt.date, today: dt.date) -> bool:
        """Whether an open record due on `due` reminds its owner on `today`."""
        days = (today - due).days
        return days in self.remind_on or (
            days > max(self.remind_on) and (days - max(self.remind_on)) % self.remind_every == 0
        )

    def escalates(self, due: dt.date, today: dt.date) -> bool:
        """Whether today's reminder also goes to the owner's manager."""
        return (today - due).days >= self.escalate_after


@cache
def action_register() -> Register:
    """The register of actions."""
    text = resources.files(__package__).joinpath("action.yaml").read_text("utf-8")
    return Register.model_validate(yaml.safe_load(text))
