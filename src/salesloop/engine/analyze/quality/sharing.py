"""Data of departments: who supplies what, and how much of it joins to the customers, products and people that all share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from salesloop.engine.analyze.quality.scores import expected_fields
from salesloop.engine.analyze.quality.source import SOURCE, SOURCE_JOIN, Judged
from salesloop.engine.clean.values.cells import ident
from salesloop.engine.model.entity import Entity

SHARED: Final = ("customer", "product", "employee")
"""What every department refers to: the keys on which data of different origins are joined."""
MOST_KEYS: Final = 10


@dataclass(frozen=True, slots=True)
class Supply:
    """What one department delivers of one entity through one source. `org_unit` is '' for records that belong to none.

    `last_received` (UTC) and `last_event` are None where unknown; `filled` of `expected` values that should be there are.
    """

    org_unit: str
    entity: str
    source: str
    records: int
    last_received: dt.datetime | None
    last_event: dt.date | None
    expected: int
    filled: int

    @property
    def completeness(self) -> float | None:
        """None where nothing is expected."""
        return self.filled / self.expected if self.expected else None


@dataclass(frozen=True, slots=True)
class Join:
    """How the records of a department refer to shared data. `given` name a key; `joined` of them lead to a delivered record,
    `mentioned` only to one that other records name and no list holds; the rest lead nowhere."""

    org_unit: str
    entity: str
    source: str
    target: str
    given: int
    joined: int
    mentioned: int

    @property
    def share(self) -> float | None:
        """None where no key is given."""
        return self.joined / self.given if self.given else None


def supplies(of: Judged) -> list[Supply]:
    """Department × entity × source, of all records of the scope: one pass over each table."""
    out: list[Supply] = []
    for entity in of.entities():
        if of.owned(entity) == "false":
            continue
        expected = expected_fields(of, entity)
        filled = " + ".join(f"count(t.{ident(name)})" for name in expected) or "0"
        event = f"CAST(max(t.{ident(entity.event_date)}) AS DATE)" if entity.event_date else "NULL"
        found = of.rows(
            f"SELECT {_unit(of, entity)} AS unit, {SOURCE} AS source, count(*) AS n, {filled} AS filled, "
            f"max(t._received_at) AS received, {event} AS event FROM {ident(entity.name)} t {SOURCE_JOIN} "
            f"WHERE {of.owned(entity)} GROUP BY ALL ORDER BY ALL"
        )
        out += [
            Supply(
                row["unit"],
                entity.name,
                row["source"],
                row["n"],
                row["received"].replace(tzinfo=dt.UTC) if row["received"] else None,
                row["event"],
                row["n"] * len(expected),
                row["filled"],
            )
            for row in found
        ]
    return out


def joins(of: Judged) -> list[Join]:
    """Department × entity × source × shared key, of all facts of the scope."""
    out: list[Join] = []
    for entity, target in _references(of):
        found = of.rows(
            f"SELECT {_unit(of, entity)} AS unit, {SOURCE} AS source, count(t.{ident(_key(target))}) AS given, "
            f"count(*) FILTER (known.id IS NOT NULL AND known.listed) AS joined, "
            f"count(*) FILTER (known.id IS NOT NULL AND NOT known.listed) AS mentioned "
            f"FROM {ident(entity.name)} t {SOURCE_JOIN} {_known(of, target)} WHERE {of.owned(entity)} GROUP BY ALL ORDER BY ALL"
        )
        out += [
            Join(row["unit"], entity.name, row["source"], target, row["given"], row["joined"], row["mentioned"])
            for row in found
            if row["given"]
        ]
    return out


def unjoined(
    of: Judged, entity: str, target: str, source: str, units: Collection[str] | None = None
) -> list[tuple[str, int]]:
    """(key, records) that lead to no delivered record, the most frequent first, at most `MOST_KEYS`."""
    declared, key = of.book.model.entity(entity), f"t.{ident(_key(target))}"
    rows = of.rows(
        f"SELECT {key} AS id, {_unit(of, declared)} AS unit, {SOURCE} AS source, count(*) AS n FROM {ident(entity)} t {SOURCE_JOIN} "
        f"{_known(of, target)} WHERE {of.owned(declared)} AND {key} IS NOT NULL AND NOT coalesce(known.listed, false) GROUP BY ALL"
    )
    counts: dict[str, int] = {}
    for row in rows:
        if row["source"] == source and (units is None or row["unit"] in units):
            counts[row["id"]] = counts.get(row["id"], 0) + row["n"]
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_KEYS]


def paths(of: Judged) -> dict[str, list[tuple[str, str]]]:
    """Department → (id, name) of itself and those above it, the topmost first."""
    levels = ", ".join(f"l{n}_id, l{n}_name" for n in range(1, 7))
    rows = of.snapshot.rows(f"SELECT id, {levels} FROM org_unit_flat")
    return {
        row["id"]: [(row[f"l{n}_id"], row[f"l{n}_name"] or row[f"l{n}_id"]) for n in range(1, 7) if row[f"l{n}_id"]]
        for row in rows
    }


def _references(of: Judged) -> Iterable[tuple[Entity, str]]:
    for entity in of.entities():
        if entity.kind == "fact" and of.owned(entity) != "false":
            for target in SHARED:
                if entity.references.get(_key(target)) == target:
                    yield entity, target


def _known(of: Judged, target: str) -> str:
    """SQL: the join to the shared records; `listed` where a delivery of such records holds it, not only a mention."""
    key = _key(target)
    table = ident(target) if of.snapshot.has(target) else f"(SELECT NULL AS {key}, NULL AS _primary LIMIT 0)"
    return (
        f"LEFT JOIN (SELECT {key} AS id, bool_or(coalesce(_primary, true)) AS listed FROM {table} GROUP BY ALL) known "
        f"ON known.id = t.{ident(key)}"
    )


def _unit(of: Judged, entity: Entity) -> str:
    return "coalesce(t.org_unit_id, '')" if "org_unit_id" in of.owners(entity) else "''"


def _key(target: str) -> str:
    return f"{target}_id"
