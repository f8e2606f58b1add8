"""Text columns to typed ones: one look over all columns, then one query that reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import duckdb
import pyarrow as pa

from salesloop.engine.clean.values.address import Address, name_places, told
from salesloop.engine.clean.values.cells import by_text, contains, count
from salesloop.engine.clean.values.day_order import Order, day_order
from salesloop.engine.clean.values.moment import Moment
from salesloop.engine.clean.values.recipe import NONE_OFF, Evidence, Off, Recipe, ValueType

ROW: Final = "_row"
EACH_CELL: Final[Mapping[str, str]] = {}


@dataclass(frozen=True)
class Columns:
    """A relation of text columns and how each is read.

    `before` and `after` are SQL for what stood in cells that were repaired or not readable, and for what was made of them;
    columns of which all cells are plain are not among them.
    """

    relation: str
    recipes: Mapping[str, Recipe]
    before: Mapping[str, str]
    after: Mapping[str, str]

    @property
    def query(self) -> str:
        """The query that carries out all recipes side by side: each step one projection around the one before."""
        levels: list[dict[str, str]] = []
        for recipe in self.recipes.values():
            for depth, step in enumerate(recipe.steps):
                if depth == len(levels):
                    levels.append({})
                levels[depth] |= step
        query = f"SELECT * FROM {self.relation}"
        for level in levels:
            query = f"SELECT *, {_listed(level)} FROM ({query})"
        return query


def prepare(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    types: Mapping[str, ValueType],
    scratch: str,
    off: Off = NONE_OFF,
    cells: Mapping[str, str] = EACH_CELL,
) -> Columns:
    """Decide how to read each column of `relation` (its text columns have the names of `types`, beside `_row`).

    `scratch` begins the names of the temporary tables that may be needed. Repair rules that are `off` are not applied:
    cells that only they can read stay unreadable, columns stay as their cells say. `cells` as for `look`.
    """
    seen = look(con, relation, types, cells)
    spelled = {x: types[x] for x, found in seen.items() if found["rewrites"]}
    if spelled:
        relation = _rewritten(con, relation, spelled, scratch)
        seen |= look(con, relation, spelled, cells)
    places = {
        x: table
        for x, kind in types.items()
        if isinstance(kind, Address) and "division" not in off
        if (table := _places(con, relation, x, scratch))
    }
    relation = _with_places(relation, places)
    order = _file_order(types, seen)
    recipes: dict[str, Recipe] = {}
    for x, kind in types.items():
        if isinstance(kind, Moment):
            kind = replace(kind, file_order=order)
        recipe = kind.recipe(x, seen[x], off)
        recipe = _without(off, x, _with_rewriting(x, recipe) if x in spelled else recipe)
        recipes[x] = told(x, recipe, _example(con, places[x])) if x in places else recipe
    told_of = {x: recipe for x, recipe in recipes.items() if recipe.state is not None}
    before = {x: _of_told(recipe, f"coalesce({x}_was, {x})" if x in spelled else x) for x, recipe in told_of.items()}
    after = {x: _of_told(recipe, f"CAST({recipe.value} AS VARCHAR)") for x, recipe in told_of.items()}
    return Columns(relation, recipes, before, after)


def _of_told(recipe: Recipe, sql: str) -> str:
    return f"CASE WHEN {recipe.state} IS NOT NULL THEN {sql} END"


def look(
    con: duckdb.DuckDBPyConnection, relation: str, types: Mapping[str, ValueType], cells: Mapping[str, str] = EACH_CELL
) -> dict[str, Evidence]:
    """What the columns hold: column → evidence of its type, from one scan.

    `rewrites` in each evidence counts the cells that only `ValueType.rewrite` can read. `cells`: of columns that hold each
    text once, SQL for how many cells have it.
    """
    probes: dict[str, str] = {}
    aggregates: dict[tuple[str, str], str] = {}
    for x, kind in types.items():
        probes |= kind.probe(x)
        wanted = {**kind.evidence(x), "rewrites": count(kind.rewrite(x).matches) if kind.rewrite else "0"}
        aggregates |= {(x, name): by_text(sql, cells[x]) if x in cells else sql for name, sql in wanted.items()}
    found: dict[str, dict[str, object]] = {x: {} for x in types}
    if types:
        probed = f"SELECT *, {_listed(probes)} FROM {relation}"
        row = con.execute(f"SELECT {', '.join(aggregates.values())} FROM ({probed})").fetchall()[0]
        for (x, name), value in zip(aggregates, row, strict=True):
            found[x][name] = value
    return dict(found)


def _file_order(types: Mapping[str, ValueType], seen: Mapping[str, Evidence]) -> Order | None:
    """The order of day and month that some column of the file proves."""
    orders = (day_order(seen[x]) for x, kind in types.items() if isinstance(kind, Moment))
    return next((order.long for order in orders if order.long_proven), None)


def _rewritten(con: duckdb.DuckDBPyConnection, relation: str, types: Mapping[str, ValueType], scratch: str) -> str:
    """The relation with rare spellings rewritten; `X_was` is the text before, where a cell of column X was."""
    joins, columns, before = [], [], []
    for x, kind in types.items():
        table = f"{scratch}_spelled{x}"
        _spellings(con, relation, x, kind, table)
        joins.append(f"LEFT JOIN {table} ON {table}.before = cells.{x}")
        columns.append(f"coalesce({table}.after, cells.{x}) AS {x}")
        before.append(f"{table}.before AS {x}_was")
    return (
        f"(SELECT cells.* REPLACE ({', '.join(columns)}), {', '.join(before)} FROM {relation} cells {' '.join(joins)})"
    )


def _spellings(con: duckdb.DuckDBPyConnection, relation: str, x: str, kind: ValueType, table: str) -> None:
    """Write the distinct spellings that only Python can read into `table` (before, after)."""
    if kind.rewrite is None:
        raise TypeError(f"{type(kind).__name__} has no rewriting")
    rewrite = kind.rewrite(x)
    probed = f"SELECT *, {_listed(kind.probe(x))} FROM {relation}"
    texts = [t for (t,) in con.execute(f"SELECT DISTINCT {x} FROM ({probed}) WHERE {rewrite.matches}").fetchall()]
    pairs = {text: after for text in texts if (after := rewrite.text(text)) is not None}
    columns = [pa.array(list(pairs), pa.string()), pa.array(list(pairs.values()), pa.string())]
    con.register(f"{table}_arrow", pa.table(columns, names=["before", "after"]))
    con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM {table}_arrow")
    con.unregister(f"{table}_arrow")


def _with_rewriting(x: str, recipe: Recipe) -> Recipe:
    """The recipe for a column of which some cells were rewritten: those are repaired, unless they are still unreadable."""
    own = recipe.state or "NULL"
    both = f"concat_ws('+', {own}, 'chinese_numeral')"
    state = f"CASE WHEN {x}_was IS NOT NULL AND {recipe.value} IS NOT NULL THEN {both} ELSE {own} END"
    return replace(recipe, steps=(*recipe.steps, {f"{x}_z": state}), state=f"{x}_z")


def _without(off: Off, x: str, recipe: Recipe) -> Recipe:
    """The recipe with cells that were repaired by one of these rules unreadable instead."""
    if not off or recipe.state is None:
        return recipe
    named = contains(recipe.state, rf"^([^!].*\+)?({'|'.join(sorted(off))})(\+|$)")
    state = f"CASE WHEN {named} THEN '!repair_off' ELSE {recipe.state} END"
    value = f"CASE WHEN {named} THEN NULL ELSE {recipe.value} END"
    last = {f"{x}_off": state, f"{x}_own": value}
    return replace(recipe, steps=(*recipe.steps, last), state=f"{x}_off", value=f"{x}_own")


def _places(con: duckdb.DuckDBPyConnection, relation: str, x: str, scratch: str) -> str | None:
    """The table of the places that a column of addresses names; None where it names none."""
    table = f"{scratch}_places{x}"
    name_places(con, relation, x, table)
    return table if con.execute(f"SELECT EXISTS (FROM {table})").fetchall()[0][0] else None


def _with_places(relation: str, places: Mapping[str, str]) -> str:
    """The relation with a struct `X_place` beside each column of addresses."""
    for x, table in places.items():
        relation = f"(SELECT cells.*, named AS {x}_place FROM {relation} cells LEFT JOIN {table} named ON named.before = cells.{x})"
    return relation


def _example(con: duckdb.DuckDBPyConnection, table: str) -> tuple[str, str]:
    """An address and the place that it names."""
    before, after = con.execute(
        f"SELECT before, concat_ws('/', province, city, district) FROM {table} ORDER BY length(before) DESC, before LIMIT 1"
    ).fetchall()[0]
    return str(before), str(after)


def _listed(expressions: Mapping[str, str]) -> str:
    return ", ".join(f"{sql} AS {alias}" for alias, sql in expressions.items())


def names(fields: Iterable[str]) -> str:
    """Quoted column names, listed."""
    return ", ".join(f'"{name}"' for name in fields)
