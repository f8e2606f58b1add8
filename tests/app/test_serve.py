"""`salesloop serve` and `salesloop user`, as their own processes: one process serves one workspace for its whole life."""

from __future__ import annotations

import json
import os
import re
import socket
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from salesloop.engine.store import Workspace

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("SALESLOOP", "DJANGO"))}
SALESLOOP = [sys.executable, "-c", "from salesloop.cli import main; main()"]


def run(workspace: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [*SALESLOOP, "-w", str(workspace), *arguments]
    return subprocess.run(
        command, input=typed, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False
    )


@contextmanager
def serving(workspace: Path, *arguments: str) -> Iterator[str]:
    """The address of a running server."""
    command = [*SALESLOOP, "-w", str(workspace), "serve", "--port", "0", *arguments]
    process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if found := re.search(r"http://\S+/", line):
                yield found[0]
                break
        else:
            pytest.fail("".join(said))
    finally:
        process.terminate()
        process.wait(120)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With one administrator, `root`."""
    folder = Workspace.create(tmp_path_factory.mktemp("serve") / "workspace", name="新公司").path
    added = run(folder, "user", "add", "Root", "--role", "admin", "--name", "孙浩")
    assert added.returncode == 0, added.stderr
    assert re.search(r"\w{4}-\w{4}-\w{4}-\w{4}", added.stdout), "a one-time password"
    return folder


def test_people_are_added_and_listed(workspace: Path) -> None:
    given = run(workspace, "user", "passwd", "root", "--password-stdin", typed="correct horse 9\n")
    assert (given.returncode, given.stderr) == (0, "")
    listed = json.loads(run(workspace, "user", "list", "--format", "json").stdout)
    assert listed == [{"login": "root", "name": "孙浩", "role": "admin", "employee_id": "", "active": True}]


@pytest.mark.parametrize(
    ("arguments", "typed", "says"),
    [
        (["add", "root"], "", "root"),
        (["add", "two words"], "", "two words"),
        (["add", "other", "--role", "boss"], "", "steward"),
        (["add", "other", "--password-stdin"], "short\n", "10"),
        (["passwd", "nobody"], "", "nobody"),
    ],
)
def test_mistakes_are_explained(workspace: Path, arguments: list[str], typed: str, says: str) -> None:
    answer = run(workspace, "user", *arguments, typed=typed)
    assert answer.returncode == 2
    assert says in answer.stderr
    assert "Traceback" not in answer.stderr


def test_pages_and_built_files_are_served(workspace: Path) -> None:
    with serving(workspace) as address:
        page = urllib.request.urlopen(address)
        text = page.read().decode()
        assert page.url.endswith("/account/login/?next=/")
        assert "新公司" in text
        for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', text):
            file = urllib.request.urlopen(address.rstrip("/") + path)
            assert file.status == 200
            if "/dist/" in path:
                assert "immutable" in file.headers["Cache-Control"]
    key = workspace / ".salesloop" / "secret_key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_text()) > 50


def test_a_taken_port_is_explained(workspace: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = run(workspace, "serve", "--port", str(port))
    assert answer.returncode == 2
    assert f"127.0.0.1:{port}" in answer.stderr


def test_a_folder_that_is_no_workspace_is_explained(tmp_path: Path) -> None:
    answer = run(tmp_path, "serve")
    assert answer.returncode == 2
    assert "salesloop init" in answer.stderr
