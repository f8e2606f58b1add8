"""Each performance budget as a program: `python -m benchmarks NAME [--rows N]`, ours against a named rival in one run.

A benchmark is a module of this package, named as it is called, with a docstring (its first line is the list's text) and

    def run(rows: int | None) -> Result

where `rows` is what the caller asked for, or None for the benchmark's own size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["Result"]


@dataclass(frozen=True, slots=True)
class Result:
    """What a run found.

    `ratio` is ours ÷ rival in the measured cost (seconds, bytes), so below 1 is faster than the rival. `table` holds one
    mapping a line with the same keys in each. `budget` says in words what was promised and `met` whether it held.
    `figures` are further numbers for the JSON line.
    """

    rows: int
    rival: str
    ratio: float
    table: Sequence[Mapping[str, object]]
    budget: str
    met: bool
    figures: Mapping[str, object] = field(default_factory=dict)
