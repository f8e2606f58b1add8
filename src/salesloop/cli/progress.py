"""A progress bar for imports."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from salesloop.cli.common import lang, say
from salesloop.engine.model.text import Text
from salesloop.engine.pipeline.progress import STAGES, Stage

_STAGE_NAMES: Final[dict[Stage, Text]] = {
    "read": Text("读取", "Reading"),
    "land": Text("保存原件", "Keeping the original"),
    "clean": Text("清洗", "Cleaning"),
    "store": Text("入库", "Storing"),
    "resolve": Text("关联", "Resolving"),
    "check": Text("检查", "Checking"),
    "roll_up": Text("汇总", "Summing up", "彙總"),
    "publish": Text("发布", "Publishing", "發布"),
}
_WEIGHTS: Final[dict[Stage, int]] = {
    "read": 30,
    "land": 5,
    "clean": 35,
    "store": 15,
    "resolve": 8,
    "check": 4,
    "roll_up": 15,
    "publish": 3,
}


class Shown:
    """A progress bar on standard error, with rows per second and the time left. Nothing where nobody watches."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled and sys.stderr.isatty()
        self._started = time.monotonic()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TextColumn("{task.fields[speed]}"),
            TimeRemainingColumn(),
            console=Console(file=sys.stderr),
            transient=True,
        )
        self._task = self._bar.add_task("", total=sum(_WEIGHTS.values()), speed="")

    def __enter__(self) -> Self:
        if self._enabled:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._enabled:
            self._bar.stop()

    def stage(self, name: Stage, done: int, total: int, rows: int) -> None:
        """Called by the import."""
        before = sum(_WEIGHTS[stage] for stage in STAGES[: STAGES.index(name)])
        share = done / total if total else 1.0
        speed = rows / max(time.monotonic() - self._started, 0.001)
        self._bar.update(
            self._task,
            completed=before + _WEIGHTS[name] * share,
            description=_STAGE_NAMES[name].get(lang()),
            speed=say("{n:,.0f} 行/秒", "{n:,.0f} rows/s", "{n:,.0f} 列/秒", n=speed) if rows else "",
        )
