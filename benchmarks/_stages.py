"""CPU seconds of an import, stage by stage."""

from __future__ import annotations

from benchmarks._apart import cpu_seconds
from salesloop.engine.pipeline.progress import Stage


class Stages:
    """A progress that adds up what each stage costs. `spent` has every stage that is over."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._stage, self._since = "start", cpu_seconds()

    def stage(self, name: Stage, done: int, total: int, rows: int) -> None:  # noqa: ARG002 - as a progress is told
        now = cpu_seconds()
        self.spent[self._stage] = self.spent.get(self._stage, 0.0) + now - self._since
        self._stage, self._since = name, now

    @property
    def roll_ups(self) -> float:
        return self.spent.get("roll_up", 0.0)
