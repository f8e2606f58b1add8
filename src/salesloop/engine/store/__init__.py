"""The store: a workspace folder, landed deliveries, snapshots with one writer and many readers, engines."""

from salesloop.engine.store.config import WorkspaceConfig
from salesloop.engine.store.engines import Engine
from salesloop.engine.store.landed import Batch
from salesloop.engine.store.lock import WriterBusy
from salesloop.engine.store.snapshot import Freshness, Snapshot, SnapshotInfo
from salesloop.engine.store.workspace import Workspace
from salesloop.engine.store.writing import Building

__all__ = [
    "Batch",
    "Building",
    "Engine",
    "Freshness",
    "Snapshot",
    "SnapshotInfo",
    "Workspace",
    "WorkspaceConfig",
    "WriterBusy",
]
