"""Which value of merged records lives on: rules in YAML, and the SQL that orders values by them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from pydantic import ValidationError

from salesloop.engine.clean.values.cells import literals
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.fields import Declaration
from salesloop.engine.model.text import Messages
from salesloop.engine.store import Workspace

_MESSAGES = Messages("salesloop.engine.pipeline")
FILE: Final = Path("standards") / "identity.yaml"

Rule = Literal["survivor", "primary", "recent", "complete", "longest", "source"]


class Survivorship(Declaration):
    """The rules of a company. What its file does not say is as in the built-in one."""

    automatic: Literal["never", "identifiers", "sure"]
    sources: tuple[str, ...]
    rules: tuple[Rule, ...]
    fields: Mapping[str, tuple[Rule, ...]]
    entities: Mapping[str, Mapping[str, tuple[Rule, ...]]]

    def of(self, entity: str, field: str) -> tuple[Rule, ...]:
        """The rules for one field, the first that tells two values apart decides."""
        own = self.entities.get(entity, {}).get(field) or self.fields.get(field)
        return own or self.rules

    def order(self, entity: str, field: str) -> str:
        """SQL to order the values of a field, the best first.

        Over the columns of a member: those of its row, `_key`, `_canonical`, `_chosen` (JSON: field → id) and `_filled_in`
        (number of its fields with a value). The key comes last, so that the outcome is always the same.
        """
        sql: dict[Rule, str] = {
            "survivor": "(_key = _canonical) DESC",
            "primary": f"{is_primary(field)} DESC",
            "recent": "_received_at DESC",
            "complete": "_filled_in DESC",
            "longest": f'length(CAST("{field}" AS VARCHAR)) DESC',
            "source": f"coalesce(list_position([{literals(self.sources)}]::VARCHAR[], source_system), 1e9)",
        }
        ranks = [sql[rule] for rule in self.of(entity, field)]
        return ", ".join([f"coalesce((_chosen ->> '{field}') = _key, false) DESC", *ranks, "_key"])


def is_primary(field: str) -> str:
    """SQL: whether the value comes from a delivery about this very entity."""
    return f"(_primary AND NOT coalesce(list_contains(_filled, '{field}'), false))"


def load_survivorship(workspace: Workspace) -> Survivorship:
    """The built-in rules with those of `standards/identity.yaml` over them. UserError where that file is wrong."""
    rules = yaml.safe_load(resources.files(__package__).joinpath("survivorship.yaml").read_bytes())
    own = {name: part for name, part in own_standard(workspace).items() if name != "thresholds"}
    try:
        return Survivorship.model_validate({**rules, **own})
    except (ValidationError, TypeError) as error:
        raise wrong(error) from error


def own_standard(workspace: Workspace) -> dict[str, Any]:
    """What the company's file says, not validated; empty without one. UserError where it is no YAML document of parts."""
    path = workspace.path / FILE
    try:
        own = yaml.safe_load(path.read_text("utf-8")) if path.is_file() else None
    except yaml.YAMLError as error:
        raise wrong(error) from error
    if own is not None and not isinstance(own, dict):
        raise wrong(TypeError(f"{type(own).__name__}: {own}"))
    return own or {}


def wrong(problem: Exception) -> UserError:
    """The file of the company cannot be used."""
    return UserError(_MESSAGES.message("survivorship_wrong", problem=str(problem)), file=str(FILE))
