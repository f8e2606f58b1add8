"""What people enter in the app (targets, corrections), as one small Parquet file per entity beside the snapshots."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.store.engines.quiet import connect
from salesloop.engine.store.files import move_durably


class Entered:
    """The folder `.salesloop/entered`. A query sees a written table at once; no snapshot is needed."""

    def __init__(self, folder: Path, model: Model) -> None:
        self.folder = folder
        self._model = model

    def write(self, entity: str, table: pa.Table) -> None:
        """Replace everything entered for an entity. Columns are its fields; those left out are NULL."""
        typed = _typed(table, self._model.entity(entity))
        self.folder.mkdir(parents=True, exist_ok=True)
        staged = self.folder / f"{entity}.parquet.tmp"
        pq.write_table(typed, staged)
        move_durably(staged, self._path(entity))

    def read(self, entity: str) -> pa.Table:
        """All entered rows with every field of the entity in its warehouse type; no rows where nothing was entered."""
        declared = self._model.entity(entity)
        path = self._path(entity)
        return _typed(pq.read_table(path, partitioning=None) if path.exists() else pa.table({}), declared)

    def entities(self) -> list[str]:
        """Entities for which something is entered."""
        names = {path.stem for path in self.folder.glob("*.parquet")} if self.folder.is_dir() else set()
        return [entity.name for entity in self._model.entities if entity.name in names]

    def version(self) -> str:
        """Changes whenever anything is written."""
        files = sorted(self.folder.glob("*.parquet")) if self.folder.is_dir() else []
        marks = [(path.name, (stat := path.stat()).st_mtime_ns, stat.st_size, stat.st_ino) for path in files]
        return hashlib.sha256(repr(marks).encode()).hexdigest()[:16]

    def _path(self, entity: str) -> Path:
        return self.folder / f"{self._model.entity(entity).name}.parquet"


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
