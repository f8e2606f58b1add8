"""The crosswalk as a file, to be handed back to the systems that the records came from."""

from __future__ import annotations

from pathlib import Path

from salesloop.engine.model.text import Lang, Messages
from salesloop.engine.pipeline.handout import write_table
from salesloop.engine.pipeline.identity.deciding import knows_identity
from salesloop.engine.store import Workspace

_MESSAGES = Messages("salesloop.engine.pipeline")
_HEADS = ("entity", "source", "id", "name", "canonical_id", "canonical_name", "decided_by", "decided_at", "why")


def export_crosswalk(workspace: Workspace, path: Path, lang: Lang) -> int:
    """Write every id that stands for another to `path` (.xlsx or .csv); the number of ids. Moments are UTC."""
    heads = [_MESSAGES.say(f"head_{name}", lang) for name in _HEADS]
    lines = [[row[name] or "" for name in _HEADS] for row in crosswalk(workspace)]
    for line in lines:
        line[0] = workspace.model.entity(line[0]).label.get(lang)
    write_table(path, heads, lines)
    return len(lines)


def crosswalk(workspace: Workspace) -> list[dict[str, str | None]]:
    """The ids that stand for another, by entity and canonical id, as texts."""
    snapshot = workspace.current()
    if not knows_identity(snapshot):
        return []
    names = " UNION ALL ".join(
        f'SELECT \'{entity.name}\' AS entity, "{entity.key[0]}" AS id, "{entity.name_field}" AS name '
        f"FROM \"{entity.name}\" UNION ALL SELECT entity, id, record ->> '{entity.name_field}' FROM ledger.merged "
        f"WHERE entity = '{entity.name}' AND id <> canonical_id"
        for entity in workspace.model.dimensions
        if entity.name_field is not None
    )
    return snapshot.rows(
        f"WITH names AS (SELECT entity, id, any_value(name) AS name FROM ({names}) GROUP BY ALL) "
        f"SELECT entity, source_system AS source, id, own.name, canonical_id, canonical.name AS canonical_name, "
        f"decided_by, strftime(decided_at, '%Y-%m-%d %H:%M:%S') AS decided_at, why FROM ledger.crosswalk "
        f"LEFT JOIN names own USING (entity, id) "
        f"LEFT JOIN names canonical ON canonical.entity = crosswalk.entity AND canonical.id = canonical_id "
        f"WHERE crosswalk.id <> canonical_id ORDER BY entity, canonical_id, id"
    )
