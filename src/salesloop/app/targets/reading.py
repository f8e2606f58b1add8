"""Read what people type or paste as numbers, with the same rules as imported files."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pyarrow as pa

from salesloop.engine.clean.columns import prepare
from salesloop.engine.clean.values import Percent, money, quantity
from salesloop.engine.clean.values.recipe import ValueType
from salesloop.engine.clean.values.unit import Unit
from salesloop.engine.metrics.definition import Format
from salesloop.engine.store.engines.quiet import connect


def read_numbers(texts: Sequence[str], format: Format, unit: int = 1) -> list[Decimal | None]:
    """The number that each text means, None where it means none; blanks are None too.

    `unit` multiplies numbers that state no scale of their own: in 万元 (10,000) “120” is 1,200,000, “1.2万” is 12,000 and
    “500元” is 500. Percents are fractions: “85” and “85%” are both 0.85.
    """
    kind = _kind(format, unit)
    with connect() as con:
        con.register("typed", pa.table({"_row": pa.array(range(len(texts))), "c": pa.array(texts, pa.string())}))
        columns = prepare(con, "typed", {"c": kind}, "scratch")
        value = columns.recipes["c"].value
        rows = con.execute(f"SELECT {value} FROM ({columns.query}) ORDER BY _row").fetchall()
    return [_decimal(row[0]) for row in rows]


def _kind(format: Format, unit: int) -> ValueType:
    if format in ("percent", "points"):
        return Percent(unit=Unit("%", percent=True))
    header = Unit(f"× {unit}", Decimal(unit)) if unit != 1 else None
    return money(header) if format == "money" else quantity(header)


def _decimal(value: object) -> Decimal | None:
    if value is None:
        return None
    return value if isinstance(value, Decimal) else Decimal(repr(value)).quantize(Decimal("1e-8"))
