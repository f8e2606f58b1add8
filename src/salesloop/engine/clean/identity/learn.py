"""Weights learnt from the table itself: expectation maximisation over the levels that pairs show.

Two classes of pairs, the parts independent within each (Fellegi and Sunter 1969; Winkler 1988). Pairs are counted by the
pattern of their levels first, so that the steps cost the same for a thousand pairs and for a hundred million.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import duckdb
import numpy as np

from salesloop.engine.clean.identity.comparison import Part

_STEPS: Final = 200
_CLOSE: Final = 1e-7
_SMALLEST: Final = 1e-5
"""No level is impossible in either class."""


def learn_weights(con: duckdb.DuckDBPyConnection, parts: Sequence[Part], prior: float) -> tuple[list[Part], float]:
    """The parts with learnt weights, and the log2 odds among the candidates. As given where there are no pairs.

    Starts from the classes into which the given weights (numbers) divide the pairs.
    """
    names = ", ".join(f"g{n}" for n in range(len(parts)))
    found = con.sql(f"SELECT {names}, count(*) AS n FROM identity_level GROUP BY ALL ORDER BY ALL").fetchnumpy()
    counts = np.asarray(found["n"], dtype=float)
    if not counts.size:
        return list(parts), prior
    seen = [np.asarray(found[f"g{n}"], dtype=int) for n in range(len(parts))]
    given = [np.array([0.0, *(float(level.weight) for level in part.levels)]) for part in parts]
    bits = prior + sum(weights[level] for weights, level in zip(given, seen, strict=True))
    weights, odds = _maximise(seen, [len(part.levels) for part in parts], counts, _share(bits))
    learnt = [
        replace(part, levels=tuple(replace(level, weight=float(w)) for level, w in zip(part.levels, own, strict=True)))
        for part, own in zip(parts, weights, strict=True)
    ]
    return learnt, odds


def _maximise(seen: list[Any], sizes: list[int], counts: Any, same: Any) -> tuple[list[Any], float]:
    """`same`: for each pattern how likely it is a true pair. Weights of each part, and the log2 odds of a true pair."""
    weights: list[Any] = []
    odds = 0.0
    for _ in range(_STEPS):
        weights = [
            np.log2(_shares(level, size, counts * same) / _shares(level, size, counts * (1 - same)))
            for level, size in zip(seen, sizes, strict=True)
        ]
        true = float(np.clip((counts * same).sum() / counts.sum(), _SMALLEST, 1 - _SMALLEST))
        odds = float(np.log2(true / (1 - true)))
        bits = odds + sum(np.array([0.0, *own])[level] for own, level in zip(weights, seen, strict=True))
        before, same = same, _share(bits)
        if np.abs(same - before).max() < _CLOSE:
            break
    return weights, odds


def _shares(level: Any, size: int, counts: Any) -> Any:
    """How often each level is seen among the pairs that say something."""
    of_level = np.bincount(level, weights=counts, minlength=size + 1)[1:]
    return np.maximum(of_level / max(of_level.sum(), 1e-9), _SMALLEST)


def _share(bits: Any) -> Any:
    return 1 / (1 + np.exp2(-bits))
