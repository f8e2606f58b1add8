"""`salesloop engine`: a trial on another engine, what the check says, and a question that somebody no longer waits for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from salesloop.engine.model.text import LANGS
from tests.cli.run import salesloop
from tests.engine.report.company import company

SCHEMA = "salesloop_cli"
QUERY = ("query", "revenue,deals_won", "--by", "org_unit", "--grain", "month", "--to", "2026-11-30", "--from", "2026-01-01",
         "--compare", "previous,target", "--today", "2026-11-18", "--format", "csv")  # fmt: skip


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def test_a_trial_there_and_back(postgres: psycopg.Connection, postgres_url: str, tmp_path: Path) -> None:
    folder = company(tmp_path / "w").workspace.path
    own = salesloop("-w", folder, *QUERY)
    assert salesloop("-w", folder, "--lang", "en", "engine", "check").err == (
        "This workspace uses its own engine (duckdb); there is no other one to check. "
        'Write engine = "postgresql://…" into salesloop.toml to use another.\n'
    )
    moved = salesloop("-w", folder, "--lang", "en", "engine", "publish", postgres_url, "--schema", SCHEMA, "--use")
    assert moved.code == 0, moved.err
    assert "Order lines: 385 rows" in moved.out
    assert postgres.execute(f"SELECT count(*) FROM {SCHEMA}.order_line").fetchone() == (385,)
    assert salesloop("-w", folder, *QUERY).out == own.out
    checked = salesloop("-w", folder, "engine", "check", "--format", "json")
    assert checked.code == 0
    assert {one["state"] for one in checked.json["entities"]} == {"ok"}
    assert "revenue" in checked.json["metrics"]
    assert "visits" not in checked.json["metrics"], "no activity was there to publish"
    settings = folder / "salesloop.toml"
    settings.write_text(settings.read_text().replace(postgres_url, "duckdb"))
    assert salesloop("-w", folder, *QUERY).out == own.out, "its own snapshots are still there"


def test_what_is_wrong_is_said_and_not_counted(postgres: psycopg.Connection, postgres_url: str, tmp_path: Path) -> None:
    postgres.execute(f"CREATE SCHEMA {SCHEMA}")
    postgres.execute(f"CREATE TABLE {SCHEMA}.so AS SELECT 'S1' AS no, 1 AS pos, date '2026-01-05' AS day, 5.0 AS sum")
    folder = tmp_path / "w"
    assert salesloop("init", folder, "--engine", postgres_url).code == 0
    refused = [salesloop("-w", folder, "--lang", lang, "engine", "check") for lang in LANGS]
    assert {answer.code for answer in refused} == {2}
    assert "engine/" in refused[2].err, "nothing is mapped yet, and where to begin"
    mapping = folder / "engine" / "order_line.yaml"
    said = "entity: order_line\ntable: {}.so\ncolumns: {{order_id: no, line_no: pos, order_date: day, amount: {}}}\n"
    mapping.write_text(said.format(SCHEMA, "sum"))
    sound = salesloop("-w", folder, "engine", "check", "--format", "json")
    assert sound.code == 0
    assert "revenue" in sound.json["metrics"]
    mapping.write_text(said.format(SCHEMA, "total"))
    wrong = salesloop("-w", folder, "engine", "check", "--format", "json")
    assert wrong.code == 1
    assert "total" in wrong.json["entities"][0]["message"]
    assert "revenue" not in wrong.json["metrics"], "what cannot be read cannot be computed"


@pytest.mark.parametrize(
    ("user", "path", "says"),
    [
        ("nobody_here", None, "nobody_here"),
        (None, "no_such_database", "no_such_database"),
        (None, "", "does not exist"),
    ],
    ids=["user", "database", "table"],
)
def test_whoever_is_not_let_in_reads_what_to_do(
    postgres_url: str, tmp_path: Path, user: str | None, path: str | None, says: str
) -> None:
    """In each language one sentence that names it, exit code 2, no traceback."""
    parts = urlsplit(postgres_url)
    address = f"postgresql://{user or parts.username}@{parts.hostname}:{parts.port or 5432}/{path or parts.path[1:]}"
    folder = tmp_path / "w"
    assert salesloop("init", folder, "--engine", address).code == 0
    (folder / "engine" / "lead.yaml").write_text(
        "entity: lead\ntable: nowhere_at_all\ncolumns: {lead_id: a, created_date: b}\n"
    )
    answers = [salesloop("-w", folder, "--lang", lang, "query", "leads") for lang in LANGS]
    assert {(answer.code, answer.out, len(answer.err.splitlines())) for answer in answers} == {(2, "", 1)}
    assert all(says in answer.err for answer in answers)
    assert len({answer.err for answer in answers}) == len(LANGS)


def test_a_question_that_is_stopped_stops_on_the_engine(
    postgres: psycopg.Connection, postgres_url: str, tmp_path: Path
) -> None:
    """Ctrl-C ends the statement there; so does the end of the process, of which nobody is told."""
    postgres.execute(f"CREATE SCHEMA {SCHEMA}")
    postgres.execute(
        f"CREATE VIEW {SCHEMA}.slow AS SELECT 'S1' AS no, 1 AS pos, date '2026-01-05' AS day, "
        "CASE WHEN pg_sleep(300) IS NULL THEN 1.0 ELSE 2.0 END AS sum"
    )
    folder = tmp_path / "w"
    assert salesloop("init", folder, "--engine", postgres_url).code == 0
    (folder / "engine" / "order_line.yaml").write_text(
        f"entity: order_line\ntable: {SCHEMA}.slow\ncolumns: {{order_id: no, line_no: pos, order_date: day, amount: sum}}\n"
    )
    for how, code in ((signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)):
        command = [sys.executable, "-m", "salesloop.cli", "-w", str(folder), "--lang", "en", "query", "revenue"]
        asking = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ)
        until(lambda: running(postgres) == 1, "the question has reached the engine")
        asking.send_signal(how)
        _, err = asking.communicate(timeout=120)
        assert asking.returncode == code
        assert "Traceback" not in err
        until(lambda: running(postgres) == 0, "nobody waits, nothing is computed")


def running(postgres: psycopg.Connection) -> int:
    found = postgres.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND application_name = 'salesloop' AND query LIKE %s",
        [f"%{SCHEMA}%"],
    ).fetchone()
    assert found is not None
    return int(found[0])


def until(holds: Callable[[], bool], what: str, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.1)
