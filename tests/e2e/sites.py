"""Companies behind real servers, each a process of its own whose clock stands on one day.

`python -m tests.e2e.sites FOLDER PASSWORD` adds the people of the small company.
"""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TODAY = "2026-11-21"
OWN = ("SALESLOOP_WORKSPACE", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")
"""Variables of the test process that other processes must not see."""
SECONDS = 120
PEOPLE = (
    ("sunhao", "孙浩", "admin", ""),
    ("linxiao", "林晓", "analyst", ""),
    ("hejingyi", "何静怡", "steward", ""),
    ("lijing", "李静", "manager", "E10"),
    ("zhangwei", "张伟", "rep", "E12"),
    ("chenqiang", "陈强", "manager", "E20"),
    ("zhoumingyuan", "周明远", "executive", "E01"),
)


def run(*module_and_arguments: str) -> str:
    """What `python -m …` prints; it must succeed."""
    command = [sys.executable, "-m", *module_and_arguments]
    return subprocess.run(command, env=environment(), check=True, stdout=subprocess.PIPE, text=True, timeout=400).stdout


def environment() -> dict[str, str]:
    """The environment of a process whose clock stands on the day."""
    return {name: value for name, value in os.environ.items() if name not in OWN} | {"SALESLOOP_TODAY": TODAY}


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """`salesloop serve` on the workspace; gives its address."""
    command = [sys.executable, "-m", "salesloop.cli", "-w", str(folder), "serve", "--port", "0"]
    server = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True)
    try:
        yield f"http://127.0.0.1:{_port(server)}"
    finally:
        server.terminate()
        server.wait(timeout=SECONDS)


def _port(server: subprocess.Popen[str]) -> int:
    """The port that the server prints once it listens."""
    assert server.stdout is not None
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and server.poll() is None:
        ready, _, _ = select.select([server.stdout], [], [], 1)
        if ready and (found := re.search(r"://[^/]+:(\d+)/", server.stdout.readline())):
            return int(found[1])
    raise AssertionError(f"the server did not start (exit code {server.poll()})")


def add_people(folder: Path, password: str) -> None:
    from salesloop.app.boot import start

    start(folder, migrate=True)
    from salesloop.app.accounts.services import add_person

    for login, name, role, employee in PEOPLE:
        add_person(None, login, password, name=name, role=role, employee_id=employee)


if __name__ == "__main__":
    add_people(Path(sys.argv[1]), sys.argv[2])
