"""Answers in the same Arrow types whichever engine gave them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def pinned(table: pa.Table, timezone: str) -> pa.Table:
    """The table with every column in the type that DuckDB would give it; moments as wall time of the zone."""
    return pa.table([_column(column, timezone) for column in table.columns], names=table.column_names)


def _column(column: pa.ChunkedArray, timezone: str) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_timestamp(kind):
        if kind.tz is not None:
            column = pc.local_timestamp(column.cast(pa.timestamp("us", timezone)))
        return column.cast(pa.timestamp("us"))
    wanted = _wanted(kind)
    return column if wanted == kind else column.cast(wanted)


def _wanted(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_integer(kind):
        return pa.int64()
    if pa.types.is_floating(kind):
        return pa.float64()
    if pa.types.is_decimal(kind):
        return pa.decimal128(min(kind.precision, 38), kind.scale)
    if pa.types.is_date(kind):
        return pa.date32()
    if pa.types.is_large_string(kind) or pa.types.is_binary(kind) or pa.types.is_string_view(kind):
        return pa.string()
    if pa.types.is_dictionary(kind):
        return _wanted(kind.value_type)
    if pa.types.is_null(kind):
        return pa.string()
    return kind
