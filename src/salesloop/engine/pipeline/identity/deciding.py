"""People decide which records are the same; the decisions are kept at once and published with the next snapshot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pyarrow as pa

from salesloop.engine.model.entity import Entity
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.pipeline.identity.crosswalk import take_up
from salesloop.engine.pipeline.identity.decision import Decision, Known, Undo, Verdict, groups
from salesloop.engine.pipeline.identity.journal import append, read_history
from salesloop.engine.pipeline.quality import check_again
from salesloop.engine.pipeline.resolve import resolve
from salesloop.engine.pipeline.roll_up import roll_up
from salesloop.engine.pipeline.shadows import reveal
from salesloop.engine.store import Snapshot, Workspace

_MESSAGES = Messages("salesloop.engine.pipeline")


def decide(
    workspace: Workspace,
    entity: str,
    verdict: Verdict,
    ids: Sequence[str],
    *,
    by: str,
    now: dt.datetime,
    why: str = "",
    survivor: str | None = None,
    fields: Mapping[str, str] | None = None,
    automatic: bool = False,
) -> Decision:
    """A decision about records of the current snapshot, ready to be kept by `keep`.

    UserError where the entity has no names, where fewer than two records are named, where one of them is not known, or
    where the survivor or the record of a chosen value is none of them.
    """
    declared = mergeable(workspace, entity)
    wanted = list(dict.fromkeys(ids))
    if len(wanted) < 2:
        raise UserError(_MESSAGES.message("two_records", entity=declared.label))
    records = known_records(workspace.current(), declared, wanted)
    for name in [*wanted, *([survivor] if survivor else []), *(fields or {}).values()]:
        if name not in records:
            raise UserError(_MESSAGES.message("no_such_record", entity=declared.label, id=name))
        if name not in wanted:
            raise UserError(_MESSAGES.message("survivor_elsewhere", id=name, ids=wanted))
    for field in fields or {}:
        declared.field(field)
    return Decision(
        entity,
        verdict,
        tuple(records[name] for name in wanted),
        by,
        now.astimezone(dt.UTC),
        why.strip(),
        survivor,
        dict(fields or {}),
        automatic,
    )


def keep(workspace: Workspace, decisions: Sequence[Decision]) -> None:
    """Write decisions down for good. UserError, and nothing is kept, where one says what is so already or its opposite."""
    standing = list(read_history(workspace).standing("same"))
    for one in decisions:
        together = groups(other.ids for other in standing if other.entity == one.entity)
        cluster = {id_: n for n, group in enumerate(together) for id_ in group}
        places = [cluster.get(id_) for id_ in one.ids]
        if one.verdict == "same":
            if None not in places and len(set(places)) == 1:
                raise UserError(_MESSAGES.message("same_already", ids=list(one.ids)))
            standing.append(one)
        elif len({place for place in places if place is not None}) < len([p for p in places if p is not None]):
            raise UserError(_MESSAGES.message("same_now", ids=list(one.ids)))
    append(workspace, decisions)


def take_back(workspace: Workspace, decision_id: str, *, by: str, now: dt.datetime, why: str = "") -> Decision:
    """Undo a decision; the decision. UserError where there is none of this id, or where it is undone already."""
    history = read_history(workspace)
    found = next((one for one in history.decisions if one.decision_id == decision_id), None)
    if found is None:
        raise UserError(_MESSAGES.message("no_such_decision", decision=decision_id))
    if decision_id in history.undone:
        raise UserError(_MESSAGES.message("decision_undone", decision=decision_id))
    append(workspace, [Undo(decision_id, by, now.astimezone(dt.UTC), why.strip())])
    return found


def is_pending(workspace: Workspace) -> bool:
    """Whether the current snapshot is other than the decisions say."""
    wanted = {one.decision_id for one in read_history(workspace).standing("same")}
    snapshot = workspace.current()
    applied = snapshot.rows("SELECT decision_id FROM ledger.decision") if knows_identity(snapshot) else []
    return wanted != {row["decision_id"] for row in applied}


def publish(workspace: Workspace, now: dt.datetime, *, wait: float = 0.0) -> int | None:
    """Publish a snapshot that follows all decisions made so far; its number, or None where the current one does.

    Sums stay, distinct counts fall; what was delivered is untouched, so that a decision can be taken back.
    """
    if not is_pending(workspace):
        return None
    with workspace.writing(now, "duplicates", wait=wait) as building:
        reveal(building.con, workspace.model)
        changed = take_up(building.con, workspace)
        if not changed:
            building.discard()
            return None
        resolve(building.con, workspace.model, workspace.config.currency, changed)
        check_again(building.con, workspace, now, changed=changed)
        roll_up(workspace, building)
    return building.number


def knows_identity(snapshot: Snapshot) -> bool:
    """False for snapshots that an older version published."""
    return bool(snapshot.rows("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'ledger' AND table_name = 'merged'"))


def mergeable(workspace: Workspace, entity: str) -> Entity:
    """The entity. UserError where its records have no names by which they could be the same thing."""
    declared = workspace.model.entity(entity)
    if declared.kind != "dimension" or declared.name_field is None:
        raise UserError(_MESSAGES.message("not_mergeable", entity=declared.label))
    return declared


def known_records(snapshot: Snapshot, entity: Entity, ids: Sequence[str]) -> dict[str, Known]:
    """What the snapshot knows of these records, also of those that were merged or stand in for another; by id."""
    key, name = entity.key[0], entity.name_field
    aside = ["ledger.shadowed", *(["ledger.merged"] if knows_identity(snapshot) else [])]
    told = " UNION ALL ".join(
        f"SELECT record ->> '{key}' AS id, record ->> '{name}' AS name, record ->> 'source_system' AS source_system, "
        f"1 AS place FROM {table} WHERE entity = '{entity.name}'"
        for table in aside
    )
    found = snapshot.rows(
        f'WITH told AS (SELECT "{key}" AS id, "{name}" AS name, source_system, 0 AS place FROM "{entity.name}" '
        f"UNION ALL {told}) SELECT id, arg_min(name, place) AS name, arg_min(source_system, place) AS source_system "
        f"FROM told JOIN asked USING (id) GROUP BY id",
        {"asked": pa.table({"id": pa.array(list(ids), pa.string())})},
    )
    return {row["id"]: Known(**row) for row in found}
