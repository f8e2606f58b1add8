"""What people enter in the app (targets, talks, corrections), as small Parquet files beside the snapshots.

Of each entity there is the file of all rows and, where rows were put in one by one, a short file of the newest ones before it: to
write one row down costs the same however many there are.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.store.engines.quiet import connect
from salesloop.engine.store.files import move_durably

FRESH: Final = 500
"""So many rows stand in the short file before they are folded into the long one."""


PLAN: Final = "plan"
PLAN_RATE: Final = "plan_rate"
_LIKE: Final = {PLAN: "target", PLAN_RATE: "exchange_rate"}
"""Tables beside those of entities, with the fields of one: the targets of a year as they were approved first; the rates
by which targets of a year in another currency count, from its first day on."""


class Entered:
    """The folder `.salesloop/entered`. A query sees a written table at once; no snapshot is needed."""

    def __init__(self, folder: Path, model: Model) -> None:
        self.folder = folder
        self._model = model

    def write(self, entity: str, table: pa.Table) -> None:
        """Replace everything entered for an entity. Columns are its fields; those left out are NULL."""
        typed = _typed(table, self._declared(entity))
        self._keep(typed, self._path(entity))
        self._fresh(entity).unlink(missing_ok=True)

    def put(self, entity: str, table: pa.Table) -> None:
        """Enter these rows, in the place of those with the same keys. Columns as in `write`; the caller is the only writer."""
        declared = self._declared(entity)
        path, fresh = self._path(entity), self._fresh(entity)
        newest = _overlaid(_stored(fresh, declared), _typed(table, declared), declared)
        if newest.num_rows < FRESH:
            self._keep(newest, fresh)
            return
        self._keep(_overlaid(_stored(path, declared), newest, declared), path)
        fresh.unlink(missing_ok=True)

    def read(self, entity: str) -> pa.Table:
        """All entered rows with every field of the entity in its warehouse type; no rows where nothing was entered."""
        declared = self._declared(entity)
        newest = _stored(
            self._fresh(entity), declared
        )  # first: rows that are folded meanwhile are then read twice, not missed
        return _overlaid(_stored(self._path(entity), declared), newest, declared)

    def entities(self) -> list[str]:
        """Entities (and what is kept like one) for which something is entered."""
        names = {path.name.split(".")[0] for path in self.folder.glob("*.parquet")} if self.folder.is_dir() else set()
        return [name for name in (*(entity.name for entity in self._model.entities), *_LIKE) if name in names]

    def version(self) -> str:
        """Changes whenever anything is written."""
        files = sorted(self.folder.glob("*.parquet")) if self.folder.is_dir() else []
        marks = [(path.name, (stat := path.stat()).st_mtime_ns, stat.st_size, stat.st_ino) for path in files]
        return hashlib.sha256(repr(marks).encode()).hexdigest()[:16]

    def _keep(self, rows: pa.Table, path: Path) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        staged = path.with_suffix(".parquet.tmp")
        pq.write_table(rows, staged)
        move_durably(staged, path)

    def _fresh(self, entity: str) -> Path:
        self._declared(entity)
        return self.folder / f"{entity}.fresh.parquet"

    def _path(self, entity: str) -> Path:
        self._declared(entity)
        return self.folder / f"{entity}.parquet"

    def _declared(self, name: str) -> Entity:
        return self._model.entity(_LIKE.get(name, name))


def _stored(path: Path, entity: Entity) -> pa.Table:
    """The rows of a file; none where there is no file, or where it was folded into the other just now."""
    try:
        return _typed(pq.read_table(path, partitioning=None), entity)
    except FileNotFoundError:
        return _typed(pa.table({}), entity)


def _overlaid(older: pa.Table, newer: pa.Table, entity: Entity) -> pa.Table:
    """Both, of two rows with one key the newer."""
    if not newer.num_rows or not older.num_rows:
        return newer if newer.num_rows else older
    same = " AND ".join(f'older."{key}" IS NOT DISTINCT FROM newer."{key}"' for key in entity.key)
    con = connect()
    try:
        con.register("older", older)
        con.register("newer", newer)
        return con.sql(
            f"SELECT * FROM older WHERE NOT EXISTS (FROM newer WHERE {same}) UNION ALL SELECT * FROM newer"
        ).to_arrow_table()
    finally:
        con.close()


def _typed(table: pa.Table, entity: Entity) -> pa.Table:
    columns = ", ".join(
        f'CAST({f"""entered."{field.name}" """ if field.name in table.column_names else "NULL"} AS {field.warehouse_type})'
        f' AS "{field.name}"'
        for field in entity.fields
    )
    con = connect()
    try:
        con.register("entered", table if table.num_columns else pa.table({"nothing": pa.array([], pa.int8())}))
        return con.sql(f"SELECT {columns} FROM entered").to_arrow_table()
    finally:
        con.close()
