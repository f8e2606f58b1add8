"""What the planner must know of the data: tree roots, first and last days, which values filters mean. Kept per snapshot."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

import pyarrow as pa
from sqlglot import exp

from salesloop.engine.metrics.dimension import Dimension
from salesloop.engine.metrics.rollups.kept import Kept, RollUps, kept_from
from salesloop.engine.model.entity import Model
from salesloop.engine.model.loader import load_model
from salesloop.engine.store.config import WorkspaceConfig
from salesloop.engine.store.engines.dialect import text
from salesloop.engine.store.entered import Entered
from salesloop.engine.store.entries import stands_beside, with_entries
from salesloop.engine.store.snapshot import Freshness, Snapshot
from salesloop.engine.store.workspace import Workspace

MANY: Final = 1_000_000
"""Of what nobody knows."""
_KEPT: Final = 8
_kept: OrderedDict[tuple[object, ...], dict[object, Any]] = OrderedDict()
_guard = Lock()


@dataclass(frozen=True)
class Warehouse:
    """One snapshot with the settings that give its numbers their meaning, and what people entered besides.

    `snapshot` already shows the entered rows beside the published ones (store.entries). Of a bare snapshot the settings are
    the defaults; of a workspace they are its own. `entered_version` is None where the entries were given with the question,
    and so cannot be told from others. `beside`: the entities of which `snapshot` has entered rows.
    """

    snapshot: Snapshot
    model: Model
    config: WorkspaceConfig
    entered: Mapping[str, pa.Table]
    entered_version: str | None
    beside: frozenset[str] = field(default=frozenset())

    @property
    def identity(self) -> tuple[object, ...]:
        """What tells this snapshot's data from any other's."""
        return self.snapshot.identity

    def has_entered(self, entity: str) -> bool:
        """Whether rows of the entity were entered besides: what was worked out of the published rows alone (roll-ups, what
        a snapshot is remembered by) is not the whole then."""
        return entity in self.beside

    def remembered(self, key: object, find: Any, of: str | None = None) -> Any:
        """`find()`, asked once per snapshot; where it depends on the rows of an entity, `of`, once per set of its entries."""
        if of is not None and of in self.beside:
            if self.entered_version is None:
                return find()
            key = (key, self.entered_version)
        memory = _memory(self.identity)
        if key not in memory:
            memory[key] = find()
        return memory[key]

    def ask(self, query: exp.Expr, tables: Mapping[str, pa.Table] | None = None) -> pa.Table:
        return self.snapshot.engine.execute(text(query, self.snapshot.engine.dialect), tables)

    def has(self, entity: str) -> bool:
        return bool(self.remembered(("has", entity), lambda: self.snapshot.has(entity), entity))

    def count(self, entity: str) -> int:
        """Rows of an entity."""
        return int(self.remembered(("count", entity), lambda: self.snapshot.count(entity), entity))

    def values_of(self, dimension: Dimension, paths: tuple[str, ...]) -> int:
        """About how many values a dimension has: rows of its entity, or different texts of the one entity to which the paths
        lead; very many where nobody knows without reading a fact.
        """
        if dimension.entity is not None:
            return self.count(dimension.entity)
        *steps, field = paths[0].split(".")
        if len(paths) > 1 or not steps or not self.has(steps[-1]):
            return MANY

        def find() -> int:
            different = exp.Count(this=exp.Distinct(expressions=[exp.column(field)]))
            found = self.ask(exp.select(exp.alias_(different, "n")).from_(exp.to_table(steps[-1]))).to_pylist()
            return int(found[0]["n"])

        return int(self.remembered(("values", steps[-1], field), find, steps[-1]))

    def freshness(self) -> dict[str, Freshness]:
        """How new the rows of each entity are; entries count."""
        if self.beside:
            return self.snapshot.freshness()  # this snapshot is kept itself, with what it worked out
        return dict(self.remembered("freshness", self.snapshot.freshness))

    @property
    def rollups(self) -> RollUps:
        """What was summed up with this very snapshot; nothing where its rows changed since, or on another engine."""

        def find() -> tuple[Kept, ...]:
            if self.snapshot.engine.dialect != "duckdb":
                return ()
            known = "SELECT 1 AS one FROM duckdb_tables() WHERE schema_name = 'rollup' AND table_name = 'made'"
            if not self.snapshot.rows(known):
                return ()
            made = f"SELECT declared FROM rollup.kept WHERE {self.snapshot.number} IN (SELECT number FROM rollup.made)"
            return kept_from(self.snapshot.rows(made))

        return RollUps(self.remembered("rollups", find), self.beside)

    def bounds(self, entity: str, date: str) -> tuple[dt.date, dt.date] | None:
        """First and last day in a date field of an entity."""

        def find() -> tuple[dt.date, dt.date] | None:
            if not self.has(entity):
                return None
            day = exp.cast(exp.column(date), exp.DataType.Type.DATE)
            query = exp.select(exp.alias_(exp.Min(this=day), "first"), exp.alias_(exp.Max(this=day.copy()), "last"))
            found = self.ask(query.from_(entity)).to_pylist()[0]
            return (found["first"], found["last"]) if found["first"] is not None else None

        return self.remembered(("bounds", entity, date), find, entity)

    def is_filled(self, entity: str, field: str) -> bool:
        """Whether every row of an entity has a value in a field, so that nothing need stand in for it."""

        def find() -> bool:
            counts = [exp.Count(this=exp.Star()), exp.Count(this=exp.column(field))]
            same = exp.alias_(exp.EQ(this=counts[0], expression=counts[1]), "filled")
            return bool(self.ask(exp.select(same).from_(exp.to_table(entity))).to_pylist()[0]["filled"])

        return bool(self.remembered(("filled", entity, field), find, entity))

    def default_level(self, tree: str) -> int:
        """The top level under a single root; the roots themselves where there are several."""

        def find() -> int:
            roots = exp.Count(this=exp.Distinct(expressions=[exp.column("l1_id")]))
            return 2 if self.ask(exp.select(exp.alias_(roots, "n")).from_(tree)).to_pylist()[0]["n"] == 1 else 1

        return int(self.remembered(("level", tree), find))

    def is_flat(self, tree: str) -> bool:
        """Whether no node of a tree is below another."""

        def find() -> bool:
            below = exp.NullSafeNEQ(this=exp.column("l1_id"), expression=exp.column("id"))
            return not self.ask(exp.select(exp.Literal.number(1)).from_(tree).where(below).limit(1)).num_rows

        return bool(self.remembered(("flat", tree), find))

    def rates(self, entity: str) -> tuple[int, int]:
        """(rows in another currency than the base, rows whose currency has no exchange rate) of an entity with money."""

        def find() -> tuple[int, int]:
            rate = exp.column("fx_rate")
            foreign = exp.Sum(
                this=exp.Case(
                    ifs=[exp.If(this=exp.NEQ(this=rate, expression=exp.Literal.number(1)), true=exp.Literal.number(1))]
                )
            )
            known = exp.Count(this=rate.copy())
            query = exp.select(
                exp.alias_(exp.Count(this=exp.Star()), "all_rows"),
                exp.alias_(known, "rated_rows"),
                exp.alias_(foreign, "foreign_rows"),
            ).from_(exp.to_table(entity))
            found = self.ask(query).to_pylist()[0]
            return int(found["foreign_rows"] or 0), int(found["all_rows"] - found["rated_rows"])

        return self.remembered(("rates", entity), find, entity)

    def values(self, dimension: Dimension, wanted: tuple[str, ...]) -> list[dict[str, Any]]:
        """The rows (id, name, depth) of a dimension over an entity whose id or name is one of `wanted`."""
        either = exp.or_(exp.column("id").isin(*wanted), exp.column("name").isin(*wanted))
        known = _known_values(dimension, self.model).subquery("rated_rows")
        return self.ask(exp.select("*").from_(known).where(either)).to_pylist()

    def some_values(self, dimension: Dimension, limit: int = 2000) -> list[dict[str, Any]]:
        """Rows (id, name, depth) of a dimension over an entity: what a wrong name could have meant."""
        known = _known_values(dimension, self.model).subquery("rated_rows")
        return self.ask(exp.select("*").from_(known).order_by("id").limit(limit)).to_pylist()


def warehouse(source: Workspace | Snapshot | Warehouse, entered: Mapping[str, pa.Table] | None = None) -> Warehouse:
    """A source as the planner sees it. `entered` stands in for what the workspace holds as entered by people."""
    if isinstance(source, Warehouse):
        return source
    if isinstance(source, Snapshot):
        return _seen(source, load_model(), WorkspaceConfig(), entered or {}, "" if entered is None else None)
    if entered is not None:
        return _seen(source.current(), source.model, source.config, entered, None)
    version = source.entered.version()
    return _seen(source.current(), source.model, source.config, _entered(source.entered, version), version)


def _seen(
    published: Snapshot, model: Model, config: WorkspaceConfig, entered: Mapping[str, pa.Table], version: str | None
) -> Warehouse:
    """The snapshot with the entered rows beside the published ones, made complete once per snapshot and set of entries."""
    beside = frozenset(name for name, table in entered.items() if stands_beside(name) and table.num_rows)
    if not beside:
        return Warehouse(published, model, config, entered, version)
    if version is None:
        return Warehouse(with_entries(published, entered, model, config), model, config, entered, None, beside)
    memory = _memory(("seen", published.identity, config, version))
    if "snapshot" not in memory:
        memory["snapshot"] = with_entries(published, entered, model, config)
    return Warehouse(memory["snapshot"], model, config, entered, version, beside)


def _entered(store: Entered, version: str) -> Mapping[str, pa.Table]:
    """All that people entered, read again only when something was written."""
    memory = _memory(("entered", store.folder, version))
    if "tables" not in memory:
        memory["tables"] = {name: store.read(name) for name in store.entities()}
    return memory["tables"]


def _known_values(dimension: Dimension, model: Model) -> exp.Select:
    """SELECT id, name, depth of a dimension's entity, every id once per name that it has or had."""
    entity = model.entity(dimension.entity or "")
    key, name = entity.key[0], entity.name_field or entity.key[0]
    columns = [
        exp.alias_(exp.column(key, table=entity.name), "id"),
        exp.alias_(exp.column(name, table=entity.name), "name"),
    ]
    if dimension.tree is None:
        return exp.select(*columns, exp.alias_(exp.Literal.number(1), "depth")).distinct().from_(entity.name)
    depth = exp.Coalesce(this=exp.column("depth", table=dimension.tree), expressions=[exp.Literal.number(1)])
    same = exp.EQ(this=exp.column("id", table=dimension.tree), expression=exp.column(key, table=entity.name))
    query = exp.select(*columns, exp.alias_(depth, "depth")).distinct().from_(entity.name)
    return query.join(dimension.tree, on=same, join_type="left")


def _memory(identity: tuple[object, ...]) -> dict[object, Any]:
    with _guard:
        memory = _kept.setdefault(identity, {})
        _kept.move_to_end(identity)
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
        return memory
