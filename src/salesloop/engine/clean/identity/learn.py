"""Weights learnt from the table itself by expectation maximisation over the levels that pairs show.

Fellegi and Sunter (1969): how often a level is seen by chance (u) comes from random pairs that are not the same; how often
among true pairs (m) and how many of those there are from the candidates, in turns with how likely each pair is true. Pairs
are counted by the pattern of their levels first, so the turns cost the same for a thousand pairs and a hundred million.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import duckdb
import numpy as np

from salesloop.engine.clean.identity.comparison import Part
from salesloop.engine.clean.identity.score import compare

_TURNS: Final = 200
_CLOSE: Final = 1e-7
_RANDOM_PAIRS: Final = 100_000
_STEP: Final = 7919
"""A prime: partners of a record lie this far apart."""


def learn_weights(con: duckdb.DuckDBPyConnection, parts: Sequence[Part], prior: float) -> tuple[list[Part], float]:
    """The parts with learnt weights, and the log2 odds of two random records. As given where there are no candidates.

    The given weights (numbers) and `prior` say which candidates are true pairs in the first turn.
    """
    seen, counts = _patterns(con, len(parts), "identity_level")
    if not counts.size:
        return list(parts), prior
    sizes = [len(part.levels) for part in parts]
    records = int(con.execute("SELECT count(*) FROM identity_record").fetchall()[0][0])
    at_random, drawn = _by_chance(con, parts, records)
    weights, odds = [np.array([float(level.weight) for level in part.levels]) for part in parts], prior
    same = _share(_bits(weights, seen) + odds)
    for _ in range(_TURNS):
        other = drawn * (1 - _share(_bits(weights, at_random) + odds))
        weights = [
            np.log2(_shares(level, size, counts * same) / _shares(by_chance, size, other))
            for level, by_chance, size in zip(seen, at_random, sizes, strict=True)
        ]
        odds = float(np.log2(max((counts * same).sum(), 1) / (records * (records - 1) / 2)))
        before, same = same, _share(_bits(weights, seen) + odds)
        if np.abs(same - before).max() < _CLOSE:
            break
    return [_weighted(part, own) for part, own in zip(parts, weights, strict=True)], odds


def _by_chance(con: duckdb.DuckDBPyConnection, parts: Sequence[Part], records: int) -> tuple[list[Any], Any]:
    """The patterns of pairs of records taken at even distances; of all pairs of a small table."""
    partners = min(records - 1, max(1, _RANDOM_PAIRS // records))
    con.execute(
        "CREATE OR REPLACE TEMP TABLE identity_random AS SELECT DISTINCT least(i, o) AS l, greatest(i, o) AS r FROM ("
        f"SELECT i, CAST(1 + (i - 1 + k * {_STEP}) % {records} AS INTEGER) AS o FROM identity_record, range(1, {partners + 1}) t(k)) WHERE i <> o"
    )
    compare(con, parts, "identity_random", "identity_random_level")
    return _patterns(con, len(parts), "identity_random_level")


def _patterns(con: duckdb.DuckDBPyConnection, parts: int, table: str) -> tuple[list[Any], Any]:
    """The levels of each part, pattern by pattern, and how many pairs have the pattern."""
    names = ", ".join(f"g{n}" for n in range(parts))
    found = con.sql(f"SELECT {names}, count(*) AS n FROM {table} GROUP BY ALL ORDER BY ALL").fetchnumpy()
    return [np.asarray(found[f"g{n}"], dtype=int) for n in range(parts)], np.asarray(found["n"], dtype=float)


def _bits(weights: Sequence[Any], seen: Sequence[Any]) -> Any:
    """The sum of the weights of a pattern; what is missing says nothing."""
    return sum(np.array([0.0, *own])[level] for own, level in zip(weights, seen, strict=True))


def _shares(level: Any, size: int, counts: Any) -> Any:
    """How often each level is seen among the pairs that say something; a level never seen counts as half a pair."""
    of_level = np.bincount(level, weights=counts, minlength=size + 1)[1:] + 0.5
    return of_level / of_level.sum()


def _share(bits: Any) -> Any:
    return 1 / (1 + np.exp2(-bits))


def _weighted(part: Part, weights: Any) -> Part:
    levels = (replace(level, weight=float(weight)) for level, weight in zip(part.levels, weights, strict=True))
    return replace(part, levels=tuple(levels))
