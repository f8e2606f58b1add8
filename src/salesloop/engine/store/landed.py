"""Landed deliveries: the bytes as received, never changed, named by their content."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.store.failure import said
from salesloop.engine.store.files import copy, sha256_of, sync_file, sync_folder, write_durably

_MESSAGES = Messages("salesloop.engine.store")
_ORIGINAL: Final = "original"
_CARD: Final = "batch.json"
_ID_LENGTH: Final = 12


@dataclass(frozen=True, slots=True)
class Batch:
    """One landed delivery. `batch_id` is the beginning of the SHA-256 of its bytes; `landed_at` is UTC.

    `sheets` are the tables that were ever read from it, in the order in which they were first seen: batch ids count on it.
    """

    batch_id: str
    file_name: str
    sha256: str
    size: int
    landed_at: dt.datetime
    original: Path
    sheets: tuple[str, ...]


class Landed:
    """The folder `.salesloop/landed`, one folder inside per delivery."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def identify(self, path: Path) -> str:
        """The id that `land` gives to a file with these bytes."""
        return sha256_of(path)[:_ID_LENGTH]

    def land(self, path: Path, sheets: Sequence[str], now: dt.datetime, *, name: str | None = None) -> Batch:
        """Keep the bytes of `path`, called `name`, and the names of the `sheets` read from it. The same bytes land once.

        The rows are read again from the bytes where they are needed. A second landing of the same bytes adds only sheets
        that were not read before.
        """
        with said(self.folder):
            return self._land(path, sheets, now, name or path.name)

    def _land(self, path: Path, sheets: Sequence[str], now: dt.datetime, name: str) -> Batch:
        digest = sha256_of(path)
        target = self.folder / digest[:_ID_LENGTH]
        staged = self.folder / f".{target.name}.{secrets.token_hex(4)}.tmp"
        staged.mkdir(parents=True)
        try:
            card = {
                "sha256": digest,
                "file_name": name,
                "size": path.stat().st_size,
                "landed_at": now.astimezone(dt.UTC).isoformat(),
                "tables": [{"sheet": sheet} for sheet in sheets],
            }
            if not (target / _CARD).exists():
                copy(path, staged / _ORIGINAL)
                (staged / _CARD).write_text(json.dumps(card, ensure_ascii=False, indent=1), "utf-8")
                for file in staged.iterdir():
                    sync_file(file)
                if _take_place(staged, target):
                    sync_folder(self.folder)
                    return _read_card(target)
            _add_sheets(target, sheets)
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

    def ids(self) -> set[str]:
        """The ids of all landed deliveries."""
        return {path.name for path in self._folders() if not path.name.startswith(".")}

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


def _take_place(staged: Path, target: Path) -> bool:
    """Whether this landing is the first of its bytes: two uploads of one file may land at the same moment."""
    try:
        staged.rename(target)
    except OSError:
        if not (target / _CARD).exists():
            raise
        return False
    return True


def _add_sheets(target: Path, sheets: Sequence[str]) -> None:
    card = json.loads((target / _CARD).read_text("utf-8"))
    known = [table["sheet"] for table in card["tables"]]
    fresh = [sheet for sheet in sheets if sheet not in known]
    if fresh:
        card["tables"] += [{"sheet": sheet} for sheet in fresh]
        write_durably(target / _CARD, json.dumps(card, ensure_ascii=False, indent=1).encode())


def _read_card(folder: Path) -> Batch:
    card = json.loads((folder / _CARD).read_text("utf-8"))
    return Batch(
        batch_id=folder.name,
        file_name=card["file_name"],
        sha256=card["sha256"],
        size=card["size"],
        landed_at=dt.datetime.fromisoformat(card["landed_at"]),
        original=folder / _ORIGINAL,
        sheets=tuple(table["sheet"] for table in card["tables"]),
    )
