"""The company's engine of one workspace: opened once, looked at now and then."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Lock

from salesloop.engine.model.entity import Model
from salesloop.engine.model.errors import UserError
from salesloop.engine.store.config import WorkspaceConfig
from salesloop.engine.store.engines import Engine
from salesloop.engine.store.engines.address import Address
from salesloop.engine.store.engines.opening import open_engine
from salesloop.engine.store.remote.definition import FOLDER, MESSAGES, load_views
from salesloop.engine.store.remote.mapped import COLLATIONS, MappedEngine
from salesloop.engine.store.remote.snapshot import RemoteSnapshot
from salesloop.engine.store.remote.state import look, numbered
from salesloop.engine.store.remote.view import Canon
from salesloop.engine.store.snapshot import Snapshot

_WAIT_SECONDS = 30.0


class Remote:
    """The source of snapshots of a workspace whose data are on another engine.

    `locked` keeps other processes out while a state gets its number; `own` is the workspace's own (empty) snapshot.
    """

    def __init__(
        self,
        folder: Path,
        address: Address,
        config: WorkspaceConfig,
        model: Model,
        locked: Callable[[float], AbstractContextManager[None]],
        own: Callable[[], Snapshot],
    ) -> None:
        self.address, self._config, self._model = address, config, model
        self._folder, self._locked, self._own = folder, locked, own
        self._engine: Engine | None = None
        self._current: RemoteSnapshot | None = None
        self._looked = 0.0
        self._guard = Lock()

    @property
    def engine(self) -> Engine:
        """The engine itself, which knows the company's tables only."""
        if self._engine is None:
            self._engine = open_engine(self.address, self._config.timezone)
        return self._engine

    def mapped(self) -> MappedEngine:
        """The engine with the views as they are written now. UserError where they are wrong, or there are none."""
        views = load_views(self._folder / FOLDER, self._model)
        if not views:
            raise UserError(MESSAGES.message("no_views", engine=str(self.address)))
        collation = COLLATIONS.get(self.engine.dialect)
        return MappedEngine(self.engine, Canon(views, self._model, self._config.currency, collation))

    def current(self) -> Snapshot:
        """What the engine holds, as of the last look; looked at anew after `engine_refresh` seconds."""
        with self._guard:
            passed = time.monotonic() - self._looked
            if self._current is None or passed >= self._config.engine_refresh:
                self._current = self._seen()
                self._looked = time.monotonic()
            return self._current

    def _seen(self) -> RemoteSnapshot:
        engine = self.mapped()
        seen = look(engine, self._config.zone, engine.canon.views)
        before = self._current
        if before is not None and before.state.fingerprint == seen.fingerprint:
            return before
        with self._locked(_WAIT_SECONDS):
            state = numbered(self._folder / ".salesloop", seen.fingerprint)
        return RemoteSnapshot(state, seen, engine, self._own())
