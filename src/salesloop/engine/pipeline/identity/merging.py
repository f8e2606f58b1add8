"""Several records of one thing become one canonical record, and come apart again before every change.

As with stand-ins (`pipeline.shadows`): what was delivered is kept aside whole, the merged state is composed from it anew
each time, and so taking a decision back leaves exactly what would be there without it.
"""

from __future__ import annotations

import json

import duckdb
import pyarrow as pa

from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.pipeline.identity.crosswalk import (
    Cluster,
    clusters,
    decided_entities,
    rules_of,
    write_crosswalk,
)
from salesloop.engine.pipeline.identity.survivorship import Survivorship, is_primary
from salesloop.engine.pipeline.records import put_back, record_json, stored_columns
from salesloop.engine.store.insert import insert_rows
from salesloop.engine.store.schema import columns, given, resolved_fields

_SAID = "lambda name: name IS NOT NULL"


def split(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Put the delivered records back in place of the canonical ones."""
    for (name,) in con.execute("SELECT DISTINCT entity FROM ledger.merged").fetchall():
        entity = model.entity(name)
        con.execute(
            f'DELETE FROM "{name}" WHERE "{entity.key[0]}" IN '
            f"(SELECT canonical_id FROM ledger.merged WHERE entity = $entity)",
            {"entity": name},
        )
        put_back(con, model, entity, "SELECT record FROM ledger.merged WHERE entity = $entity", {"entity": name})
    con.execute("DELETE FROM ledger.merged")
    con.execute("DELETE FROM ledger.crosswalk")


def merge(con: duckdb.DuckDBPyConnection, model: Model) -> set[str]:
    """Compose the canonical records that the decisions in the ledger ask for; the entities that got such rows."""
    merged = set()
    for entity in decided_entities(con, model):
        found = clusters(con, entity)
        if not found:
            continue
        write_crosswalk(con, entity, found)
        several = [one for one in found if len(one.members) > 1]
        if several:
            _compose(con, model, entity, several, rules_of(con))
            merged.add(entity.name)
    return merged


def _compose(
    con: duckdb.DuckDBPyConnection, model: Model, entity: Entity, found: list[Cluster], rules: Survivorship
) -> None:
    """Set the members of clusters aside and put their canonical records in their place."""
    _gather(con, entity, found)
    # A dated record has several rows: the versions of the survivor live on as they are.
    composed = len(entity.key) == 1
    golden = _golden(entity, model, rules) if composed else "SELECT * FROM _members WHERE _key = _canonical"
    con.execute(f"CREATE TEMP TABLE _golden AS {golden}")
    con.execute(
        f"INSERT INTO ledger.merged SELECT '{entity.name}', member._canonical, member._key, "
        f"{record_json(stored_columns(entity, model, 'member'))}, {_gave(entity) if composed else '[]'} "
        f"FROM _members member {'JOIN _golden golden ON golden._canonical = member._canonical' if composed else ''}"
    )
    con.execute(f'DELETE FROM "{entity.name}" WHERE "{entity.key[0]}" IN (SELECT _key FROM _members)')
    insert_rows(con, entity.name, {name: f'"{name}"' for name in columns(entity, model)}, "_golden")
    con.execute("DROP TABLE _golden")
    con.execute("DROP TABLE _members")


def _gather(con: duckdb.DuckDBPyConnection, entity: Entity, found: list[Cluster]) -> None:
    """`_members`: the rows of all members, with the columns by which `Survivorship.order` ranks them."""
    rows = [
        {"_member": id_, "_canonical": one.canonical, "_chosen": json.dumps(dict(one.fields))}
        for one in found
        for id_ in one.members
    ]
    filled = " + ".join(f'CAST(row."{field.name}" IS NOT NULL AS INTEGER)' for field in entity.fields)
    con.register("_clusters", pa.Table.from_pylist(rows))
    con.execute(
        f"CREATE TEMP TABLE _members AS SELECT row.*, _canonical, CAST(_chosen AS JSON) AS _chosen, _member AS _key, "
        f'{filled} AS _filled_in FROM "{entity.name}" row JOIN _clusters ON _member = row."{entity.key[0]}"'
    )
    con.unregister("_clusters")


def _golden(entity: Entity, model: Model, rules: Survivorship) -> str:
    """SQL: one row for each cluster, each field by its rules; `_by_<field>` is the member that gave the value."""
    key = entity.key[0]
    fields = [field.name for field in entity.fields if field.name != key]
    best = {name: f'ORDER BY {rules.order(entity.name, name)}) FILTER ("{name}" IS NOT NULL)' for name in fields}
    values = {key: "_canonical"}
    values |= {name: f'first("{name}" {best[name]}' for name in fields}
    values |= {given(name): f'first("{given(name)}" {best[name]}' for name in resolved_fields(entity, model)}
    values |= {f"_by_{name}": f"first(_key {best[name]}" for name in fields}
    mentioned = (
        f"CASE WHEN bool_or(_primary) AND NOT first({is_primary(name)} {best[name]} THEN '{name}' END"
        for name in fields
    )
    values |= {
        "_primary": "bool_or(_primary)",
        "_filled": f"nullif(list_filter([{', '.join(mentioned)}], {_SAID}), [])",
    }
    for name in ("_batch", "_row", "_hash", "_cells", "_received_at"):
        # of the member that came last: what is new in it is new in the canonical record, and is checked and matched so
        values[name] = f"first({name} ORDER BY _received_at DESC, _key = _canonical DESC, _key)"
    listed = ", ".join(f'{sql} AS "{name}"' for name, sql in values.items())
    return f"SELECT {listed}, _canonical FROM _members GROUP BY _canonical"


def _gave(entity: Entity) -> str:
    """SQL: the fields of which a member gave the value."""
    given_by = (
        f"CASE WHEN golden.\"_by_{field.name}\" = member._key THEN '{field.name}' END"
        for field in entity.fields
        if field.name != entity.key[0]
    )
    return f"list_filter([{', '.join(given_by)}], {_SAID})"
