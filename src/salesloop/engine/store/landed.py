"""Landed deliveries: the bytes as received and the rows as read, never changed, named by their content."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.store.failure import said
from salesloop.engine.store.files import copy, sha256_of, sync_file, sync_folder, write_durably

_MESSAGES = Messages("salesloop.engine.store")
_ORIGINAL: Final = "original"
_CARD: Final = "batch.json"
_ID_LENGTH: Final = 12


@dataclass(frozen=True, slots=True)
class LandedTable:
    """The rows of one sheet (or of the whole file) as text, in Parquet. `sheet` is what the reader called it."""

    sheet: str
    path: Path
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Batch:
    """One landed delivery. `batch_id` is the beginning of the SHA-256 of its bytes; `landed_at` is UTC."""

    batch_id: str
    file_name: str
    sha256: str
    size: int
    landed_at: dt.datetime
    original: Path
    tables: tuple[LandedTable, ...]

    def read(self, sheet: str) -> pa.Table:
        """The rows of one sheet. UserError where the delivery has no such sheet."""
        for table in self.tables:
            if table.sheet == sheet:
                return pq.read_table(table.path, partitioning=None)
        raise UserError(_MESSAGES.message("no_landed_sheet", batch=self.batch_id), file=self.file_name, sheet=sheet)


class Landed:
    """The folder `.salesloop/landed`, one folder inside per delivery."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def identify(self, path: Path) -> str:
        """The id that `land` gives to a file with these bytes."""
        return sha256_of(path)[:_ID_LENGTH]

    def land(self, path: Path, tables: Mapping[str, pa.Table], now: dt.datetime, *, name: str | None = None) -> Batch:
        """Keep the bytes of `path`, called `name`, and its `tables` (by sheet name). The same bytes land once.

        A second landing of the same bytes adds only tables that were not read before (another sheet, another
        encoding); the last reading of a sheet is the one that `Batch.read` returns.
        """
        with said(self.folder):
            return self._land(path, tables, now, name or path.name)

    def _land(self, path: Path, tables: Mapping[str, pa.Table], now: dt.datetime, name: str) -> Batch:
        digest = sha256_of(path)
        target = self.folder / digest[:_ID_LENGTH]
        staged = self.folder / f".{target.name}.{secrets.token_hex(4)}.tmp"
        staged.mkdir(parents=True)
        try:
            written = [_write_table(staged, sheet, table) for sheet, table in tables.items()]
            card = {
                "sha256": digest,
                "file_name": name,
                "size": path.stat().st_size,
                "landed_at": now.astimezone(dt.UTC).isoformat(),
                "tables": written,
            }
            if not (target / _CARD).exists():
                copy(path, staged / _ORIGINAL)
                (staged / _CARD).write_text(json.dumps(card, ensure_ascii=False, indent=1), "utf-8")
                for file in staged.iterdir():
                    sync_file(file)
                if _take_place(staged, target):
                    sync_folder(self.folder)
                    return _read_card(target)
            _add_tables(target, staged, written)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
        return _read_card(target)

    def batches(self) -> list[Batch]:
        """All landed deliveries, oldest first."""
        return sorted(self._read_all(), key=lambda batch: (batch.landed_at, batch.batch_id))

    def batch(self, batch_id: str) -> Batch:
        """One delivery. UserError where it was never landed."""
        folder = self.folder / batch_id
        if not (folder / _CARD).is_file() or folder.parent != self.folder:
            raise UserError(_MESSAGES.message("no_such_batch", batch=batch_id))
        return _read_card(folder)

    def has(self, path: Path) -> bool:
        """Whether a file with these bytes has landed."""
        return (self.folder / self.identify(path) / _CARD).is_file()

    def remove(self, batch_id: str) -> None:
        """Give up a delivery that no snapshot speaks of. Only for the holder of the writer's lock."""
        shutil.rmtree(self.batch(batch_id).original.parent)

    def leftovers(self) -> list[Path]:
        """Folders of landings that a crash cut short."""
        return [path for path in self._folders() if path.name.startswith(".")]

    def remove_leftovers(self) -> None:
        """Delete what a crash cut short. Only for the holder of the writer's lock, under which deliveries land."""
        for path in self.leftovers():
            shutil.rmtree(path, ignore_errors=True)

    def _read_all(self) -> Iterator[Batch]:
        for path in self._folders():
            if not path.name.startswith("."):
                yield _read_card(path)

    def _folders(self) -> list[Path]:
        return sorted(path for path in self.folder.iterdir() if path.is_dir()) if self.folder.is_dir() else []


def _write_table(folder: Path, sheet: str, table: pa.Table) -> dict[str, object]:
    staged = folder / "table.parquet"
    pq.write_table(table, staged, compression="zstd")
    digest = sha256_of(staged)
    name = f"{digest[:_ID_LENGTH]}.parquet"
    staged.rename(folder / name)
    return {"sheet": sheet, "file": name, "rows": table.num_rows, "sha256": digest}


def _take_place(staged: Path, target: Path) -> bool:
    """Whether this landing is the first of its bytes: two uploads of one file may land at the same moment."""
    try:
        staged.rename(target)
    except OSError:
        if not (target / _CARD).exists():
            raise
        return False
    return True


def _add_tables(target: Path, staged: Path, written: list[dict[str, object]]) -> None:
    card = json.loads((target / _CARD).read_text("utf-8"))
    if all(table in card["tables"] for table in written):
        return
    for table in written:
        name = str(table["file"])
        if not (target / name).exists():
            sync_file(staged / name)
            (staged / name).rename(target / name)
    by_sheet = {table["sheet"]: table for table in card["tables"]}  # keeps the place of a sheet: batch ids count on it
    card["tables"] = list((by_sheet | {table["sheet"]: table for table in written}).values())
    write_durably(target / _CARD, json.dumps(card, ensure_ascii=False, indent=1).encode())


def _read_card(folder: Path) -> Batch:
    card = json.loads((folder / _CARD).read_text("utf-8"))
    tables = tuple(LandedTable(t["sheet"], folder / t["file"], t["rows"], t["sha256"]) for t in card["tables"])
    return Batch(
        batch_id=folder.name,
        file_name=card["file_name"],
        sha256=card["sha256"],
        size=card["size"],
        landed_at=dt.datetime.fromisoformat(card["landed_at"]),
        original=folder / _ORIGINAL,
        tables=tables,
    )
