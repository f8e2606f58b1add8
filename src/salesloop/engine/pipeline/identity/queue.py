"""Records that may be the same: found after imports, kept beside the snapshots until somebody decides.

`.salesloop/identity/` holds, for each entity, the pairs that were found and which records were looked at; both can be
found again at any time (`look(everything=True)`), unlike the decisions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any, Final, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from salesloop.engine.clean.identity import clusters, find_duplicates
from salesloop.engine.clean.identity.settings import known_entities
from salesloop.engine.model.entity import Entity
from salesloop.engine.pipeline.identity.deciding import knows_identity
from salesloop.engine.pipeline.identity.decision import Decision, groups
from salesloop.engine.pipeline.identity.journal import FOLDER, read_history
from salesloop.engine.pipeline.identity.thresholds import matching_of
from salesloop.engine.store import Workspace
from salesloop.engine.store.files import move_durably, write_durably
from salesloop.engine.store.lock import writer_lock

Asked = Literal["merge", "ask"]
_WAIT_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at the new records of one entity brought: how many there were, and pairs by decision.

    `too_many`: there were more than was asked for, and none was looked at.
    """

    records: int
    merge: int = 0
    ask: int = 0
    too_many: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """Records to decide about: all the same for sure (`merge`), or a pair to ask about. `score` is that of the weakest pair.

    `evidence` are the pieces of `find_duplicates` for the strongest pair.
    """

    entity: str
    ids: tuple[str, ...]
    asked: Asked
    score: float
    evidence: tuple[Mapping[str, Any], ...] = field(default=())


def look(
    workspace: Workspace, *, now: dt.datetime, most: int | None = None, everything: bool = False
) -> dict[str, Looked]:
    """Match the records that are new or changed since the last look with all others; by entity, those that have any.

    With more than `most` of them none is looked at: that takes minutes and belongs into a job of its own. `everything`
    forgets what was found before, and so do other thresholds. `now` stamps the pairs.
    """
    out = {}
    snapshot = workspace.current()
    with writer_lock(workspace.state / FOLDER / "queue.lock", _WAIT_SECONDS):
        for entity in matched_entities(workspace):
            if not snapshot.has(entity.name):
                continue
            rules = matching_of(workspace, entity.name)
            mark = rules.thresholds.model_dump_json()
            moved = _path(workspace, entity, "pairs").exists() and _thresholds(workspace, entity) != mark
            seen, fresh = _fresh(workspace, entity, everything=everything or moved)
            if not fresh:
                continue
            if most is not None and len(fresh) > most:
                out[entity.name] = Looked(len(fresh), too_many=True)
                continue
            cursor = snapshot.duckdb.cursor()
            try:
                new_only = None if len(fresh) == seen.num_rows else fresh
                found = find_duplicates(cursor, workspace.model, entity.name, new_only=new_only, settings=rules)
            finally:
                cursor.close()
            out[entity.name] = _keep(workspace, entity, found, seen, fresh, now)
            write_durably(_mark(workspace, entity), mark.encode())
    return out


def matched_entities(workspace: Workspace) -> list[Entity]:
    """The entities with rules by which their records are matched."""
    known = set(known_entities())
    return [entity for entity in workspace.model.dimensions if entity.name in known]


def open_cases(workspace: Workspace, entity: str) -> list[Case]:
    """What waits for a decision, the surest first. Nothing that was decided, however the decision was."""
    return cases_in(open_table(workspace, entity), entity)


def open_table(workspace: Workspace, entity: str) -> pa.Table:
    """The cases of `open_cases` as a table: ids, asked, score, evidence. Thousands of them are read as they are looked at."""
    pairs = _open_pairs(workspace, workspace.model.entity(entity))
    return workspace.current().engine.execute(
        "WITH grouped AS (SELECT pair.*, CASE WHEN l.cluster = r.cluster THEN l.cluster END AS head FROM pair "
        "LEFT JOIN member l ON l.id = pair.left_id LEFT JOIN member r ON r.id = pair.right_id) "
        "SELECT list_sort(list_distinct(list(left_id) || list(right_id))) AS ids, 'merge' AS asked, min(score) AS score, "
        "arg_max(evidence, score ORDER BY left_id, right_id) AS evidence FROM grouped WHERE head IS NOT NULL GROUP BY head "
        "UNION ALL SELECT [left_id, right_id], 'ask', score, evidence FROM grouped WHERE head IS NULL "
        "ORDER BY asked DESC, score DESC, ids",
        {"pair": pairs, "member": clusters(pairs)},
    )


def cases_in(table: pa.Table, entity: str) -> list[Case]:
    """The cases of (a part of) `open_table`."""
    return [
        Case(entity, tuple(row["ids"]), row["asked"], row["score"], tuple(row["evidence"] or ()))
        for row in table.to_pylist()
    ]


def _open_pairs(workspace: Workspace, entity: Entity) -> pa.Table:
    """Pairs of records that both stand in the current snapshot, of those that were merged into them the best one."""
    path = _path(workspace, entity, "pairs")
    if not path.exists():
        return _NONE
    snapshot, history = workspace.current(), read_history(workspace)
    crosswalk = (
        f"SELECT id, canonical_id FROM ledger.crosswalk WHERE entity = '{entity.name}'"
        if knows_identity(snapshot)
        else "SELECT '' AS id, '' AS canonical_id WHERE false"
    )
    ids = f'SELECT "{entity.key[0]}" AS id FROM "{entity.name}"'
    return snapshot.engine.execute(
        f"WITH crosswalk AS ({crosswalk}), standing AS ({ids}), "
        f"placed AS (SELECT pair.*, coalesce(l.canonical_id, left_id) AS a, coalesce(r.canonical_id, right_id) AS b "
        f"FROM pair LEFT JOIN crosswalk l ON l.id = left_id LEFT JOIN crosswalk r ON r.id = right_id), "
        f"refused AS (SELECT coalesce(l.canonical_id, x) AS x, coalesce(r.canonical_id, y) AS y FROM different "
        f"LEFT JOIN crosswalk l ON l.id = x LEFT JOIN crosswalk r ON r.id = y) "
        f"SELECT least(a, b) AS left_id, greatest(a, b) AS right_id, score, evidence, decision FROM placed "
        f"SEMI JOIN standing one ON one.id = a SEMI JOIN standing other ON other.id = b "
        f"ANTI JOIN refused ON least(x, y) = least(a, b) AND greatest(x, y) = greatest(a, b) "
        f"LEFT JOIN decided p ON p.id = a LEFT JOIN decided q ON q.id = b "
        f"WHERE a <> b AND (p.n IS NULL OR p.n IS DISTINCT FROM q.n) "
        f"QUALIFY row_number() OVER (PARTITION BY least(a, b), greatest(a, b) ORDER BY score DESC) = 1",
        {
            "pair": pq.read_table(path, partitioning=None),
            "different": _different(history.standing("different"), entity.name),
            "decided": _decided(history.standing("same"), entity.name),
        },
    )


_NONE: Final = pa.table(
    {
        "left_id": pa.array([], pa.string()),
        "right_id": pa.array([], pa.string()),
        "score": pa.array([], pa.float64()),
        "evidence": pa.array([], pa.list_(pa.string())),
        "decision": pa.array([], pa.string()),
    }
)


def _different(decisions: Sequence[Decision], entity: str) -> pa.Table:
    """x, y: pairs that were said to be different."""
    pairs = [pair for one in decisions if one.entity == entity for pair in combinations(one.ids, 2)]
    return pa.table(
        {"x": pa.array([x for x, _ in pairs], pa.string()), "y": pa.array([y for _, y in pairs], pa.string())}
    )


def _decided(decisions: Sequence[Decision], entity: str) -> pa.Table:
    """id, n: records with the same number were said to be the same, though perhaps not published so yet."""
    numbered = enumerate(groups(one.ids for one in decisions if one.entity == entity))
    rows = [(id_, n) for n, group in numbered for id_ in group]
    return pa.table(
        {"id": pa.array([i for i, _ in rows], pa.string()), "n": pa.array([n for _, n in rows], pa.int64())}
    )


def _fresh(workspace: Workspace, entity: Entity, *, everything: bool) -> tuple[pa.Table, list[str]]:
    """All records with their fingerprints, and the ids of those that were not looked at as they are now."""
    seen = workspace.current().engine.execute(
        f'SELECT "{entity.key[0]}" AS id, max(_hash) AS hash FROM "{entity.name}" GROUP BY ALL ORDER BY ALL'
    )
    path = _path(workspace, entity, "matched")
    if everything or not path.exists():
        return seen, seen["id"].to_pylist()
    fresh = workspace.current().engine.execute(
        "SELECT id FROM seen ANTI JOIN matched USING (id, hash)",
        {"seen": seen, "matched": pq.read_table(path, partitioning=None)},
    )
    return seen, fresh["id"].to_pylist()


def _keep(
    workspace: Workspace, entity: Entity, found: pa.Table, seen: pa.Table, fresh: Sequence[str], now: dt.datetime
) -> Looked:
    """Put what was found in place of what was known of the same records."""
    stamped = found.append_column(
        "found_at", pa.array([now.astimezone(dt.UTC)] * found.num_rows, pa.timestamp("us", "UTC"))
    )
    path = _path(workspace, entity, "pairs")
    tables = {"found": stamped, "fresh": pa.table({"id": pa.array(fresh, pa.string())})}
    kept = "SELECT * FROM found WHERE decision <> 'leave'"
    if path.exists() and len(fresh) < seen.num_rows:
        tables["known"] = pq.read_table(path, partitioning=None)
        kept += " UNION ALL BY NAME SELECT * FROM known ANTI JOIN fresh ON fresh.id = left_id OR fresh.id = right_id"
    _write(path, workspace.current().engine.execute(kept, tables))
    _write(_path(workspace, entity, "matched"), seen)
    decisions = found["decision"].to_pylist()
    return Looked(len(fresh), decisions.count("merge"), decisions.count("ask"))


def _write(path: Path, table: pa.Table) -> None:
    staged = path.with_name(f"{path.name}.tmp")
    pq.write_table(table, staged)
    move_durably(staged, path)


def _thresholds(workspace: Workspace, entity: Entity) -> str:
    """Those of the last look; '' where none is known."""
    path = _mark(workspace, entity)
    return path.read_text("utf-8") if path.exists() else ""


def _mark(workspace: Workspace, entity: Entity) -> Path:
    return workspace.state / FOLDER / f"thresholds-{entity.name}.json"


def _path(workspace: Workspace, entity: Entity, what: str) -> Path:
    return workspace.state / FOLDER / f"{what}-{entity.name}.parquet"
