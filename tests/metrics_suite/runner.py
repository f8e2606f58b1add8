"""Asks an engine the question of a case and holds the answer against what must come out."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from salesloop.engine.metrics import Result, run
from salesloop.engine.metrics.plan.formula import result_type
from salesloop.engine.model.errors import UserError
from tests.metrics_suite.case import Case
from tests.metrics_suite.engines import Bench
from tests.metrics_suite.tables import lines

TYPES = {"integer": pa.int64(), "decimal": pa.decimal128(38, 4), "float": pa.float64()}


def run_case(case: Case, bench: Bench) -> None:
    """AssertionError where the engine answers otherwise: exact numbers and dates, floats to 1e-9, types as promised."""
    if case.refuse is not None:
        with pytest.raises(UserError) as refused:
            ask(case, bench)
        assert refused.value.message.key == case.refuse
        for word in case.saying:
            assert word in refused.value.text("en"), refused.value.text("en")
        return
    result = ask(case, bench)
    types_as_promised(result, case)
    heading, expected = lines(case.expect or "")
    found = [tuple(row[name] for name in heading) for row in result.to_pylist()]
    for row, cells in zip(found, expected, strict=False):
        for name, value, cell in zip(heading, row, cells, strict=True):
            assert same(value, cell), f"{name}: {value!r} is not {cell}\n{shown(heading, found)}\n{result.sql}"
    assert len(found) == len(expected), f"{shown(heading, found)}\n{result.sql}"


def ask(case: Case, bench: Bench) -> Result:
    world = case.world
    return run(bench.holding(world), world.registry, case.query, case.scope, today=case.today)


def same(value: Any, cell: str) -> bool:
    """Whether a value of an answer is what a cell of the expected table says."""
    match value:
        case None:
            return cell == "~"
        case bool():
            return cell == str(value).lower()
        case int() | Decimal():
            return cell != "~" and Decimal(value) == Decimal(cell)
        case float():
            return cell != "~" and math.isclose(value, _number(cell), rel_tol=1e-9, abs_tol=1e-9)
        case dt.date():
            return value.isoformat() == cell
    return value == ("" if cell == "''" else cell)


def _number(cell: str) -> float:
    """`0.25`, or a fraction worked out here: `1/3`."""
    above, _, below = cell.partition("/")
    return float(above) / float(below or 1)


def types_as_promised(result: Result, case: Case) -> None:
    """Sums DECIMAL(38,4), counts BIGINT, ratios and changes DOUBLE, periods DATE, texts: the same on every engine."""
    for column in result.columns:
        kind = result.table.schema.field(column.name).type
        match column.role:
            case "period":
                promised = pa.date32()
            case "dimension" | "id":
                promised = pa.string()
            case "metric" | "comparison" | "contribution":
                promised = TYPES[result_type(column.of or "", case.world.registry)]
            case "target":
                promised = TYPES["decimal"]
            case _:
                promised = TYPES["float"]
        assert kind == promised, f"{column.name} is {kind}, not {promised}"


def shown(heading: list[str], rows: list[tuple[Any, ...]]) -> str:
    """Rows as the text of a case."""
    cells = [heading, *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[n]) for row in cells) for n in range(len(heading))]
    return "\n".join(
        " ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )


def _cell(value: Any) -> str:
    if value is None:
        return "~"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value) or "''"
