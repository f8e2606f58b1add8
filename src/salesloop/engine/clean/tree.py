"""Trees that rows name level by level (地区, 省, 城市) as records of their own: one per node, its id the path to it."""

from __future__ import annotations

import duckdb

from salesloop.engine.clean.beside import Beside
from salesloop.engine.clean.columns import ROW
from salesloop.engine.clean.plan import Plan
from salesloop.engine.clean.rows import Rows, fingerprint
from salesloop.engine.clean.stated import above_only
from salesloop.engine.clean.values.cells import ident, literal
from salesloop.engine.model.entity import Entity


def nodes(con: duckdb.DuckDBPyConnection, plan: Plan, rows: Rows, entity: Entity, table: str) -> Beside:
    """Every node that an accepted row lies under, into the temporary table `table`.

    Where rows state a key of their own for the deepest node (a code beside the names), it has that key. Rows that are
    nodes of this tree themselves are not repeated here.
    """
    key = entity.key[0]
    path = "array_to_string(nodes[:depth], '/')"
    values = {
        key: f"CASE WHEN depth = len(nodes) THEN coalesce(code, {path}) ELSE {path} END",
        str(entity.name_field): "nodes[depth]",
        "parent_id": "nullif(array_to_string(nodes[:depth - 1], '/'), '')",
        "level": "depth",
    }
    values |= {name: literal(default) for name in entity.key[1:] if (default := entity.field(name).default) is not None}
    fields = tuple(field.name for field in entity.fields if field.name in values)
    columns = ", ".join(f"CAST({values[n]} AS {entity.field(n).warehouse_type}) AS {ident(n)}" for n in fields)
    keys = ", ".join(ident(name) for name in entity.key)
    con.execute(
        f"CREATE TEMP TABLE {table} AS SELECT *, CAST(NULL AS INTEGER[]) AS _problems, "
        f"{fingerprint(entity, fields)} AS _hash FROM (SELECT {columns}, {ROW} FROM ({_levels(plan, rows, entity)}) "
        f"QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY {ROW}) = 1)"
    )
    return Beside(entity, table, fields, (), 0)


def _levels(plan: Plan, rows: Rows, entity: Entity) -> str:
    """SQL: `nodes` (the names from the top) and `depth` of every node; `code`, the key of the deepest."""
    parts = []
    for n, path in enumerate(plan.paths):
        if path.entity != entity.name:
            continue
        own = entity.name == plan.entity.name
        coded = not own and (entity.name, entity.key[0]) in plan.delivered
        code = ident(f"{entity.name}.{entity.key[0]}") if coded else "NULL"
        deepest = "len(nodes)" if not own or above_only(plan, path) else "len(nodes) - 1"
        parts.append(
            f"SELECT *, unnest(range(1, {deepest} + 1)) AS depth FROM ("
            f"SELECT string_split(_p{n}, '/') AS nodes, {code} AS code, min({ROW}) AS {ROW} FROM {rows.accepted} "
            f"WHERE _p{n} IS NOT NULL GROUP BY _p{n}, code)"
        )
    return " UNION ALL ".join(parts)
