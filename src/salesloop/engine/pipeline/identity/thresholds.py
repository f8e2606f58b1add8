"""How the records of an entity are matched in one company: the built-in rules with its own thresholds over them."""

from __future__ import annotations

from pydantic import ValidationError

from salesloop.engine.clean.identity import Matching, Thresholds, load_matching
from salesloop.engine.clean.identity.settings import known_entities
from salesloop.engine.pipeline.identity.survivorship import own_standard, wrong
from salesloop.engine.store import Workspace


def matching_of(workspace: Workspace, entity: str) -> Matching:
    """The rules for one entity, with `thresholds:` of `standards/identity.yaml`: entity → `merge`, `ask`, `leave`.

    What it does not say is as in the built-in rules. UserError where a threshold is out of range, they do not rise, or the
    entity is not matched at all.
    """
    built_in = load_matching(entity)
    own = own_standard(workspace).get("thresholds") or {}
    try:
        unknown = sorted(set(own) - set(known_entities()))
        if unknown:
            raise ValueError(f"thresholds: {', '.join(unknown)} (known: {', '.join(known_entities())})")
        wanted = built_in.thresholds.model_dump() | dict(own.get(entity) or {})
        return built_in.model_copy(update={"thresholds": Thresholds.model_validate(wanted)})
    except (ValidationError, ValueError, TypeError) as error:
        raise wrong(error) from error
