"""Records that stood in for something until more was known of it.

An order export that knows only names brings customers whose id is their name. Once the customer list arrives, those
names are resolved to its ids, and the stand-ins would only be counted and listed a second time. A return of a whole
order stands in for the returns of its lines. Stand-ins are kept aside in `ledger.shadowed`, and come back before every
change, so that nothing depends on which file came first.
"""

from __future__ import annotations

import duckdb

from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.pipeline import returns
from salesloop.engine.pipeline.identity import merging
from salesloop.engine.pipeline.identity.crosswalk import known
from salesloop.engine.pipeline.records import put_back, record_json, stored_columns


def reveal(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Put every stand-in back. The first step of each change of the tables."""
    returns.join(con)
    merging.split(con, model)
    shadowed = [name for (name,) in con.execute("SELECT DISTINCT entity FROM ledger.shadowed").fetchall()]
    for name in shadowed:
        source = "SELECT record FROM ledger.shadowed WHERE entity = $entity"
        put_back(con, model, model.entity(name), source, {"entity": name})
    con.execute("DELETE FROM ledger.shadowed")


def hide(con: duckdb.DuckDBPyConnection, model: Model) -> set[str]:
    """Set aside the stand-ins of what primary deliveries know, and merge what people call the same. The last step but resolving.

    The entities that got rows by it, which are yet to be resolved.
    """
    for entity in model.dimensions:
        if entity.name_field is not None:
            _hide(con, model, entity)
    merged = merging.merge(con, model)
    for name in merged:  # a name that two records shared may be that of one now
        _hide(con, model, model.entity(name))
    return merged | ({"return_line"} if returns.tell_apart(con, model) else set())


def _hide(con: duckdb.DuckDBPyConnection, model: Model, entity: Entity) -> None:
    key = entity.key[0]
    everybody = known(entity)
    primary = f'SELECT {key} FROM "{entity.name}" WHERE _primary'
    named_by_one = (
        f"SELECT name FROM ({everybody}) WHERE is_primary GROUP BY name HAVING count(DISTINCT canonical_id) = 1"
    )
    stands_in = (
        f"NOT row._primary AND (row.{key} IN ({primary}) "  # another version of somebody known
        f"OR lower(trim(row.{key})) IN ({named_by_one}))"
    )
    con.execute(
        f"INSERT INTO ledger.shadowed SELECT '{entity.name}', {record_json(stored_columns(entity, model, 'row'))} "
        f'FROM "{entity.name}" row WHERE {stands_in}'
    )
    con.execute(f'DELETE FROM "{entity.name}" AS row WHERE {stands_in}')
