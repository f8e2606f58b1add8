"""Small tables to clean, and what came out as plain Python."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Map
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from salesloop.engine.clean import Cleaned, CleanEntity, clean
from salesloop.engine.collect.mapping import Mapping
from salesloop.engine.collect.raw import BROKEN_SCHEMA, RawTable
from salesloop.engine.model.loader import load_model
from salesloop.engine.store.config import WorkspaceConfig

MODEL = load_model()
CONFIG = WorkspaceConfig()


def raw_table(
    columns: Map[str, Sequence[str | None]],
    *,
    units: Map[str, str] | None = None,
    sheet_unit: str | None = None,
    broken: Sequence[tuple[int, str]] = (),
) -> RawTable:
    """A table under a header in row 1; its rows begin in row 2."""
    height = len(next(iter(columns.values())))
    data = pa.table({"_row": list(range(2, height + 2))} | {n: pa.array(v, pa.string()) for n, v in columns.items()})
    lost = [{"_row": row, "raw": text, "reason": "ragged_row"} for row, text in broken]
    return RawTable(
        name="表",
        columns=tuple(columns),
        data=data,
        header_row=1,
        units=units or {},
        sheet_unit=sheet_unit,
        broken=pa.Table.from_pylist(lost, BROKEN_SCHEMA),
    )


def mapping(entity: str, columns: Map[str, str | Sequence[str]], **parts: Any) -> Mapping:
    """Column → the field or fields that it feeds; fields of `entity` without its name."""
    pairs = [
        {"column": column, "field": field if "." in field else f"{entity}.{field}"}
        for column, fields in columns.items()
        for field in ([fields] if isinstance(fields, str) else fields)
    ]
    return Mapping.model_validate({"name": "test", "entity": entity, "columns": pairs, **parts})


@dataclass(frozen=True)
class Outcome:
    """`con` still has the relations of `cleaned`."""

    con: duckdb.DuckDBPyConnection
    cleaned: Cleaned

    def entity(self, name: str, *, primary: bool | None = None) -> CleanEntity:
        found = [e for e in self.cleaned.entities if e.entity == name and primary in (None, e.primary)]
        assert len(found) == 1, [e.entity for e in self.cleaned.entities]
        return found[0]

    def records(self, name: str, *, primary: bool | None = None) -> list[dict[str, Any]]:
        """The records of an entity in the order of their rows, without `_hash`."""
        relation = self.entity(name, primary=primary).relation
        return self._dicts(f"SELECT * EXCLUDE (_hash) FROM {relation} ORDER BY _row, 1")

    def column(self, name: str, field: str) -> list[Any]:
        return [record[field] for record in self.records(name)]

    def quarantine(self) -> list[dict[str, Any]]:
        rows = self._dicts(f"SELECT * FROM {self.cleaned.quarantine} ORDER BY entity, row")
        return [row | {"params": json.loads(row["params"]), "raw": json.loads(row["raw"])} for row in rows]

    def cells(self) -> list[tuple[Any, ...]]:
        return self.con.execute(f"SELECT * FROM {self.cleaned.cells} ORDER BY ALL").fetchall()

    def repairs(self) -> list[tuple[Any, ...]]:
        return self.con.execute(f"SELECT * FROM {self.cleaned.repairs} ORDER BY ALL").fetchall()

    def hashes(self) -> dict[int, int]:
        return dict(self.con.execute(f"SELECT _row, _hash FROM {self.cleaned.primary.relation}").fetchall())

    def _dicts(self, query: str) -> list[dict[str, Any]]:
        cursor = self.con.execute(query)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@contextmanager
def cleaned(raw: RawTable, how: Mapping) -> Iterator[Outcome]:
    with duckdb.connect() as con:
        yield Outcome(con, clean(con, raw, how, MODEL, CONFIG))
