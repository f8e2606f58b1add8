"""A workspace: one folder with the definitions that people write and the warehouse that is built from deliveries."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Final, Self

from salesloop.engine.model.entity import Model
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.loader import load_model
from salesloop.engine.model.text import Messages
from salesloop.engine.store import writing
from salesloop.engine.store.config import CONFIG_FILE, WorkspaceConfig, read_config, write_config
from salesloop.engine.store.entered import Entered
from salesloop.engine.store.failure import said
from salesloop.engine.store.landed import Landed
from salesloop.engine.store.lock import writer_lock
from salesloop.engine.store.remote.definition import MESSAGES as REMOTE_MESSAGES
from salesloop.engine.store.remote.source import Remote
from salesloop.engine.store.snapshot import Snapshot, SnapshotInfo, Snapshots, mark
from salesloop.engine.store.writing import Building

_MESSAGES = Messages("salesloop.engine.store")
DEFINITIONS: Final = ("sources", "metrics", "checks", "quality", "reports", "standards", "entities", "engine")


class Workspace:
    """An existing workspace folder. `config` and `model` are read once, when first asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.state = path / ".salesloop"
        self.app_database = self.state / "app.sqlite3"

    @classmethod
    def create(cls, path: Path | str, **settings: object) -> Self:
        """Make a workspace in a new or empty-of-workspaces folder. `settings` are those of `WorkspaceConfig`."""
        folder = Path(path).absolute()
        if (folder / CONFIG_FILE).exists():
            raise UserError(_MESSAGES.message("workspace_exists", folder=str(folder)))
        if "?" in str(folder):  # DuckDB takes it for the beginning of options
            raise UserError(_MESSAGES.message("folder_name", folder=str(folder)))
        if folder.exists() and not folder.is_dir():
            raise UserError(_MESSAGES.message("not_a_folder", folder=str(folder)))
        workspace = cls(folder)
        with said(folder):
            for name in DEFINITIONS:
                (folder / name).mkdir(parents=True, exist_ok=True)
        with workspace.locked(), said(folder):
            workspace.snapshot_files.folder.mkdir(parents=True, exist_ok=True)
            writing.create_empty(workspace.snapshot_files, workspace.model)
            write_config(folder, settings)  # last: the folder is a workspace once it is complete
        return workspace

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """UserError where the folder is no workspace or its settings are wrong."""
        folder = Path(path).absolute()
        if not (folder / CONFIG_FILE).is_file():
            raise UserError(_MESSAGES.message("no_workspace", folder=str(folder)))
        workspace = cls(folder)
        workspace.config  # noqa: B018 - wrong settings are reported here, not somewhere later
        return workspace

    @cached_property
    def config(self) -> WorkspaceConfig:
        return read_config(self.path)

    @cached_property
    def model(self) -> Model:
        """The built-in entities with the workspace's `entities/*.yaml` over them."""
        return load_model(self.path / "entities")

    @cached_property
    def landed(self) -> Landed:
        return Landed(self.state / "landed")

    @cached_property
    def entered(self) -> Entered:
        return Entered(self.state / "entered", self.model)

    @cached_property
    def snapshot_files(self) -> Snapshots:
        return Snapshots(self.state / "snapshots", self.model)

    def locked(self, wait: float = 0.0) -> AbstractContextManager[None]:
        """Keep every other writer out; `WriterBusy` where one still writes after `wait` seconds."""
        return writer_lock(self.state / "writer.lock", wait)

    @cached_property
    def remote(self) -> Remote | None:
        """The company's own engine; None where the data are in snapshot files."""
        address = self.config.engine_address
        if address is None:
            return None
        return Remote(self.path, address, self.config, self.model, self.locked, self.snapshot_files.current)

    def current(self) -> Snapshot:
        """The snapshot that is published now; snapshot 0, without rows, in a new workspace.

        On the company's own engine: what it holds, as of the last look.
        """
        return self.snapshot_files.current() if self.remote is None else self.remote.current()

    def current_mark(self) -> object:
        """What tells the current snapshot from any other, without opening it."""
        if self.remote is not None:
            return self.remote.current().identity
        number = self.snapshot_files.current_number()
        return (number, mark(self.snapshot_files.path(number)))

    def snapshot(self, number: int) -> Snapshot:
        """A kept snapshot. UserError where it is not kept; of another engine only the current state is."""
        if self.remote is None:
            return self.snapshot_files.get(number)
        current = self.remote.current()
        if current.number != number:
            message = _MESSAGES.message("no_such_snapshot", number=number, known=[str(current.number)])
            raise UserError(message)
        return current

    def snapshots(self) -> list[SnapshotInfo]:
        """Kept snapshots, newest first."""
        if self.remote is None:
            return self.snapshot_files.infos()
        current = self.remote.current()
        return [SnapshotInfo(current.number, current.published_at, None, current.reason, 0, is_current=True)]

    def rollback(self, number: int) -> Snapshot:
        """Make a kept snapshot current again. Later ones stay until pruned, so a rollback can be rolled back."""
        self._must_be_here()
        with self.locked():
            snapshot = self.snapshot_files.get(number)
            self.snapshot_files.point_at(number)
            return snapshot

    @contextmanager
    def writing(self, now: dt.datetime, reason: str, *, wait: float = 0.0) -> Iterator[Building]:
        """Build the next snapshot; it is published when the block ends, unless it raised or called `discard`.

        `WriterBusy` where another process still writes after `wait` seconds; UserError where the data are elsewhere.
        """
        self._must_be_here()
        with (
            self.locked(wait),
            said(self.path),
            writing.build(self.snapshot_files, self.model, now, reason, self.config.keep_snapshots) as building,
        ):
            self.landed.remove_leftovers()
            yield building

    @contextmanager
    def rehearsing(self) -> Iterator[Building]:
        """A writable copy of the current snapshot that is thrown away at the end."""
        self._must_be_here()
        with (
            tempfile.TemporaryDirectory(prefix="salesloop-") as folder,
            writing.rehearse(self.snapshot_files, self.model, Path(folder)) as building,
        ):
            yield building

    def _must_be_here(self) -> None:
        """Only what is in files of ours can be written by us."""
        if self.remote is not None:
            raise UserError(REMOTE_MESSAGES.message("not_here", engine=str(self.remote.address)))
