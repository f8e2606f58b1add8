"""The app's own tables on PostgreSQL: the same commands, the same pages, and nothing is kept in the workspace."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.app.company import build_company
from tests.e2e.sites import environment

PASSWORD = "correct horse 9"
JOURNEY = """
import sys
from pathlib import Path
from salesloop.app.boot import start
start(Path(sys.argv[1]))
from django.test import Client
window = Client(SERVER_NAME="127.0.0.1")
login = window.post("/account/login/", {"login": "linxiao", "password": sys.argv[2]}, follow=True)
assert login.redirect_chain, login.content.decode()
for address in ("/", "/metrics/revenue/", "/findings/", "/actions/", "/data/", "/targets/", "/reports/"):
    assert window.get(address).status_code == 200, address
"""


@pytest.fixture
def database(postgres_url: str) -> Iterator[str]:
    """A new, empty database on the test server."""
    name = f"salesloop_app_{os.getpid()}"
    with psycopg.connect(postgres_url, autocommit=True) as con:
        con.execute(f"DROP DATABASE IF EXISTS {name}")
        con.execute(f"CREATE DATABASE {name}")
        yield urlsplit(postgres_url)._replace(path=f"/{name}").geturl()
        con.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_people_findings_and_pages(database: str, tmp_path: Path) -> None:
    folder = build_company(tmp_path).path

    def run(*words: str, typed: str = "") -> str:
        command = [sys.executable, *words]
        done = subprocess.run(
            command,
            input=typed,
            env=environment() | {"DATABASE_URL": database},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    salesloop = ("-m", "salesloop.cli", "-w", str(folder))
    run(*salesloop, "user", "add", "linxiao", "--role", "analyst", "--password-stdin", typed=f"{PASSWORD}\n")
    assert [one["login"] for one in json.loads(run(*salesloop, "user", "list", "--format", "json"))] == ["linxiao"]
    run(*salesloop, "findings", "run")
    run("-c", JOURNEY, str(folder), PASSWORD)
    assert not (folder / ".salesloop" / "app.sqlite3").exists()
    with psycopg.connect(database) as con:
        assert con.execute("SELECT count(*) > 0 FROM findings_finding").fetchone() == (True,)
