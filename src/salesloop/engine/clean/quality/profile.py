"""What one delivery brought, in counts: rows, blanks by field, rows by category. What monitors learn from."""

from __future__ import annotations

from typing import Final

import duckdb

from salesloop.engine.clean.values.cells import ident, literal
from salesloop.engine.model.entity import Entity

MOST_CATEGORIES: Final = 30
"""A field with more categories is none whose mix says much."""
_MIXED: Final = ("channel_id", "currency", "source_system")


def profile_delivery(con: duckdb.DuckDBPyConnection, entity: Entity, batch_id: str) -> None:
    """Write the counts of the records that stand under a batch into `ledger.profile`: one pass for all blanks, one a category field.

    `field` is '' for the number of records, `category` NULL for blanks of a field. Fields that are blank throughout are left out:
    the source does not have them.
    """
    rows = f"FROM {ident(entity.name)} WHERE _batch = {literal(batch_id)}"
    fields = [field.name for field in entity.fields if field.name not in entity.key]
    counted = con.execute(
        f"SELECT count(*), {', '.join(f'count({ident(name)})' for name in fields)} {rows}"
    ).fetchall()[0]
    if not counted[0]:
        return
    filled = {name: count for name, count in zip(fields, counted[1:], strict=True) if count}
    found: list[tuple[str, str | None, int]] = [("", None, counted[0])]
    found += [(name, None, counted[0] - count) for name, count in filled.items()]
    for name in categories(entity):
        if name in filled:
            mix = con.execute(
                f"SELECT CAST({ident(name)} AS VARCHAR) AS c, count(*) {rows} AND {ident(name)} IS NOT NULL GROUP BY c "
                f"ORDER BY count(*) DESC, c LIMIT {MOST_CATEGORIES + 1}"
            ).fetchall()
            found += [(name, category, count) for category, count in mix] if len(mix) <= MOST_CATEGORIES else []
    places = ", ".join(["(?, ?, ?, ?, ?)"] * len(found))
    values = [value for field, category, count in found for value in (batch_id, entity.name, field, category, count)]
    con.execute(f"INSERT INTO ledger.profile VALUES {places}", values)


def categories(entity: Entity) -> tuple[str, ...]:
    """The fields whose mix of values is watched."""
    return tuple(f.name for f in entity.fields if (f.type == "choice" or f.name in _MIXED) and f.name not in entity.key)
