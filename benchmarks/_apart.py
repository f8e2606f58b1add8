"""Runs one contender in a process of its own, so that its CPU seconds and its memory are its own too."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.queues import Queue
from typing import Any


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall and CPU seconds (user and system, with children) of a call, the peak memory of its process, what it returned."""

    seconds: float
    cpu: float
    peak_mb: int
    found: Any = None

    def line(self, name: str, rival: Cost) -> dict[str, object]:
        """A line of the table: this cost, and how many times the rival's CPU it is."""
        return {
            "what": name,
            "CPU s": round(self.cpu, 2),
            "× rival": round(self.cpu / rival.cpu, 2),
            "seconds": round(self.seconds, 2),
            "peak MB": self.peak_mb,
        }


def apart(target: Callable[..., object], *arguments: object) -> Cost:
    """The cost of `target(*arguments)`, both found by import; what it loads first (imports) does not count."""
    context = multiprocessing.get_context("spawn")
    answers: Queue[Cost] = context.Queue()
    process = context.Process(target=_measured, args=(target, arguments, answers))
    process.start()
    process.join()
    if process.exitcode != 0:
        raise SystemExit(f"the measured process ended with {process.exitcode}")
    return answers.get()


def _measured(target: Callable[..., object], arguments: tuple[Any, ...], answers: Queue[Cost]) -> None:
    started, cpu = time.perf_counter(), cpu_seconds()
    found = target(*arguments)
    seconds, used = time.perf_counter() - started, cpu_seconds() - cpu
    answers.put(Cost(seconds, used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, found))


def cpu_seconds() -> float:
    """Of this process and its children so far."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
