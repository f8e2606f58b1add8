"""Imports that die, and readers that never notice an import."""

from __future__ import annotations

import multiprocessing
import multiprocessing.process
import random
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty

import pytest

from salesloop.engine.store import Workspace
from salesloop.engine.store.doctor import examine
from tests.engine.pipeline.crash import check_whole, delivery, import_one, read_until_told
from tests.engine.pipeline.files import NOW

KILLS = 100
# Children start with everything loaded and nothing open: quick, and without DuckDB's threads from a parent.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.engine.pipeline.ready", "pytest"])


def business(workspace: Path) -> dict[str, list[str]]:
    """Every table without what tells when and by which batch a row came."""
    opened = Workspace.open(workspace)
    out = {}
    for entity in opened.model.entities:
        rows = opened.current().rows(f"SELECT COLUMNS(lambda c: c[1:1] <> '_') FROM \"{entity.name}\"")
        out[entity.name] = sorted(str(tuple(row.values())) for row in rows)
    return out


def test_kill_minus_nine_at_any_moment(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "company").path
    files = tmp_path / "files"
    files.mkdir()
    snapshots = workspace / ".salesloop" / "snapshots"
    dice = random.Random(7)
    import_in_child(workspace, delivery(files, -1), lambda child: child.join())
    started = time.monotonic()
    import_in_child(workspace, delivery(files, 0), lambda child: child.join())
    lasts = time.monotonic() - started
    published = killed = 0
    before = check_whole(workspace)
    for number in range(1, KILLS + 1):
        late = number % 2 == 0

        def at_random(child: multiprocessing.process.BaseProcess, late: bool = late, lasts: float = lasts) -> None:
            """At any moment of its life, or (every second time) while the next snapshot is built and published."""
            deadline = time.monotonic() + lasts
            while late and time.monotonic() < deadline and not any(snapshots.glob("*.building")):
                time.sleep(0.001)
            time.sleep(dice.uniform(0, lasts * (0.8 if late else 1.2)))
            child.kill()
            child.join()

        code = import_in_child(workspace, delivery(files, number), at_random)
        assert code in (0, -9)
        killed += code == -9
        now = check_whole(workspace)
        if now != before:
            assert now[0] > before[0]  # not always by one: a file may be complete that CURRENT never came to name
            assert now[1] == number
            published += 1
        lasts *= 1.1 if now == before else 0.9  # whatever else the machine does: some die before, some after publishing
        before = now
    assert killed > KILLS / 3
    assert 0 < published < KILLS
    last = delivery(files, KILLS + 1)
    import_one(workspace, last)
    undisturbed = Workspace.create(tmp_path / "undisturbed").path
    import_one(undisturbed, last)
    assert business(workspace) == business(undisturbed)
    assert {diagnosis.state for diagnosis in examine(Workspace.open(workspace))} <= {"ok", "warning"}
    assert not list(snapshots.glob("*building*"))
    assert Workspace.open(workspace).landed.leftovers() == []


def import_in_child(
    workspace: Path, file: Path, meanwhile: Callable[[multiprocessing.process.BaseProcess], object]
) -> int | None:
    """The exit code of a process that imports `file`: −9 where it was killed."""
    child = CONTEXT.Process(target=import_one, args=(workspace, file))
    child.start()
    meanwhile(child)
    return child.exitcode


def wait_until(so: Callable[[], bool]) -> None:
    """Fails where it is not so within a minute, which only a reader who waits for the writer needs."""
    deadline = time.monotonic() + 60
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_readers_never_fail_and_never_wait(tmp_path: Path) -> None:
    """Three processes read while another imports, publishes and prunes down to a single snapshot."""
    workspace = Workspace.create(tmp_path / "company", keep_snapshots=1)
    import_one(workspace.path, delivery(tmp_path, 0))
    stop, answers = CONTEXT.Event(), CONTEXT.Queue()
    reads = [CONTEXT.Value("i", 0) for _ in range(3)]
    readers = [CONTEXT.Process(target=read_until_told, args=(workspace.path, stop, n, answers)) for n in reads]
    for reader in readers:
        reader.start()
    for number in range(1, 13):
        import_one(workspace.path, delivery(tmp_path, number))
    with workspace.writing(NOW, "hold") as building:  # a long import: nothing is published, nobody may wait for it
        before = [number.value for number in reads]
        wait_until(lambda: all(now.value >= then + 3 for now, then in zip(reads, before, strict=True)))
        building.discard()
    stop.set()
    try:
        found = [answers.get(timeout=120) for _ in readers]
    except Empty:
        pytest.fail("a reader did not end")
    for reader in readers:
        reader.join()
    assert found == [(13, None)] * len(readers)
    assert all(number.value > 10 for number in reads)
    assert workspace.snapshot_files.numbers() == [13]
