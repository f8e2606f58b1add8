"""What a stated target is about, and what is entered under it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from salesloop.engine.model.calendar import Grain


@dataclass(frozen=True, slots=True)
class Key:
    """The fields of the entity `target` that tell one from another."""

    metric: str
    org_unit_id: str
    employee_id: str
    period_start: dt.date
    period: Grain
    dimension: str = ""
    dimension_value: str = ""

    @property
    def fields(self) -> dict[str, Any]:
        return asdict(self)

    def to_json(self) -> dict[str, str]:
        return {**asdict(self), "period_start": self.period_start.isoformat()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Key:
        return cls(**{**stored, "period_start": dt.date.fromisoformat(stored["period_start"])})


@dataclass(frozen=True, slots=True)
class Entry:
    """What is entered under a key: nothing, a value, or (`entered` without value) an imported target taken back.

    `currency` of the value; '' is the base one.
    """

    entered: bool
    value: Decimal | None = None
    currency: str = ""

    def to_json(self) -> list[Any]:
        value = None if self.value is None else f"{self.value:f}"
        return [self.entered, value, self.currency] if self.currency else [self.entered, value]

    @classmethod
    def from_json(cls, stored: list[Any]) -> Entry:
        return cls(stored[0], None if stored[1] is None else Decimal(stored[1]), *stored[2:])


NOTHING = Entry(False)
