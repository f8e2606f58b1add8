"""Small words for building SQL. sqlglot's own builders parse every text they are given, which costs more than the rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from sqlglot import exp

_TYPES: Final[Mapping[str, tuple[exp.DType, tuple[int, ...]]]] = {
    "VARCHAR": (exp.DType.VARCHAR, ()),
    "DATE": (exp.DType.DATE, ()),
    "BIGINT": (exp.DType.BIGINT, ()),
    "DOUBLE": (exp.DType.DOUBLE, ()),
    "DECIMAL(38, 4)": (exp.DType.DECIMAL, (38, 4)),
    "DECIMAL(38, 8)": (exp.DType.DECIMAL, (38, 8)),
}


def identifier(name: str) -> exp.Identifier:
    """A name, quoted where it must be."""
    return exp.Identifier(this=name, quoted=_is_quoted(name))


@lru_cache(maxsize=4096)
def _is_quoted(name: str) -> bool:
    return bool(exp.to_identifier(name).args["quoted"])


def table(name: str, alias: str | None = None, schema: str | None = None) -> exp.Table:
    """A table of the warehouse, or a step, under another name where one is given."""
    known = None if alias is None or alias == name else exp.TableAlias(this=identifier(alias))
    return exp.Table(this=identifier(name), db=None if schema is None else identifier(schema), alias=known)


def column(name: str, of: str | None = None) -> exp.Column:
    """A column, of a table where one is named."""
    return exp.Column(this=identifier(name), table=None if of is None else identifier(of))


def named(value: exp.Expr, name: str) -> exp.Alias:
    """The value as a column of this name."""
    return exp.Alias(this=value, alias=identifier(name))


def select(columns: Iterable[exp.Expr], source: str | exp.Expr) -> exp.Select:
    """SELECT columns FROM source."""
    origin = table(source) if isinstance(source, str) else source
    return exp.Select(expressions=list(columns), from_=exp.From(this=origin))


def cast(value: exp.Expr, kind: str) -> exp.Cast:
    """The value as one of the types that results have."""
    name, digits = _TYPES[kind]
    sized = [exp.DataTypeParam(this=exp.Literal(this=str(count), is_string=False)) for count in digits]
    return exp.Cast(this=value, to=exp.DataType(this=name, expressions=sized, nested=False))


def wide(value: exp.Expr) -> exp.Expr:
    """A decimal with room for a product: engines give that of two DECIMAL(18) as few as 18 digits, and overflow."""
    if isinstance(value, exp.Mul):
        return value  # its factors are wide already
    return cast(value, "DECIMAL(38, 8)" if value.find(exp.Mul) else "DECIMAL(38, 4)")


def number(value: int) -> exp.Expr:
    """A whole number."""
    return exp.Literal.number(value)


def day(value: dt.date) -> exp.Expr:
    """A date."""
    return cast(exp.Literal.string(value.isoformat()), "DATE")


def equal(one: exp.Expr, other: exp.Expr) -> exp.EQ:
    """One = other; unknown where either is."""
    return exp.EQ(this=one, expression=other)


def is_null(value: exp.Expr) -> exp.Is:
    """Whether the value is missing."""
    return exp.Is(this=value, expression=exp.Null())


def is_known(value: exp.Expr) -> exp.Not:
    """Whether the value is there."""
    return exp.Not(this=is_null(value))


def first_known(values: Sequence[exp.Expr]) -> exp.Expr:
    """COALESCE, where there is more than one."""
    return values[0] if len(values) == 1 else exp.Coalesce(this=values[0], expressions=list(values[1:]))


def one_of(value: exp.Expr, texts: Iterable[str]) -> exp.In:
    """IN over texts."""
    return exp.In(this=value, expressions=[exp.Literal.string(text) for text in texts])


def any_of(parts: Sequence[exp.Expr]) -> exp.Expr:
    """OR, in brackets where there are several."""
    return parts[0] if len(parts) == 1 else exp.Paren(this=exp.or_(*parts, copy=False))


def case(condition: exp.Expr, value: exp.Expr, otherwise: exp.Expr | None = None) -> exp.Case:
    """The value where the condition holds, else another one or NULL."""
    return exp.Case(ifs=[exp.If(this=condition, true=value)], default=otherwise)


def count_rows() -> exp.Count:
    """COUNT(*)."""
    return exp.Count(this=exp.Star())


def count_different(value: exp.Expr) -> exp.Count:
    """The exact number of different values."""
    return exp.Count(this=exp.Distinct(expressions=[value]))


def join(query: exp.Select, to: str | exp.Expr, on: exp.Expr | None = None, **how: object) -> exp.Select:
    """Add a join in place: `side`, `kind`, or `using` (column names)."""
    using = how.pop("using", None)
    if isinstance(using, tuple):
        how["using"] = [identifier(name) for name in using]
    query.append("joins", exp.Join(this=table(to) if isinstance(to, str) else to, on=on, **how))
    return query


def across(query: exp.Select, table_name: str) -> exp.Select:
    """The query over every row of a small table, in place; the other joins follow it."""
    query.set("joins", [exp.Join(this=table(table_name), kind="CROSS"), *(query.args.get("joins") or [])])
    return query


def where(query: exp.Select, conditions: Iterable[exp.Expr]) -> exp.Select:
    """All the conditions, in place."""
    parts = list(conditions)
    if parts:
        query.set("where", exp.Where(this=exp.and_(*parts, copy=False)))
    return query


def group(query: exp.Select, count: int) -> exp.Select:
    """GROUP BY the first `count` columns, in place."""
    query.set("group", exp.Group(expressions=[number(place + 1) for place in range(count)]))
    return query


def having(query: exp.Select, condition: exp.Expr) -> exp.Select:
    """Keep only groups for which the condition holds, in place."""
    query.set("having", exp.Having(this=condition))
    return query


def latest_first(partition: Sequence[exp.Expr], dates: Sequence[exp.Expr]) -> exp.Window:
    """1 for the row with the latest date in each partition, unknown dates last."""
    order = exp.Order(expressions=[exp.Ordered(this=date, desc=True, nulls_first=False) for date in dates])
    return exp.Window(this=exp.RowNumber(), partition_by=list(partition), order=order)
