"""Checks of the data as declarations: what should hold, of which records, how grave it is, who answers for it and why.

A *row check* says of each record whether it holds; a *table check* says it of all records of an entity together.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, PlainValidator, TypeAdapter, WithJsonSchema, model_validator

from salesloop.engine.model.entity import Severity
from salesloop.engine.model.fields import Declaration
from salesloop.engine.model.text import LANGS, Message, Text

_WORDS: Final = {
    "type": "object",
    "properties": {lang: {"type": "string", "minLength": 1} for lang in LANGS},
    "required": ["zh-Hans", "en"],
    "additionalProperties": False,
}
Said = Annotated[Text | Message, PlainValidator(Text.parse), WithJsonSchema(_WORDS)]
"""A label or a reason: three languages in a file, a message where a check was made from the model."""

STEWARD: Final = "data-steward"


class _Check(Declaration):
    """`check` names it within its entity; a workspace's check replaces the built-in one of the same entity and name.

    `owner` is the role or person who sees to it that it holds; `why` is what goes wrong where it does not.
    """

    check: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    entity: str
    label: Said
    why: Said
    severity: Severity = "warning"
    owner: str = STEWARD
    enabled: bool = True


class _RowCheck(_Check):
    """`when` limits a check to the records for which this condition (SQL over the fields) is true."""

    when: str | None = None


class Required(_RowCheck):
    """The field says something."""

    kind: Literal["required"]
    field: str


class Range(_RowCheck):
    """`min` ≤ field ≤ `max`; numbers, or dates as YYYY-MM-DD."""

    kind: Literal["range"]
    field: str
    min: float | dt.date | None = None
    max: float | dt.date | None = None

    @model_validator(mode="after")
    def _some_bound(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("a range needs min, max or both")
        return self


class OneOf(_RowCheck):
    """The field has one of the values."""

    kind: Literal["set"]
    field: str
    values: tuple[str, ...] = Field(min_length=1)


class Pattern(_RowCheck):
    """The whole field matches a regular expression (RE2)."""

    kind: Literal["pattern"]
    field: str
    pattern: str


class Reference(_RowCheck):
    """What the field refers to is there."""

    kind: Literal["reference"]
    field: str


class Unique(_RowCheck):
    """No other record agrees in all `fields`; all but the one that has stood longest fail. `loosely`: whatever blanks, punctuation and case."""

    kind: Literal["unique"]
    fields: tuple[str, ...] = Field(min_length=1)
    loosely: bool = False


class Order(_RowCheck):
    """The dates or times of `fields` do not go backwards. Times are compared by day where one of a pair is a date."""

    kind: Literal["order"]
    fields: tuple[str, ...] = Field(min_length=2)


class Rule(_RowCheck):
    """An SQL expression over the fields of one record: fails where it is false; NULL does not fail."""

    kind: Literal["rule"]
    holds: str


class NotInFuture(_RowCheck):
    """The field does not lie after today."""

    kind: Literal["not_in_future"]
    field: str


class Outlier(_RowCheck):
    """The field is at most `times` as large, and as small, as is typical of the records that agree in `by`.

    Typical is the geometric mean, which one wrong decimal point moves little; groups of fewer than 20 positive values, and values
    that are not positive, are not judged. A delivery can change what is typical, so the whole table is looked at each time.
    """

    kind: Literal["outlier"]
    field: str
    by: str
    times: float = Field(10, gt=1)


class Stale(_RowCheck):
    """A record for which `open` is true was touched within `days`.

    Touched: the latest of `touched` (fields) and of the event dates of the records of the entities `touched_by` that refer
    to it. Records without any such date are not judged.
    """

    kind: Literal["stale"]
    open: str
    days: int = Field(gt=0)
    touched: tuple[str, ...] = Field(min_length=1)
    touched_by: tuple[str, ...] = ()


class BackDated(_RowCheck):
    """The record was entered within `hours` of its event (None: the workspace's `entry_sla_hours`).

    An event that is only a date counts from the end of that day, as in the metric `data_entry_timeliness`.
    """

    kind: Literal["back_dated"]
    event: str
    entry: str
    hours: int | None = Field(None, ge=0)


class Freshness(_Check):
    """The newest event (`of: event`), or the last delivery (`of: received`), is at most `working_days` old."""

    kind: Literal["freshness"]
    working_days: int = Field(gt=0)
    of: Literal["event", "received"] = "event"


class Volume(_Check):
    """Records per delivery, or per working day of their event, lie between `min` and `max`.

    Judged are the last 20 deliveries, or the last 20 working days up to the newest event.
    """

    kind: Literal["volume"]
    per: Literal["delivery", "day"] = "delivery"
    min: int | None = Field(None, ge=0)
    max: int | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _some_bound(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("a volume needs min, max or both; without a stated band the learnt monitor speaks")
        return self


class Drift(_Check):
    """The mix of the categories of `field` in the newest `days` days of events resembles that of the year before them.

    Measured by the population stability index Σ (p − q) ln (p / q), which fails above `limit`; .1 is usually called a
    moderate and .25 a large shift (Siddiqi, Credit Risk Scorecards, 2006).
    """

    kind: Literal["drift"]
    field: str
    days: int = Field(30, gt=0)
    limit: float = Field(0.25, gt=0)


RowCheck = (
    Required | Range | OneOf | Pattern | Reference | Unique | Order | Rule | NotInFuture | Outlier | Stale | BackDated
)
TableCheck = Freshness | Volume | Drift
Check = RowCheck | TableCheck
TABLE_KINDS: Final = (Freshness, Volume, Drift)

_ADAPTER: Final[TypeAdapter[Check]] = TypeAdapter(Annotated[Check, Field(discriminator="kind")])


def parse_check(document: object) -> Check:
    """One document of a file. pydantic.ValidationError says what is wrong where."""
    return _ADAPTER.validate_python(document)


def json_schema() -> dict[str, Any]:
    """Draft 2020-12 schema of one document of `quality/*.yaml`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "SalesLoop data-quality check",
        **_ADAPTER.json_schema(),
    }
