"""Flat trees of dimensions on an engine elsewhere, flattened here: they are small, and travel with the statements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from salesloop.engine.store.engines import Engine
from salesloop.engine.store.schema import FLAT_LEVELS

_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("depth", pa.int64()),
        *((f"l{n}_{part}", pa.string()) for n in range(1, FLAT_LEVELS + 1) for part in ("id", "name")),
    ]
)


def flat_tree(engine: Engine, tree: str) -> pa.Table:
    """For every node of `region`, `org_unit` or `channel` its ancestors by level, as a snapshot has them.

    A node without a known parent is a root, and so is one whose chain of parents runs in a circle. A dated unit stands
    where its latest version puts it.
    """
    key, dated = f"{tree}_id", tree == "org_unit"
    columns = ", ".join((key, "name", "parent_id", *(("valid_from",) if dated else ())))
    rows = engine.execute(f"SELECT {columns} FROM {tree}").to_pylist()
    if dated:
        rows.sort(key=lambda row: row["valid_from"])
    nodes = {row[key]: row for row in rows}  # the latest of each
    return pa.Table.from_pylist([_placed(node, nodes) for node in nodes], _SCHEMA)


def _placed(node: str, nodes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    path = [node]
    while (parent := nodes[path[0]]["parent_id"]) in nodes and parent != path[0]:
        if parent in path:
            path = [node]
            break
        path.insert(0, parent)
    levels = {
        f"l{n}_{part}": value
        for n, at in enumerate(path[:FLAT_LEVELS], 1)
        for part, value in (("id", at), ("name", nodes[at]["name"]))
    }
    return {"id": node, "depth": len(path), **levels}
