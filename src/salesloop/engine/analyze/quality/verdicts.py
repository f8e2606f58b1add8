"""What stewards said of records that fail: accepted ones are right as they are, rejected ones go back to whoever owns them.

A verdict holds for the record as it stood: `mark` is a fingerprint of its published values. A record that changed since is judged
anew. The app is where verdicts are made; what it hands over here is all that stands in force, so that pages, the command line and
findings count alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Final, Literal

import pyarrow as pa

from salesloop.engine.clean.values.cells import ident, literal
from salesloop.engine.model.entity import Entity
from salesloop.engine.store import Workspace
from salesloop.engine.store.files import write_durably

Word = Literal["accepted", "rejected"]
_FILE: Final = "quality_verdicts.json"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One word on one record and one check. `key`: each key field as text, in the order of the entity's key."""

    entity: str
    key: tuple[str, ...]
    check: str
    word: Word
    mark: str


def publish_verdicts(workspace: Workspace, verdicts: Iterable[Verdict]) -> None:
    """Replace all verdicts in force. Every question about quality sees them from now on; no snapshot is needed."""
    folder = workspace.entered.folder
    folder.mkdir(parents=True, exist_ok=True)
    write_durably(folder / _FILE, json.dumps([asdict(each) for each in verdicts], ensure_ascii=False).encode())


def verdicts_of(workspace: Workspace) -> tuple[Verdict, ...]:
    """All verdicts in force."""
    path = workspace.entered.folder / _FILE
    if not path.exists():
        return ()
    return tuple(Verdict(**(each | {"key": tuple(each["key"])})) for each in json.loads(path.read_text("utf-8")))


def mark_sql(entity: Entity, columns: Iterable[str], alias: str = "t") -> str:
    """SQL: the fingerprint of a record's published values. A field that is blank leaves no trace, so new fields change nothing."""
    present = set(columns)
    parts = [
        f"{literal(field.name + '=')} || CAST({alias}.{ident(field.name)} AS VARCHAR)"
        for field in entity.fields
        if field.name in present
    ]
    return f"md5(concat_ws(chr(31), {', '.join(parts)}))"


def same_key(entity: Entity, alias: str = "t", key: str = "v.key") -> str:
    """SQL: whether a record has the key that stands as texts in the list `key`."""
    return " AND ".join(
        f"CAST({alias}.{ident(name)} AS VARCHAR) = {key}[{place}]" for place, name in enumerate(entity.key, 1)
    )


def as_table(verdicts: Sequence[Verdict], bits: dict[str, int]) -> pa.Table:
    """Verdicts on one entity as a table to join with: key, bit of the check, word, mark. Checks without a bit stay away."""
    known = [each for each in verdicts if each.check in bits]
    return pa.table(
        {
            "key": pa.array([list(each.key) for each in known], pa.list_(pa.string())),
            "bit": pa.array([bits[each.check] for each in known], pa.uint64()),
            "word": pa.array([each.word for each in known], pa.string()),
            "mark": pa.array([each.mark for each in known], pa.string()),
        }
    )
