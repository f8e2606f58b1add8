"""Sampling audits: records drawn at random, compared with the truth by a person, and how accurate the rest then is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from salesloop.engine.analyze.quality.source import SOURCE, SOURCE_JOIN, Judged
from salesloop.engine.clean.values.cells import ident
from salesloop.engine.model.entity import Entity

Stratum = Literal["source", "employee"]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One record of a sample: its key and the values of all its fields, and the stratum that it was drawn from."""

    entity: str
    key: dict[str, Any]
    values: dict[str, Any]
    stratum: str | None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Right ÷ compared, with a confidence interval; all three are fractions."""

    rate: float
    low: float
    high: float


def draw(of: Judged, entity: str, n: int, seed: int, *, by: Stratum | None = None) -> list[Drawn]:
    """`n` records of the scope at random, without repetition; all of them where there are fewer.

    The same seed draws the same records from the same snapshot, whatever order they lie in: records are ranked by a hash of
    seed and key. With `by` every source or employee gives as equal a share as it can (the n-th record of each comes before the
    n + 1st of any), so that small ones are seen too; the accuracy is then that of the sample, not of all records.
    """
    declared = of.book.model.entity(entity)
    if n < 1 or not of.snapshot.has(entity):
        return []
    stratum = {"source": SOURCE, "employee": "coalesce(t.employee_id, '')", None: "NULL"}[by]
    if by == "employee" and "employee_id" not in of.owners(declared):
        stratum = "NULL"
    join = SOURCE_JOIN if by == "source" else ""
    fields = ", ".join(f"t.{ident(field.name)}" for field in declared.fields)
    key = ", ".join(f"CAST(t.{ident(name)} AS VARCHAR)" for name in declared.key)
    found = of.rows(
        f"SELECT * EXCLUDE (_turn, _rank) FROM (SELECT *, row_number() OVER (PARTITION BY _stratum ORDER BY _rank) AS _turn FROM ("
        f"SELECT {fields}, {stratum} AS _stratum, md5_number_lower(concat_ws(chr(31), '{int(seed)}', {key})) AS _rank "
        f"FROM {ident(entity)} t {join} WHERE {of.owned(declared)}) "
        f"QUALIFY _turn <= {int(n)}) ORDER BY _turn, _rank LIMIT {int(n)}"
    )
    return [_drawn(declared, row) for row in found]


def _drawn(entity: Entity, row: dict[str, Any]) -> Drawn:
    values = {field.name: row[field.name] for field in entity.fields}
    return Drawn(entity.name, {name: row[name] for name in entity.key}, values, row["_stratum"])


def accuracy(right: int, n: int, *, z: float = 1.959963984540054) -> Accuracy:
    """Share that is right among `n` compared, with the Wilson score interval (`z` = 1.96 … for 95 %).

    Wilson, JASA 22 (1927) 209-212; keeps its coverage for small n and for rates near 1, where right ± 1.96 σ fails (Brown, Cai,
    DasGupta, Statistical Science 16 (2001) 101-133). ValueError unless 0 ≤ right ≤ n and n > 0.
    """
    if n <= 0 or not 0 <= right <= n:
        raise ValueError(f"{right} of {n} compared records cannot be right")
    rate, square = right / n, z * z
    centre = (rate + square / (2 * n)) / (1 + square / n)
    half = z * math.sqrt(rate * (1 - rate) / n + square / (4 * n * n)) / (1 + square / n)
    return Accuracy(rate, max(0.0, centre - half) if right else 0.0, min(1.0, centre + half) if right < n else 1.0)


def needed(margin: float, *, expected: float = 0.95, z: float = 1.959963984540054) -> int:
    """How many records to draw so that the interval is about ± `margin` wide, where `expected` of them are right."""
    if not 0 < margin < 1:
        raise ValueError("the margin is a fraction between 0 and 1")
    return math.ceil(z * z * expected * (1 - expected) / (margin * margin))
