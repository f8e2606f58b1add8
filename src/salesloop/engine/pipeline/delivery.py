"""What the stages of an import hand to one another."""

from __future__ import annotations

import datetime as dt
from dataclasses import astuple, dataclass, field

from salesloop.engine.model.entity import Entity


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from: the batch that they belong to. `received_at` is naive UTC, as the warehouse stores it.

    `delivery` names the landed bytes: the same bytes imported again are another batch of the same delivery.
    """

    batch_id: str
    delivery: str
    received_at: dt.datetime


@dataclass(frozen=True, slots=True)
class CleanRows:
    """Typed rows of one entity in a DuckDB relation of the building connection.

    `relation` has `_row` (BIGINT) and the `fields` that were delivered or derived; fields that were not stay away, so
    that the upsert leaves what is there. `primary`: the rows of the sheet itself, not records found beside them. `cells` is the
    column of `relation` with a fingerprint of the cells as delivered (UBIGINT), if it has one.
    """

    entity: Entity
    relation: str
    fields: tuple[str, ...]
    primary: bool
    cells: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the received rows of one entity in one batch."""

    received: int = 0
    inserted: int = 0
    replaced: int = 0
    superseded: int = 0
    unchanged: int = 0
    quarantined: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    @property
    def accepted(self) -> int:
        return self.inserted + self.replaced + self.superseded

    @property
    def reconciles(self) -> bool:
        """Received = accepted + quarantined + unchanged."""
        return self.received == self.accepted + self.quarantined + self.unchanged


@dataclass(slots=True)
class Upserted:
    """Counts of one upsert, and how many unchanged rows it confirmed of each earlier batch."""

    counts: Counts
    confirmed: dict[str, int] = field(default_factory=dict)
