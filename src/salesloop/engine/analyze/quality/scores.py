"""How good the records of each source, department or representative are, on one scale from 0 to 1.

    validity     = 1 − (records failing an error + ½ × other records failing a warning) ÷ records
    completeness = filled ÷ expected values of the fields that should be filled
    timeliness   = records entered in time ÷ records whose event and entry are known
    score        = ½ validity + 0.3 completeness + 0.2 timeliness, the weights of what cannot be measured shared by the rest

Each part is a simple ratio and the score their weighted average (Pipino, Lee and Wang, Data Quality Assessment, CACM 45 (2002)
211-218); hints (severity info) count nowhere but in completeness. Fields that should be filled are the required ones beside the
key and those that a check of kind `required` asks for; the time allowed for an entry is that of the checks of kind `back_dated`. A record
that a steward accepted does not fail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import Any, Final, Literal

from salesloop.engine.analyze.quality.source import SOURCE, SOURCE_JOIN, Judged
from salesloop.engine.clean.quality import Circumstances
from salesloop.engine.clean.quality.definition import BackDated, Required
from salesloop.engine.clean.quality.rules import rules_of
from salesloop.engine.clean.values.cells import ident
from salesloop.engine.model.entity import Entity

Group = Literal["source", "org_unit", "employee"]

WEIGHTS: Final[Mapping[str, float]] = {"validity": 0.5, "completeness": 0.3, "timeliness": 0.2}
WARNING_WEIGHT: Final = 0.5
_GROUPS: Final[Mapping[Group, str]] = {"source": SOURCE, "org_unit": "t.org_unit_id", "employee": "t.employee_id"}


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts that add up over entities and groups."""

    records: int = 0
    failing_error: int = 0
    failing_warning: int = 0
    expected: int = 0
    filled: int = 0
    entries: int = 0
    timely: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    @property
    def validity(self) -> float | None:
        """None without records."""
        failing = self.failing_error + WARNING_WEIGHT * self.failing_warning
        return 1 - failing / self.records if self.records else None

    @property
    def completeness(self) -> float | None:
        """None where no field is expected."""
        return self.filled / self.expected if self.expected else None

    @property
    def timeliness(self) -> float | None:
        """None where no time of entry is known."""
        return self.timely / self.entries if self.entries else None

    @property
    def score(self) -> float | None:
        """None without records."""
        parts = {name: value for name in WEIGHTS if (value := getattr(self, name)) is not None}
        weight = sum(WEIGHTS[name] for name in parts)
        return sum(WEIGHTS[name] * value for name, value in parts.items()) / weight if parts else None


@dataclass(frozen=True, slots=True)
class Score:
    """The tally of one group. `id` is '' for records that belong to none; `name` is what people call the group.

    A department's tally includes those below it; `parent` is then the department above.
    """

    id: str
    name: str
    tally: Tally
    parent: str | None = None


def scores(of: Judged, by: Group, at: Circumstances) -> list[Score]:
    """Every group with records of the scope, the worst score first. Records without the owner asked for are in the group ''."""
    tallies: dict[str, Tally] = {}
    for entity in of.entities():
        if by != "source" and f"{by}_id" not in of.owners(entity):
            continue
        if of.owned(entity) == "false":
            continue
        for group, tally in _tallies(of, entity, by, at).items():
            tallies[group] = tallies.get(group, Tally()) + tally
    found = _of_units(of, tallies) if by == "org_unit" else _named(of, by, tallies)
    return sorted(found, key=lambda score: (score.tally.score if score.tally.score is not None else 2.0, score.id))


def overall(of: Judged, at: Circumstances) -> Tally:
    """All records of the scope together."""
    total = Tally()
    for entity in of.entities():
        if of.owned(entity) != "false":
            for tally in _tallies(of, entity, "source", at).values():
                total += tally
    return total


def expected_fields(of: Judged, entity: Entity) -> tuple[str, ...]:
    """The fields of an entity that should be filled, in the order of its declaration."""
    asked = {check.field for check in of.book.of_rows(entity.name) if isinstance(check, Required)}
    return tuple(f.name for f in entity.fields if f.name in asked or (f.required and f.name not in entity.key))


def _tallies(of: Judged, entity: Entity, by: Group, at: Circumstances) -> dict[str, Tally]:
    group = f"coalesce({_GROUPS[by]}, '')"
    join = SOURCE_JOIN if by == "source" else ""
    table, where = f"{ident(entity.name)} t", of.owned(entity)
    expected = expected_fields(of, entity)
    filled = " + ".join(f"count(t.{ident(name)})" for name in expected) or "0"
    in_time = _in_time(of, entity, at)
    entries, timely = (f"count({in_time})", f"count(*) FILTER ({in_time})") if in_time else ("0", "0")
    counted = of.rows(
        f"SELECT {group} AS g, count(*) AS records, {filled} AS filled, {entries} AS entries, {timely} AS timely "
        f"FROM {table} {join} WHERE {where} GROUP BY g"
    )
    grave, warned = of.weight(entity.name, "error"), of.weight(entity.name, "warning")
    using = ", ".join(ident(name) for name in entity.key)
    failing = of.rows(
        f"SELECT {group} AS g, count(*) FILTER (f.failed & {grave}::UBIGINT <> 0) AS errors, "
        f"count(*) FILTER (f.failed & {grave}::UBIGINT = 0 AND f.failed & {warned}::UBIGINT <> 0) AS warnings "
        f"FROM {of.failing(entity)} f JOIN {table} USING ({using}) {join} WHERE {where} GROUP BY g"
    )
    failed = {row["g"]: row for row in failing}
    return {row["g"]: _tally(row, failed.get(row["g"], {}), len(expected)) for row in counted}


def _tally(row: Mapping[str, Any], failed: Mapping[str, Any], expected: int) -> Tally:
    return Tally(
        row["records"],
        failed.get("errors", 0),
        failed.get("warnings", 0),
        expected * row["records"],
        row["filled"],
        row["entries"],
        row["timely"],
    )


def _in_time(of: Judged, entity: Entity, at: Circumstances) -> str | None:
    """SQL: whether a record was entered in time; NULL where that is not known."""
    checks = [check for check in of.book.of_rows(entity.name) if isinstance(check, BackDated)]
    rules = rules_of(entity, of.book.model, checks[:1], of.columns, at)
    return f"({rules[0].holds})" if rules else None


def _named(of: Judged, by: Group, tallies: Mapping[str, Tally]) -> Iterable[Score]:
    names: dict[str, str] = {}
    if by == "employee" and of.snapshot.has("employee"):
        found = of.snapshot.rows(
            "SELECT employee_id, arg_max(name, valid_from) AS name FROM employee GROUP BY employee_id"
        )
        names = {row["employee_id"]: row["name"] for row in found}
    return [Score(group, names.get(group) or group, tally) for group, tally in tallies.items()]


def _of_units(of: Judged, tallies: Mapping[str, Tally]) -> Iterable[Score]:
    """Every department of the scope with what is below it; what stands above one's own is not one's to judge."""
    levels = ", ".join(f"l{n}_id, l{n}_name" for n in range(1, 7))
    tree = {row["id"]: row for row in of.snapshot.rows(f"SELECT id, depth, {levels} FROM org_unit_flat")}
    totals: dict[str, Tally] = {}
    names, parents = dict[str, str](), dict[str, str | None]()
    for group, tally in tallies.items():
        row = tree.get(group)
        path = (
            [(group, group)]
            if row is None
            else [(row[f"l{n}_id"], row[f"l{n}_name"]) for n in range(1, 7) if row[f"l{n}_id"]]
        )
        for place, (unit, name) in enumerate(path):
            totals[unit] = totals.get(unit, Tally()) + tally
            names[unit], parents[unit] = name or unit, path[place - 1][0] if place else None
    seen = of.scope
    return [
        Score(unit, names[unit], tally, parents[unit])
        for unit, tally in totals.items()
        if seen.everything or unit in seen.org_units
    ]
