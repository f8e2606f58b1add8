"""Make the demo company: write its exports, import them as anyone's files, and let the loop run."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from salesloop.demo.evaluations import evaluate_people
from salesloop.demo.exports import write_exports
from salesloop.demo.past import PEOPLE, act_on_shortage, add_people, keep_sets, take_up_measures
from salesloop.demo.stories import Stories
from salesloop.demo.world import DEFAULT_SEED, build_world
from salesloop.engine.pipeline import ImportReport, ImportRequest, Progress, import_files
from salesloop.engine.pipeline.identity.automatic import look_and_merge
from salesloop.engine.pipeline.identity.survivorship import FILE
from salesloop.engine.store import Workspace

EXPORTS = "exports"
LOGINS = "demo-logins.json"
"""The demo's logins and their password, so that a second start can print them again."""
MAKING = "demo-in-making"
"""Stands in the folder until the demo is whole, so that an interrupted one is known for what it is."""


def make_demo(
    folder: Path,
    now: dt.datetime,
    *,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
    step: Callable[[str], None] = lambda _: None,
) -> ImportReport:
    """Make the workspace `folder` (which must not exist as one). `now` is aware; its date in Shanghai is the company's today.

    `step` hears the name of each stage: generate, import, people, loop.
    """
    from salesloop.demo.past import ZONE

    today = now.astimezone(ZONE).date()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MAKING).touch()
    step("generate")
    tables, stories = build_world(today, seed)
    files = write_exports(tables, stories, folder / EXPORTS)
    step("import")
    workspace = Workspace.create(folder, name="华曜打印科技", timezone="Asia/Shanghai")
    # Doubled customers carry the same tax number; here a person is to see them in the queue and merge them.
    (folder / FILE).write_text("automatic: never\n", encoding="utf-8")
    report = import_files(workspace, [ImportRequest(path) for path in files], now=now, progress=progress)
    look_and_merge(workspace, now=now)
    step("people")
    _live(folder, stories, now, step)
    (folder / MAKING).unlink()
    return report


def interrupted(folder: Path) -> bool:
    """Whether the making of a demo in `folder` was begun and never finished."""
    return (folder / MAKING).exists()


def logins(folder: Path) -> dict[str, Any] | None:
    """Who may log in to the demo in `folder`, with the password; None where it is no demo."""
    file = folder / LOGINS
    return json.loads(file.read_text("utf-8")) if file.is_file() else None


def _live(folder: Path, stories: Stories, now: dt.datetime, step: Callable[[str], None]) -> None:
    from salesloop.app.boot import start

    start(folder, migrate=True)
    from salesloop.app.findings.services import run_rules

    password = f"demo-{secrets.token_hex(4)}"
    add_people(password)
    step("loop")
    take_up_measures(stories)
    run_rules(now)
    act_on_shortage(stories, now)
    evaluate_people(now)
    keep_sets(now)
    kept = {"password": password, "people": [{"login": p.login, "role": p.role, "name": p.name} for p in PEOPLE]}
    (folder / LOGINS).write_text(json.dumps(kept, ensure_ascii=False, indent=1), "utf-8")
    (folder / LOGINS).chmod(0o600)
