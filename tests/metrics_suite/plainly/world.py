"""The organisation of every random world, how rows find their slices, and who may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.metrics_suite.plainly.days import Company, Span

Row = Mapping[str, Any]
# 公司 → 东 (东一), 西;   cn → e (sh), n. Two ids of rows are of no node.
UNIT_PARENTS: dict[str, str | None] = {"R": None, "E": "R", "E1": "E", "W": "R"}
REGION_PARENTS: dict[str, str | None] = {"cn": None, "e": "cn", "sh": "e", "n": "cn"}
UNIT_OF = {"p1": "E1", "p2": "E", "p3": None}
TREES = {"region": REGION_PARENTS, "org_unit": UNIT_PARENTS}
_OWNED = {"region", "org_unit", "employee", "customer", "segment"}
DIMENSIONS: dict[str, set[str]] = {
    "order_line": _OWNED | {"product", "category"},
    "return_line": _OWNED | {"product", "category"},
    "opportunity": _OWNED | {"product", "category"},
    "activity": _OWNED,
    "contract": _OWNED,
    "inventory_snapshot": {"product", "category", "warehouse"},
}


@dataclass(frozen=True)
class Keep:
    """A filter: one of these ids (None: unassigned), or none of them."""

    dimension: str
    ids: tuple[str | None, ...]
    negated: bool


@dataclass(frozen=True)
class Asked:
    """A question in plain terms. `by`: (dimension, level of its tree); without a `span` all days with data are meant."""

    metrics: tuple[str, ...]
    by: tuple[tuple[str, int | None], ...]
    grain: str | None
    span: Span
    today: dt.date
    company: Company
    compare: tuple[str, ...]
    keep: tuple[Keep, ...]
    everything: bool
    employees: frozenset[str]
    units: frozenset[str]

    @property
    def slices(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.by)


def path(tree: Mapping[str, str | None], node: str) -> list[str]:
    """The node and all above it, the root first; a stranger stands alone."""
    out = [node]
    while (above := tree.get(out[0])) is not None:
        out.insert(0, above)
    return out


class World:
    """Rows by entity, each with the customer, product and opportunity that it refers to."""

    def __init__(self, rows: Mapping[str, Sequence[Row]]) -> None:
        self.rows = rows

    @cached_property
    def _whole(self) -> dict[str, list[dict[str, Any]]]:
        return {entity: [self._with_what_it_names(row) for row in rows] for entity, rows in self.rows.items()}

    def all(self, entity: str, condition: Callable[[Row], bool] | None = None) -> Iterator[dict[str, Any]]:
        """Every row, whoever may see it."""
        return (row for row in self._whole.get(entity, ()) if condition is None or condition(row))

    def seen(
        self, entity: str, condition: Callable[[Row], bool] | None, asked: Asked, keep: Sequence[Keep]
    ) -> Iterator[dict[str, Any]]:
        """The rows that the scope shows and the filters let through."""
        for row in self.all(entity, condition):
            owned = entity != "inventory_snapshot"
            mine = row.get("employee_id") in asked.employees or row.get("org_unit_id") in asked.units
            if (asked.everything or mine or not owned) and all(_passes(row, one) for one in keep):
                yield row

    def _with_what_it_names(self, row: Row) -> dict[str, Any]:
        return dict(row) | {
            name: next((one for one in self.rows[name] if one[f"{name}_id"] == row.get(f"{name}_id")), {})
            for name in ("customer", "product")
        }


def own(row: Row, dimension: str) -> str | None:
    """The id of the row itself, before any level of a tree."""
    match dimension:
        case "region":
            return row.get("region_id") or row["customer"].get("region_id")
        case "segment":
            return row["customer"].get("segment")
        case "category":
            return row["product"].get("category")
        case "warehouse":
            return row["warehouse"]
    return row.get(f"{dimension}_id")


def group(row: Row, dimension: str, level: int | None) -> str | None:
    """The id under which a row is grouped: of a tree its node of that level, or itself where it stands above."""
    found = own(row, dimension)
    if dimension not in TREES or found is None:
        return found
    steps = path(TREES[dimension], found)
    return steps[min(level or 2, len(steps)) - 1]


def _passes(row: Row, keep: Keep) -> bool:
    found = own(row, keep.dimension)
    among = path(TREES[keep.dimension], found) if keep.dimension in TREES and found is not None else [found]
    return bool(set(among) & set(keep.ids)) != keep.negated
