"""Helper views over dated entities: who belonged where, and which rate held, from which day to before which."""

from __future__ import annotations

from typing import Final

from sqlglot import exp

STAYS: Final = "employee_stays"
RATES: Final = "rate_spans"
READS: Final = {STAYS: "employee", RATES: "exchange_rate"}
READS_OF: Final = {
    STAYS: frozenset(("employee_id", "org_unit_id", "valid_from")),
    RATES: frozenset(("currency", "rate", "valid_from")),
}
UNKNOWN_DAY: Final = "2299-12-30"  # ClickHouse knows no later days than the one after
_NEVER: Final = "2299-12-31"
_ALWAYS: Final = "1900-01-01"


def span_view(name: str) -> exp.Select:
    """The helper view. Spans of one key never overlap, so a row finds one at most.

    The first version of an employee also holds before it begins, as in an import: people were somewhere. A rate does not.
    """
    if name == STAYS:
        return _spans("employee", "employee_id", "org_unit_id", before=True)
    return _spans("exchange_rate", "currency", "rate", before=False)


def day(text: str) -> exp.Expr:
    """A date."""
    return exp.cast(exp.Literal.string(text), "DATE")


def _spans(entity: str, key: str, value: str, *, before: bool) -> exp.Select:
    version = exp.column("valid_from")
    order = exp.Order(expressions=[exp.Ordered(this=version.copy(), desc=False, nulls_first=False)])
    following = exp.Window(this=exp.Lead(this=version.copy()), partition_by=[exp.column(key)], order=order)
    since: exp.Expr = version
    if before:
        place = exp.Window(this=exp.RowNumber(), partition_by=[exp.column(key)], order=order.copy())
        first = exp.EQ(this=place, expression=exp.Literal.number(1))
        since = exp.Case(ifs=[exp.If(this=first, true=day(_ALWAYS))], default=version)
    until = exp.Coalesce(this=following, expressions=[day(_NEVER)])
    versions = exp.select(
        exp.column(key), exp.column(value), exp.alias_(since, "since"), exp.alias_(until, "until")
    ).from_(entity)
    known = exp.Not(this=exp.Is(this=exp.column(value), expression=exp.Null()))
    return exp.select("*").from_(versions.subquery("versions")).where(known)
