"""Cases are data: a world, a question, and the rows that must come out, each named after the trap that it sets.

A file in `cases/` is YAML:

    worlds:
      gaps:
        settings: {calendar: fiscal, fiscal_start_month: 4}     # of salesloop.toml
        metrics: [{metric: own, type: measure, entity: …}]      # labels and the like are filled in
        tables: {order_line: a text table}                      # see tables.py
        entered: {target: …}                                    # what people entered in the app
        like: other                                             # the tables of another world of the file under these
    cases:
      - case: missing_month_keeps_its_place
        world: gaps
        query: {metrics: revenue, grain: month, period: 2026-01-01..2026-03-31, compare: previous}
        scope: {employees: [e1], org_units: [u1]}               # left out: everything
        today: 2026-11-21
        why: one sentence
        expect: |                                               # the columns that matter, all rows in order
          period     revenue revenue_previous
          2026-01-01 10.0000 ~
      - case: …
        refuse: cannot_slice                                    # the key of the message, instead of `expect`
        saying: [Order, stage]                                  # what its English text must name
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from salesloop.engine.metrics import Query, Registry, load_registry
from salesloop.engine.model.scope import Scope
from salesloop.engine.store.config import WorkspaceConfig
from tests.metrics_suite.tables import model, tables

CASES = Path(__file__).with_name("cases")
TODAY = dt.date(2026, 11, 21)


@dataclass(frozen=True, eq=False, repr=False)
class World:
    """What a question is asked of: the published tables, the definitions, the settings, what people entered."""

    name: str
    tables: Mapping[str, pa.Table]
    registry: Registry
    config: WorkspaceConfig
    entered: Mapping[str, pa.Table] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, repr=False)
class Case:
    """`expect` is a table as text, or `refuse` the key of the message with which the question is refused."""

    name: str
    world: World
    query: Query
    scope: Scope
    today: dt.date
    expect: str | None
    refuse: str | None
    saying: tuple[str, ...]


@cache
def cases() -> tuple[Case, ...]:
    """All cases, those of one world together."""
    out = []
    for file in sorted(CASES.glob("*.yaml")):
        out += _read(file)
    names = [case.name for case in out]
    assert len(set(names)) == len(names), "two cases have the same name"
    return tuple(sorted(out, key=lambda case: case.world.name))


def world(name: str, document: Mapping[str, Any]) -> World:
    """A world of a file of cases."""
    definitions = document.get("metrics", [])
    return World(
        name,
        tables(document.get("tables", {})),
        registry_with(definitions),
        WorkspaceConfig(**document.get("settings", {})),
        tables(document.get("entered", {})),
    )


def registry_with(definitions: list[dict[str, Any]]) -> Registry:
    """The catalogue with further definitions, by the way that a company's own take."""
    if not definitions:
        return load_registry(None, model())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "metrics" / "own.yaml"
        file.parent.mkdir()
        file.write_text(yaml.safe_dump_all([_filled(one) for one in definitions], allow_unicode=True), "utf-8")
        return load_registry(Path(folder), model())


def _filled(definition: dict[str, Any]) -> dict[str, Any]:
    """What every definition must say and no case is about."""
    name = definition.get("metric") or definition["dimension"]
    text = {"zh-Hans": name, "en": name}
    if "dimension" in definition:
        return {"label": text, "description": text} | definition
    common = {"label": text, "description": text, "formula": text, "format": "number", "unit": "piece"}
    return common | {"favorable": "up", "owner": "suite", "review_every": "year"} | definition


def _read(file: Path) -> list[Case]:
    document = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    worlds: dict[str, World] = {}
    for name, written in document["worlds"].items():
        base = document["worlds"][written["like"]] if "like" in written else {}
        whole = base | written | {"tables": base.get("tables", {}) | written.get("tables", {})}
        worlds[name] = world(f"{file.stem}/{name}", whole)
    return [_case(one, worlds) for one in document["cases"]]


def _case(document: dict[str, Any], worlds: Mapping[str, World]) -> Case:
    unknown = set(document) - {"case", "world", "query", "scope", "today", "why", "expect", "refuse", "saying"}
    assert not unknown, f"{document['case']}: {unknown}"
    assert ("expect" in document) != ("refuse" in document), document["case"]
    scope = Scope.all()
    if "scope" in document:
        limited = document["scope"]
        scope = Scope(False, frozenset(limited.get("org_units", ())), frozenset(limited.get("employees", ())))
    return Case(
        document["case"],
        worlds[document.get("world") or next(iter(worlds))],
        query(**document["query"]),
        scope,
        document.get("today", TODAY),
        document.get("expect"),
        document.get("refuse"),
        tuple(document.get("saying", ())),
    )


def query(metrics: str, period: str = "", **rest: Any) -> Query:
    """A query from its short form: lists with commas, filters as a list, `period` as `2026-01-01..2026-03-31`."""
    for name in ("by", "compare"):
        rest[name] = tuple(filter(None, rest.get(name, "").split(",")))
    if period:
        rest["start"], rest["end"] = (dt.date.fromisoformat(day) for day in period.split(".."))
    for name in ("where", "params"):
        if name in rest:
            rest[name] = tuple(rest[name])
    return Query(tuple(metrics.split(",")), **rest)
