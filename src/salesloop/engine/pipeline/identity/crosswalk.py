"""Which id stands for which: from the decisions in the ledger to one canonical id for every id that was merged."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.pipeline.identity.decision import groups
from salesloop.engine.pipeline.identity.journal import read_history
from salesloop.engine.pipeline.identity.survivorship import Survivorship, load_survivorship
from salesloop.engine.pipeline.ledger import naive_utc
from salesloop.engine.store import Workspace

_DECISION = "decision_id, entity, ids, survivor, fields, decided_by, decided_at, why"


@dataclass(frozen=True, slots=True)
class Cluster:
    """Ids that are one record. `members` are those of them that have a row now; `fields` values that a person chose."""

    canonical: str
    ids: tuple[str, ...]
    members: tuple[str, ...]
    fields: Mapping[str, str] = field(default_factory=dict)
    decision_id: str = ""


def take_up(con: duckdb.DuckDBPyConnection, workspace: Workspace) -> set[str]:
    """Bring the ledger up to what was decided by now; the entities for which that is something else than before."""
    rules = load_survivorship(workspace).model_dump_json()
    known = [text for (text,) in con.execute("SELECT CAST(rules AS VARCHAR) FROM ledger.survivorship").fetchall()]
    other_rules = known != [rules]
    standing = {one.decision_id: one for one in read_history(workspace).standing("same")}
    had = dict(con.execute("SELECT decision_id, entity FROM ledger.decision").fetchall())
    changed = {one.entity for name, one in standing.items() if name not in had}
    changed |= {entity for name, entity in had.items() if name not in standing}
    if other_rules:
        con.execute("DELETE FROM ledger.survivorship")
        con.execute("INSERT INTO ledger.survivorship VALUES ($rules)", {"rules": rules})
        changed |= set(had.values()) if known else set()
    if changed:
        con.execute("DELETE FROM ledger.decision")
        rows = [
            {
                "decision_id": one.decision_id,
                "entity": one.entity,
                "ids": list(one.ids),
                "survivor": one.survivor,
                "fields": json.dumps(dict(one.fields)),
                "decided_by": one.by,
                "decided_at": naive_utc(one.at),
                "why": one.why,
            }
            for one in standing.values()
        ]
        if rows:
            con.register("_decided", pa.Table.from_pylist(rows))
            con.execute(f"INSERT INTO ledger.decision SELECT {_DECISION} FROM _decided")
            con.unregister("_decided")
    return changed


def rules_of(con: duckdb.DuckDBPyConnection) -> Survivorship:
    """The rules by which this building composes canonical records. There are some as soon as there are decisions."""
    return Survivorship.model_validate_json(con.execute("SELECT rules FROM ledger.survivorship").fetchall()[0][0])


def decided_entities(con: duckdb.DuckDBPyConnection, model: Model) -> list[Entity]:
    """Entities of the model for which records were ever declared the same."""
    found = [name for (name,) in con.execute("SELECT DISTINCT entity FROM ledger.decision").fetchall()]
    return [entity for entity in model.dimensions if entity.name in found]


def clusters(con: duckdb.DuckDBPyConnection, entity: Entity) -> list[Cluster]:
    """The clusters of one entity in its table as it is now, which must not be merged already.

    An id may have no row because its record stood in for one that was delivered since: then the one of its name takes its
    place. Clusters without any row are left out.
    """
    decisions = con.execute(
        "SELECT decision_id, ids, survivor, fields FROM ledger.decision WHERE entity = ? ORDER BY decided_at, decision_id",
        [entity.name],
    ).fetchall()
    placed = _places(con, entity, {id_ for _, ids, _, _ in decisions for id_ in ids})
    links = [ids for _, ids, _, _ in decisions] + [[id_, place] for id_, place in placed.items() if id_ != place]
    out = []
    for ids in groups(links):
        members = [id_ for id_ in ids if placed.get(id_) == id_]
        if members:
            own = [one for one in decisions if set(one[1]) <= set(ids)]
            survivors = [placed.get(survivor) for _, _, survivor, _ in own]
            canonical = next((one for one in reversed(survivors) if one in members), members[0])
            chosen = {name: placed.get(id_, id_) for *_, fields in own for name, id_ in json.loads(fields).items()}
            out.append(Cluster(canonical, tuple(ids), tuple(members), chosen, own[-1][0]))
    return out


def _places(con: duckdb.DuckDBPyConnection, entity: Entity, ids: set[str]) -> dict[str, str]:
    """Id → the id under which it has a row: its own, or that of the only record of this name. Places are their own."""
    key, name = entity.key[0], entity.name_field
    con.register("_asked", pa.table({"id": pa.array(sorted(ids), pa.string())}))
    by_name = f'SELECT lower(trim("{name}")) AS name, min("{key}") AS id FROM "{entity.name}" GROUP BY 1 HAVING count(DISTINCT "{key}") = 1'
    found = con.execute(
        f"SELECT asked.id, coalesce(own.id, named.id) FROM _asked asked "
        f'LEFT JOIN (SELECT DISTINCT "{key}" AS id FROM "{entity.name}") own ON own.id = asked.id '
        f"LEFT JOIN ({by_name}) named ON named.name = lower(trim(asked.id)) WHERE coalesce(own.id, named.id) IS NOT NULL "
        f"ORDER BY ALL"
    ).fetchall()
    con.unregister("_asked")
    return dict(found) | {place: place for _, place in found}


def write_crosswalk(con: duckdb.DuckDBPyConnection, entity: Entity, found: Sequence[Cluster]) -> None:
    """Every id of the clusters with its canonical one, and who said so."""
    rows = [
        {"id": id_, "canonical_id": one.canonical, "decision_id": one.decision_id} for one in found for id_ in one.ids
    ]
    con.register("_crossed", pa.Table.from_pylist(rows))
    con.execute(
        f"INSERT INTO ledger.crosswalk SELECT $entity, known.source_system, crossed.id, canonical_id, decision_id, "
        f"decided_by, decided_at, why FROM _crossed crossed JOIN ledger.decision USING (decision_id) "
        f'LEFT JOIN (SELECT "{entity.key[0]}" AS id, any_value(source_system) AS source_system FROM "{entity.name}" '
        f"GROUP BY ALL) known ON known.id = crossed.id",
        {"entity": entity.name},
    )
    con.unregister("_crossed")


def known(entity: Entity) -> str:
    """SQL: every record that can be referred to, whether it stands in the table or was merged into another.

    `id`, `name` (normal form), `is_primary`, `canonical_id`.
    """
    return (
        f'SELECT "{entity.key[0]}" AS id, lower(trim("{entity.name_field}")) AS name, _primary AS is_primary, '
        f'"{entity.key[0]}" AS canonical_id FROM "{entity.name}" '
        f"UNION ALL SELECT id, lower(trim(record ->> '{entity.name_field}')), CAST(record ->> '_primary' AS BOOLEAN), "
        f"canonical_id FROM ledger.merged WHERE entity = '{entity.name}'"
    )
