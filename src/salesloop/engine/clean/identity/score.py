"""Scores candidate pairs: the level that holds in each part, the sum of the weights, the decision and its evidence.

score = 1 / (1 + 2^-(prior + sum of weights)): Fellegi and Sunter's match weight (JASA 64, 1969) as a probability.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

import duckdb
import pyarrow as pa

from salesloop.engine.clean.identity.comparison import Part, sided
from salesloop.engine.clean.identity.rivals import settled
from salesloop.engine.clean.identity.settings import Thresholds
from salesloop.engine.clean.values.cells import literal

EVIDENCE: Final = (
    'STRUCT(field VARCHAR, part VARCHAR, agreement VARCHAR, "left" VARCHAR, "right" VARCHAR, weight DOUBLE)[]'
)


def compare(
    con: duckdb.DuckDBPyConnection,
    parts: Sequence[Part],
    pairs: str = "identity_candidate",
    target: str = "identity_level",
) -> None:
    """Creates the temporary table `target` (l, r, g0, g1 …): for each part the number of its level, 0 = missing."""
    levels = ", ".join(f"CAST({_level_of(part)} AS TINYINT) AS g{n}" for n, part in enumerate(parts))
    once = "".join(f", {sql} AS {name}" for name, sql in dict.fromkeys(pair for part in parts for pair in part.once))
    sides = "JOIN identity_record l ON l.i = c.l JOIN identity_record r ON r.i = c.r"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {target} AS SELECT c.l, c.r, {levels} "
        f"FROM (SELECT c.l, c.r{once} FROM {pairs} c {sides}) c {sides}"
    )


def _level_of(part: Part) -> str:
    cases = " ".join(f"WHEN {level.holds} THEN {n}" for n, level in enumerate(part.levels, 1))
    return f"CASE WHEN {part.missing} THEN 0 {cases} END"


def scored_pairs(
    con: duckdb.DuckDBPyConnection, parts: Sequence[Part], prior: float, thresholds: Thresholds
) -> pa.Table:
    """left_id, right_id, score, evidence, decision of the pairs that reach the lowest threshold, by identifiers."""
    bits = " + ".join([repr(float(prior)), *(_weight(part, n) for n, part in enumerate(parts))])
    slips, proofs = _any(_held(parts, "slip")), _any(_held(parts, "proves"))
    asks, bars = _any([*_held(parts, "ask"), slips]), _any(_held(parts, "bars"))
    evidence = ", ".join(_evidence(part, n) for n, part in enumerate(parts))
    alone = "".join(f", {sided(_any([part.exclusive for part in parts]), side)} AS alone_{side}" for side in ("l", "r"))
    decision = (
        f"CASE WHEN score >= {thresholds.merge} AND ({proofs} OR NOT {asks}) AND NOT {bars} THEN 'merge' "
        f"WHEN score >= {thresholds.ask} THEN 'ask' ELSE 'leave' END"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE identity_scored AS SELECT g.*, {bits} AS bits, {slips} AS slip{alone} "
        "FROM identity_level g JOIN identity_record l ON l.i = g.l JOIN identity_record r ON r.i = g.r "
        f"WHERE bits >= {math.log2(thresholds.leave / (1 - thresholds.leave))}"
    )
    return con.sql(
        f"WITH judged AS (SELECT *, 1 / (1 + pow(2, -bits)) AS score FROM ({settled()})) "
        "SELECT l.id AS left_id, r.id AS right_id, score, "
        f"CAST(list_filter([{evidence}], lambda e: e.agreement IS NOT NULL) AS {EVIDENCE}) AS evidence, {decision} AS decision "
        f"FROM judged g JOIN identity_record l ON l.i = g.l JOIN identity_record r ON r.i = g.r "
        f"WHERE score >= {thresholds.leave} ORDER BY g.l, g.r"
    ).to_arrow_table()


def _any(conditions: Iterable[str]) -> str:
    return f"({' OR '.join(filter(None, conditions)) or 'false'})"


def _weight(part: Part, number: int) -> str:
    cases = " ".join(f"WHEN {n} THEN {level.weight}" for n, level in enumerate(part.levels, 1))
    return f"CASE g{number} {cases} ELSE 0 END"


def _held(parts: Sequence[Part], what: str) -> list[str]:
    return [
        f"g{n} = {k}" for n, part in enumerate(parts) for k, level in enumerate(part.levels, 1) if getattr(level, what)
    ]


def _evidence(part: Part, number: int) -> str:
    names = " ".join(f"WHEN {n} THEN {literal(level.name)}" for n, level in enumerate(part.levels, 1))
    return (
        f"{{'field': {literal(part.field)}, 'part': {literal(part.name)}, 'agreement': CASE g{number} {names} END, "
        f"'left': CAST(l.{part.shown} AS VARCHAR), 'right': CAST(r.{part.shown} AS VARCHAR), 'weight': {_weight(part, number)}}}"
    )
