"""How one text column becomes typed values: SQL in steps, cheap for the usual cells, thorough for the odd ones.

The usual spelling of a value is read by a cast of the engine. Only cells that the cast refuses ("odd" ones) go through
the patterns of the further steps. Nothing here runs Python on a cell, except `Rewrite`, which sees each distinct text once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

Evidence = Mapping[str, Any]
"""What one look over the whole column found: name of an aggregate → its value."""

Off = frozenset[str]
"""Repair rules that must not be applied."""

NONE_OFF: Final[Off] = frozenset()


@dataclass(frozen=True)
class ColumnRule:
    """A repair that is recorded once for the whole column: a decision about all of its cells (a unit in the header, whole
    numbers meant as percents), or tidying that changes no meaning, with an example of `before` and `after`."""

    rule: str
    before: str
    after: str


@dataclass(frozen=True)
class Recipe:
    """Steps of one column. Each mapping (alias → SQL) is one projection and may use the aliases of those before.

    `value` is the alias of the typed value (NULL: blank or unreadable). `state` is the alias of a text that is NULL for
    a plain cell, the rules of a repaired one joined by "+" (`repaired`), and `!reason` for one that cannot be read; no
    state: all are plain. `currency` is the alias of the ISO code that an amount carries in the cell itself. `also` are
    other fields of the record that the cell tells, where nothing else does: field → SQL.
    """

    steps: tuple[Mapping[str, str], ...]
    value: str
    state: str | None = None
    currency: str | None = None
    column_rules: tuple[ColumnRule, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rewrite:
    """Spellings that SQL cannot read (numbers in Chinese numerals): distinct texts that match are rewritten in Python.

    `matches` is SQL over the column; `text` gives a spelling that the recipe reads, or None.
    """

    matches: str
    text: Callable[[str], str | None]


class ValueType(Protocol):
    """One way of reading cells. `x` is always the name of a text column in the query being built."""

    @property
    def rewrite(self) -> Callable[[str], Rewrite] | None:
        """The rewriting of rare spellings, given the column; None where there is none."""

    def probe(self, x: str) -> Mapping[str, str]:
        """The first projection: the usual cells read, under aliases beginning with `x`."""

    def evidence(self, x: str) -> Mapping[str, str]:
        """Aggregates over the probe that a decision for the whole column needs; `odd` counts cells left over."""

    def recipe(self, x: str, seen: Evidence, off: Off = NONE_OFF) -> Recipe:
        """The steps for a column with this evidence.

        Of the rules that are `off` it leaves out those for whole columns; cells repaired by one are seen to elsewhere.
        """


def repaired(rules: Sequence[tuple[str, str]]) -> str:
    """SQL: the state of a cell that was read, from (condition, rule) in the order in which the rules are listed."""
    conditions: dict[str, list[str]] = {}
    for condition, rule in rules:
        conditions.setdefault(rule, []).append(condition)
    named = (f"CASE WHEN {' OR '.join(any_of)} THEN '{rule}' END" for rule, any_of in conditions.items())
    return f"nullif(concat_ws('+', {', '.join(named)}), '')"
