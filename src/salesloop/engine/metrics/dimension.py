"""What a dimension is: how rows of each entity find their way to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from salesloop.engine.model.fields import Declaration
from salesloop.engine.model.text import Messages, Text, Wrong

_MESSAGES = Messages("salesloop.engine.metrics")
DEFAULT_PATHS = "default"
MAX_LEVEL = 6


class Dimension(Declaration):
    """A way to slice.

    With an `entity` the values are its keys, shown by name; without one the values are the texts themselves (a category,
    a stage). `tree` names the flat table of a hierarchy. `paths` are the ways from a row to the value, for all entities
    under `default` and for single ones under their name: a field of the row, or a field of what the row refers to
    (`customer.region_id`). All that exist for an entity are tried in order, row by row; an empty list says that the entity
    cannot be sliced so.
    """

    dimension: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: Text
    description: Text
    entity: str | None = None
    tree: Literal["region_flat", "org_unit_flat", "channel_flat"] | None = None
    paths: Mapping[str, tuple[str, ...]]
    sources: tuple[str, ...] = ()
    hidden: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Dimension:
        if self.tree is not None and self.entity is None:
            raise Wrong(_MESSAGES.message("wrong_tree"))
        return self

    def paths_from(self, entity: str) -> tuple[str, ...]:
        """The declared ways from an entity, whether or not its fields allow them."""
        return self.paths.get(entity, self.paths.get(DEFAULT_PATHS, ()))
