"""What a metric is: one document of YAML, read into one of these models.

A metric is *base* (it reads rows of one entity: measure, distribution, snapshot, conversion, cohort, churn, spread), *composed* (it reads other
metrics: ratio, derived, cumulative, share, rank) or about targets (target). SQL in a definition is written in DuckDB's dialect over
the fields of the entity, or over what the row refers to (`product.standard_cost`), from a closed list of functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, TypeAdapter, model_validator

from salesloop.engine.model.fields import Declaration
from salesloop.engine.model.text import Messages, Text, Wrong

Format = Literal["money", "number", "percent", "days", "count"]
Aggregate = Literal["sum", "count", "count_distinct", "average", "median", "minimum", "maximum"]
Status = Literal["draft", "active", "deprecated", "retired"]

_MESSAGES = Messages("salesloop.engine.metrics")
_ID = r"^[a-z][a-z0-9_]*$"
ADDITIVE: frozenset[str] = frozenset({"sum", "count"})
Chosen = Annotated[str, Field(pattern=r"^:[a-z][a-z0-9_]*$")]
Days = Annotated[int, Field(ge=1)] | Chosen
COUNTING: frozenset[str] = frozenset({"count", "count_distinct"})


class Parameter(Declaration):
    """A number that whoever asks may choose, within bounds: `:churn_days` in the metric's SQL, days and quantiles."""

    label: Text
    default: int | float
    minimum: int | float
    maximum: int | float

    @model_validator(mode="after")
    def _within(self) -> Parameter:
        if not self.minimum <= self.default <= self.maximum:
            raise Wrong(_MESSAGES.message("wrong_default_outside"))
        return self


def settled(value: int | str) -> int:
    """A number of days of which the parameter was put in its place (`parameters.bound`)."""
    if isinstance(value, str):
        raise TypeError(f"{value} is not chosen yet")
    return value


class Definition(Declaration):
    """What every metric says about itself.

    `formula` is the definition in words; `caveats` what a reader must know before comparing. `sources` are ids of the
    requirements that it answers. `hidden` metrics are parts of others: they can be queried but are not offered.
    `status`: a draft is for its owner and the analysts; a deprecated one says what replaces it (`successor`); a retired one
    is not computed any more. `reason` and `approved_by` are those of this version. `drivers` are the metrics that move it:
    its branches in the tree of metrics. `params` are numbers that whoever asks may choose. `tags` such as `leading` or `lagging` sort metrics for people who choose.
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
    reason: str | None = None
    approved_by: str | None = None
    status: Status = "active"
    successor: str | None = Field(None, pattern=_ID)
    drivers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    params: Mapping[str, Parameter] = Field(default_factory=dict)
    hidden: bool = False

    @model_validator(mode="after")
    def _replaced(self) -> Self:
        if self.status == "deprecated" and self.successor is None:
            raise Wrong(_MESSAGES.message("wrong_no_successor"))
        if self.successor == self.metric:
            raise Wrong(_MESSAGES.message("wrong_own_successor"))
        return self


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
    at_least: Days | None = None


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
            raise Wrong(_MESSAGES.message("wrong_no_expression", aggregate=self.aggregate))
        if self.per is not None and self.first_by is not None:
            raise Wrong(_MESSAGES.message("wrong_per_and_first"))
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
            raise Wrong(_MESSAGES.message("wrong_open_alone"))
        if self.opened is None and self.expression is None:
            raise Wrong(_MESSAGES.message("wrong_state_without"))
        if self.opened is not None and self.over_time != "last":
            raise Wrong(_MESSAGES.message("wrong_open_average"))
        return self

    @property
    def interval(self) -> bool:
        return self.opened is not None


class Distribution(RowBased):
    """How the values of rows, or of subjects (`per`), are spread: a quantile of them, or how many fall into each bucket.

    `quantile` 0.9 is the value that nine in ten do not exceed, between two values in proportion. `buckets` are the rising
    bounds of the dimension `bucket`: below the first, from each (included) to the next, from the last on. Rows without a
    value are left out.
    """

    type: Literal["distribution"]
    expression: str
    per: PerSubject | None = None
    quantile: Annotated[float, Field(gt=0, lt=1)] | Chosen | None = None
    buckets: tuple[int | float, ...] | None = None

    @model_validator(mode="after")
    def _one_view(self) -> Distribution:
        if (self.quantile is None) == (self.buckets is None):
            raise Wrong(_MESSAGES.message("wrong_either", one="quantile", other="buckets"))
        if self.buckets is not None and (not self.buckets or sorted(set(self.buckets)) != list(self.buckets)):
            raise Wrong(_MESSAGES.message("wrong_buckets_rising"))
        return self


class Stage(Declaration):
    """One stage of a funnel: rows of an entity (by default that of the metric) with their subject and date."""

    entity: str | None = Field(None, pattern=_ID)
    subject: str | None = None
    date: str | None = None
    filter: str | None = None


class Conversion(RowBased):
    """The share of rows after which the same subject has a later row of `to`, or goes through all the stages of `then`,
    one after the other (all of it within `within_days` of the row, where given).

    A row belongs to the period and the slices in which it began, whenever and to whomever it converted.
    """

    type: Literal["conversion"]
    subject: str
    to: str | None = None
    then: tuple[Stage, ...] = ()
    within_days: Days | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Conversion:
        if self.to is not None and self.then:
            raise Wrong(_MESSAGES.message("wrong_either", one="to", other="then"))
        return self

    @property
    def stages(self) -> tuple[Stage, ...]:
        """What must follow, in order: at least one later row of the subject."""
        return self.then or (Stage(filter=self.to),)


class Cohort(RowBased):
    """The share of subjects first seen in a period that came back `after_days` to `within_days` days later (1 = any later
    day; 61 to 90 = the third month).

    Only subjects whose days have all passed count, so that recent cohorts are not called worse than they are.
    """

    type: Literal["cohort"]
    subject: str
    within_days: Days
    after_days: Days = 1


class Churn(RowBased):
    """Subjects that were active on the day before a period began and are not at its end (today, while it runs).

    A subject is active on a day when it has a row (`date`) in the `within_days` days up to that day, or, with `until`,
    a row that has begun and whose `until` is still to come or open (contracts). A subject belongs to the slices of the
    rows that made it active at the start; it is lost when it is active nowhere, whoever may see it. `value` is the rate
    (lost ÷ active at the start), or one of its two parts.
    """

    type: Literal["churn"]
    subject: str
    within_days: Days | None = None
    until: str | None = None
    value: Literal["rate", "start", "lost"] = "rate"

    @model_validator(mode="after")
    def _one_rule(self) -> Churn:
        if (self.within_days is None) == (self.until is None):
            raise Wrong(_MESSAGES.message("wrong_either", one="within_days", other="until"))
        return self


class Spread(RowBased):
    """Amounts stated for a span of days (`date` to `until`, both inclusive), which count for each of its days alike.

    A period gets its share by days, of days that have come only: so that it stands beside what happened so far. Rows
    without `until` are left out.
    """

    type: Literal["spread"]
    expression: str
    until: str


class Ratio(Definition):
    """numerator ÷ denominator, each summed to the asked grain first; unknown where the denominator is zero."""

    type: Literal["ratio"]
    numerator: str = Field(pattern=_ID)
    denominator: str = Field(pattern=_ID)


class Derived(Definition):
    """A formula over other metrics at the asked grain. `elapsed_days` is the number of days of the period so far,
    `working_days` those of them on which people in mainland China work.
    """

    type: Literal["derived"]
    expression: str


class Cumulative(Definition):
    """Another metric over a longer window that ends where the period ends.

    The window is the running week, month, quarter or year (`to_date`), or a number of `days`.
    """

    type: Literal["cumulative"]
    measure: str = Field(pattern=_ID)
    to_date: Literal["week", "month", "quarter", "year"] | None = None
    days: Annotated[int, Field(ge=2)] | Chosen | None = None

    @model_validator(mode="after")
    def _one_window(self) -> Cumulative:
        if (self.to_date is None) == (self.days is None):
            raise Wrong(_MESSAGES.message("wrong_either", one="to_date", other="days"))
        return self


class Share(Definition):
    """The part that a slice has in the whole: another metric ÷ the same without the slices and filters of `over`.

    `over: [product]` is a product's share in its region, month and whatever else is asked; empty: in everything that the
    asking person may see of the period. Of numbers of different customers the whole is counted, not summed.
    """

    type: Literal["share"]
    of: str = Field(pattern=_ID)
    over: tuple[str, ...] = ()


class Rank(Definition):
    """The place of a slice among those of the answer with the same period and the same value of `within`, 1 = first.

    Equal values share a place and leave the next ones out; an unknown value has no place, nor has an answer without slices.
    """

    type: Literal["rank"]
    of: str = Field(pattern=_ID)
    order: Literal["falling", "rising"] = "falling"
    within: tuple[str, ...] = ()


class Target(Definition):
    """What was aimed at: the `target` of a metric, the `attainment` (actual ÷ target) or the `pace` (actual ÷ the target
    of the days passed so far). `of` is the metric; the filter `metric=…` of a query chooses another.
    """

    type: Literal["target"]
    value: Literal["target", "attainment", "pace"]
    of: str = Field("revenue", pattern=_ID)


Metric = Annotated[
    Measure
    | Distribution
    | Stock
    | Conversion
    | Cohort
    | Churn
    | Spread
    | Ratio
    | Derived
    | Cumulative
    | Share
    | Rank
    | Target,
    Field(discriminator="type"),
]
METRIC: TypeAdapter[Metric] = TypeAdapter(Metric)
TYPES = (
    "measure",
    "distribution",
    "snapshot",
    "conversion",
    "cohort",
    "churn",
    "spread",
    "ratio",
    "derived",
    "cumulative",
    "share",
    "rank",
    "target",
)
BUCKET = "bucket"
ELAPSED_DAYS = "elapsed_days"
WORKING_DAYS = "working_days"
DAY_COUNTS = (ELAPSED_DAYS, WORKING_DAYS)
