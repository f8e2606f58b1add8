"""What a metric is: one document of YAML, read into one of these models.

A metric is *base* (it reads rows of one entity: measure, snapshot, conversion, cohort), *composed* (it reads other
metrics: ratio, derived, cumulative) or about targets (target). SQL in a definition is written in DuckDB's dialect over
the fields of the entity, or over what the row refers to (`product.standard_cost`), from a closed list of functions.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, model_validator

from salesloop.engine.model.fields import Declaration
from salesloop.engine.model.text import Text

Format = Literal["money", "number", "percent", "days", "count"]
Aggregate = Literal["sum", "count", "count_distinct", "average", "median", "minimum", "maximum"]
Additivity = Literal["full", "slices", "none"]

_ID = r"^[a-z][a-z0-9_]*$"
ADDITIVE: frozenset[str] = frozenset({"sum", "count"})
COUNTING: frozenset[str] = frozenset({"count", "count_distinct"})


class Definition(Declaration):
    """What every metric says about itself.

    `formula` is the definition in words; `caveats` what a reader must know before comparing. `sources` are ids of the
    requirements that it answers. `hidden` metrics are parts of others: they can be queried but are not offered.
    """

    metric: str = Field(pattern=_ID)
    label: Text
    description: Text
    formula: Text
    caveats: Text | None = None
    format: Format
    unit: Literal["currency", "piece", "fraction", "day", "person", "order", "deal", "record", "times", "point"]
    favorable: Literal["up", "down", "neutral"]
    owner: str = Field(min_length=1)
    review_every: Literal["month", "quarter", "half-year", "year"]
    sources: tuple[str, ...] = ()
    version: int = Field(1, ge=1)
    hidden: bool = False


class RowBased(Definition):
    """Reads rows of one entity. `date` is the field that places a row in a period (default: the entity's event date)."""

    entity: str = Field(pattern=_ID)
    date: str | None = None
    filter: str | None = None


class PerSubject(Declaration):
    """One value per subject first (`per: order_id`), aggregated over the subjects afterwards.

    `aggregate` makes the subject's value from its rows; with `at_least` only subjects reaching that value are kept.
    """

    key: str
    aggregate: Aggregate
    at_least: int | None = Field(None, ge=1)


class Measure(RowBased):
    """An aggregate over rows: Σ, number, number of different ones, mean, median, least, greatest.

    Money (unit currency) of an entity with currencies is converted row by row into the base currency. `first_by` keeps
    only rows of the first day ever of that key (counted over all rows that pass the filter, whoever may see them).
    `when_empty`: the value where no row is there: zero for sums and counts, unknown otherwise, unless stated.
    """

    type: Literal["measure"]
    aggregate: Aggregate
    expression: str | None = None
    per: PerSubject | None = None
    first_by: str | None = None
    when_empty: Literal["zero", "unknown"] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Measure:
        if self.expression is None and self.aggregate != "count":
            raise ValueError(f"aggregate {self.aggregate} needs an expression")
        if self.per is not None and self.first_by is not None:
            raise ValueError("per and first_by cannot be combined")
        return self

    @property
    def zero_when_empty(self) -> bool:
        if self.when_empty is not None:
            return self.when_empty == "zero"
        return self.aggregate in ADDITIVE | COUNTING


class Stock(RowBased):
    """A semi-additive metric: summed over slices, but of a period only its last (or average) state counts.

    Either rows are counted states (`date` = day of the count; per key without that day, the last state in the period, or
    the average of the states), or rows are open from `opened` until the day before `closed`, and the state is the sum over
    the rows open at the end of the period. `open_filter` must also hold where `closed` is empty.
    """

    type: Literal["snapshot"]
    expression: str | None = None
    over_time: Literal["last", "average"] = "last"
    opened: str | None = None
    closed: str | None = None
    open_filter: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> Stock:
        if (self.opened is None) != (self.closed is None):
            raise ValueError("opened and closed belong together")
        if self.opened is None and self.expression is None:
            raise ValueError("a counted state needs an expression")
        if self.opened is not None and self.over_time != "last":
            raise ValueError("rows that open and close have a state at the end of a period, not an average")
        return self

    @property
    def interval(self) -> bool:
        return self.opened is not None


class Conversion(RowBased):
    """The share of rows after which the same subject has a later row of `to` (within `within_days`, where given).

    A row belongs to the period and the slices in which it began, whenever and to whomever it converted.
    """

    type: Literal["conversion"]
    subject: str
    to: str | None = None
    within_days: int | None = Field(None, ge=1)


class Cohort(RowBased):
    """The share of subjects first seen in a period that came back on a later day within `within_days` days.

    Only subjects whose days have all passed count, so that recent cohorts are not called worse than they are.
    """

    type: Literal["cohort"]
    subject: str
    within_days: int = Field(ge=1)


class Ratio(Definition):
    """numerator ÷ denominator, each summed to the asked grain first; unknown where the denominator is zero."""

    type: Literal["ratio"]
    numerator: str = Field(pattern=_ID)
    denominator: str = Field(pattern=_ID)


class Derived(Definition):
    """A formula over other metrics at the asked grain. `elapsed_days` is the number of days of the period so far."""

    type: Literal["derived"]
    expression: str


class Cumulative(Definition):
    """Another metric over a longer window that ends where the period ends.

    The window is the running week, month, quarter or year (`to_date`), or a number of `days`.
    """

    type: Literal["cumulative"]
    measure: str = Field(pattern=_ID)
    to_date: Literal["week", "month", "quarter", "year"] | None = None
    days: int | None = Field(None, ge=2)

    @model_validator(mode="after")
    def _one_window(self) -> Cumulative:
        if (self.to_date is None) == (self.days is None):
            raise ValueError("state either to_date or days")
        return self


class Target(Definition):
    """What was aimed at: the `target` of a metric, the `attainment` (actual ÷ target) or the `pace` (actual ÷ the target
    of the days passed so far). `of` is the metric; the filter `metric=…` of a query chooses another.
    """

    type: Literal["target"]
    value: Literal["target", "attainment", "pace"]
    of: str = Field("revenue", pattern=_ID)


Metric = Annotated[
    Measure | Stock | Conversion | Cohort | Ratio | Derived | Cumulative | Target, Field(discriminator="type")
]
METRIC: TypeAdapter[Metric] = TypeAdapter(Metric)
TYPES = ("measure", "snapshot", "conversion", "cohort", "ratio", "derived", "cumulative", "target")
ELAPSED_DAYS = "elapsed_days"
