"""Flat trees: for every node of region, org_unit and channel its ancestors by level, so that a query needs no recursion."""

from __future__ import annotations

from typing import Final

import duckdb

from salesloop.engine.store.schema import FLAT_LEVELS, FLAT_TREES

_LATEST: Final = {"org_unit": "valid_from"}


def rebuild(con: duckdb.DuckDBPyConnection, changed: set[str]) -> None:
    """Rebuild the flat tables of the trees in `changed`.

    A node without a known parent is a root, and so is one whose chain of parents runs in a circle. Levels beyond the
    sixth keep their first six ancestors. A dated unit stands where its latest version puts it.
    """
    for tree in FLAT_TREES:
        if tree in changed:
            _rebuild(con, tree)


def _rebuild(con: duckdb.DuckDBPyConnection, tree: str) -> None:
    key = f"{tree}_id"
    latest = f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {_LATEST.get(tree, '_row')} DESC) = 1"
    levels = ", ".join(f"path[{n}], titles[{n}]" for n in range(1, FLAT_LEVELS + 1))
    con.execute(f"DELETE FROM {tree}_flat")
    con.execute(
        f"INSERT INTO {tree}_flat WITH RECURSIVE "
        f"node AS (SELECT {key} AS id, name, parent_id FROM {tree} {latest}), "
        f"placed AS ("
        f"SELECT id, 1 AS depth, [id] AS path, [name] AS titles FROM node "
        f"WHERE parent_id IS NULL OR parent_id = id OR parent_id NOT IN (SELECT id FROM node) "
        f"UNION ALL SELECT node.id, placed.depth + 1, list_append(placed.path, node.id), "
        f"list_append(placed.titles, node.name) "
        f"FROM node JOIN placed ON node.parent_id = placed.id AND node.id <> node.parent_id) "
        f"SELECT id, depth, {levels} FROM placed "
        f"UNION ALL SELECT id, 1, {', '.join(['id, name'] + ['NULL, NULL'] * (FLAT_LEVELS - 1))} FROM node "
        f"WHERE id NOT IN (SELECT id FROM placed)"
    )
