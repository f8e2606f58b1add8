"""The answer to a query: a table, what its columns are, and how it came about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

import pyarrow as pa

from salesloop.engine.metrics.definition import Format
from salesloop.engine.metrics.rollups.kept import Source
from salesloop.engine.model.text import DEFAULT_LANG, Lang, Message, Text

Role = Literal[
    "period",
    "dimension",
    "id",
    "metric",
    "comparison",
    "change",
    "contribution",
    "share",
    "target",
    "attainment",
    "field",
    "name",
]
DataType = Literal["date", "datetime", "text", "integer", "decimal", "float", "boolean"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `of` is the metric or dimension that it belongs to; `format` says how its numbers are written."""

    name: str
    type: DataType
    role: Role
    label: Text
    of: str | None = None
    format: Format | None = None


@dataclass(frozen=True, slots=True)
class Meta:
    """Where the numbers come from.

    `start` and `end` are the asked days, or the first and last ones with data; `versions` the version of each metric's
    definition; `freshness` the last event and the last delivery (UTC) of each entity behind; `partial` whether a period
    of the answer is not over; `parameters` the numbers that held, chosen or by default; `notes` what a reader should know, such as amounts without an exchange rate.
    of the answer is not over; `notes` what a reader should know, such as amounts without an exchange rate; `sources` where
    each measure behind was read from: a roll-up, or the rows and why.
    """

    snapshot: int
    published_at: dt.datetime
    versions: Mapping[str, int]
    start: dt.date | None
    end: dt.date | None
    today: dt.date
    freshness: Mapping[str, tuple[dt.date | None, dt.datetime | None]]
    scope: Literal["everything", "limited"]
    partial: bool
    notes: tuple[Message, ...] = ()
    parameters: Mapping[str, int | float] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """`table` is Arrow; `steps` are the SQL steps by name, in order, `sql` all of them as they were run."""

    table: pa.Table
    columns: tuple[Column, ...]
    meta: Meta
    steps: Mapping[str, str]
    sql: str

    def to_pylist(self) -> list[dict[str, Any]]:
        return list(self.table.to_pylist())

    def one(self, name: str) -> Any:
        """The value of a column in the only row."""
        (row,) = self.to_pylist()
        return row[name]

    def to_json(self, *, explain: bool = False, lang: Lang = DEFAULT_LANG) -> dict[str, Any]:
        """The answer as JSON-ready values: decimals as numbers, dates as ISO text, unknown as null; notes in a language."""
        meta = self.meta
        out: dict[str, Any] = {
            "columns": [{"name": column.name, "type": column.type} for column in self.columns],
            "rows": [{name: plain(value) for name, value in row.items()} for row in self.to_pylist()],
            "meta": {
                "snapshot": meta.snapshot,
                "metrics": {name: {"version": version} for name, version in meta.versions.items()},
                "from": plain(meta.start),
                "to": plain(meta.end),
                "freshness": {
                    entity: {"last_event": plain(event), "last_received": plain(received)}
                    for entity, (event, received) in meta.freshness.items()
                },
                "scope": meta.scope,
                "partial": meta.partial,
                "parameters": dict(meta.parameters),
                "notes": [note.text(lang) for note in meta.notes],
            },
        }
        if explain:
            out["steps"] = dict(self.steps)
            out["sources"] = [
                {
                    "metric": one.metric,
                    "rollup": one.rollup,
                    "why_not": None if one.why_not is None else one.why_not.text(lang),
                }
                for one in meta.sources
            ]
            out["sql"] = self.sql
        return out


def plain(value: Any) -> Any:
    """A value as JSON holds it. Decimals keep every digit that a float64 can hold (15)."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return value


def data_type(kind: pa.DataType) -> DataType:
    """The name of an Arrow type in results."""
    if pa.types.is_date(kind):
        return "date"
    if pa.types.is_timestamp(kind):
        return "datetime"
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_decimal(kind):
        return "decimal"
    return "float" if pa.types.is_floating(kind) else "text"
