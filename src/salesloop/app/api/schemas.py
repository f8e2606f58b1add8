"""The shapes of the answers. Ids, codes and numbers are for programs; texts are in the caller's language."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Field, Schema


class Problem(Schema):
    """What went wrong: a stable `code`, a sentence, and where in the caller's material it is."""

    code: str
    message: str
    where: dict[str, Any] = {}


class Me(Schema):
    login: str
    name: str
    role: str
    language: str
    employee_id: str
    sees_everything: bool = Field(description="Whether all rows are visible; else those of the units and people below")
    org_units: list[str]
    employees: list[str]


class ColumnOut(Schema):
    name: str
    type: str = Field(description="date, datetime, text, integer, decimal, float or boolean")


class SourceOut(Schema):
    """Where a number was read."""

    metric: str
    rollup: str | None = Field(None, description="The roll-up that gave it; null where the rows themselves were read")
    why_not: str | None = None


class QueryOut(Schema):
    """The same as `salesloop query --format json`."""

    columns: list[ColumnOut]
    rows: list[dict[str, Any]]
    meta: dict[str, Any]
    steps: dict[str, str] | None = Field(None, description="With `explain`: the SQL of each step by name")
    sources: list[SourceOut] | None = Field(None, description="With `explain`: what each metric was read from")
    sql: str | None = None


class MetricOut(Schema):
    metric: str
    label: str
    description: str
    formula: str
    type: str
    format: str
    unit: str
    favorable: str
    owner: str
    version: int
    dimensions: list[str]


class MetricList(Schema):
    items: list[MetricOut]


class CauseOut(Schema):
    name: str
    share: float = Field(description="Of the deviation, as a fraction")
    observed: float
    expected: float


class FindingOut(Schema):
    id: int
    rule: str
    kind: str
    severity: str
    state: str
    metric: str
    sentence: str
    members: list[dict[str, str | None]] = Field(description="The slice: dimension, id, name")
    start: dt.date | None
    end: dt.date | None
    observed: float | None
    expected: float | None
    causes: list[CauseOut]
    owner: str | None = Field(description="Login")
    raised_at: dt.datetime
    seen_at: dt.datetime
    times: int
    snapshot: int


class FindingList(Schema):
    items: list[FindingOut]
    total: int


class ActionOut(Schema):
    id: int
    title: str
    note: str
    state: str
    finding: int | None
    metric: str
    members: list[dict[str, str | None]]
    owner: str
    start: dt.date
    due: dt.date
    overdue: bool
    expected_change: float | None = Field(description="As a fraction; of rates a difference")
    verdict: str
    effect: str = Field(description="What the measurement found, in one sentence; empty before")
    measured_at: dt.datetime | None


class ActionList(Schema):
    items: list[ActionOut]
    total: int
