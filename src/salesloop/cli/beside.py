"""The worker beside the web server: a process of its own, so that an import never slows a page down."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

_REST = 2.0  # seconds before a worker that ended is started again


@contextlib.contextmanager
def worker_beside(workspace: Path) -> Iterator[None]:
    """Run `salesloop worker` while the block runs; start it again should it end.

    It holds the other end of its standard input: however this process ends, the worker sees that and ends, too.
    """
    stopped = threading.Event()
    keeper = _Keeper(workspace, stopped)
    keeper.start()
    try:
        yield
    finally:
        stopped.set()
        keeper.end()
        keeper.join(timeout=10)


class _Keeper(threading.Thread):
    def __init__(self, workspace: Path, stopped: threading.Event) -> None:
        super().__init__(daemon=True, name="worker-keeper")
        self._command = [sys.executable, "-m", "salesloop.cli", "-w", str(workspace), "worker", "--with-parent"]
        self._stopped = stopped
        self._process: subprocess.Popen[bytes] | None = None
        self._guard = threading.Lock()

    def run(self) -> None:
        while not self._stopped.is_set():
            with self._guard:
                if self._stopped.is_set():
                    return
                self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE)  # noqa: S603 - our own program
            self._process.wait()
            self._stopped.wait(_REST)

    def end(self) -> None:
        """Close the worker's standard input: it ends at once."""
        with self._guard:
            if self._process is not None and self._process.stdin is not None:
                self._process.stdin.close()
