"""The help of every command is wholly in the language that was asked for."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from salesloop.cli import COMMANDS

_CHINESE = re.compile(r"[\u4e00-\u9fff]")

# Texts of a command are fixed when its module is read, once for a process: each language gets a process of its own.
_EVERY_HELP = """
import contextlib, io, json, sys
import salesloop.cli as cli
from importlib import import_module

def help_of(*command):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        cli.main(["--lang", sys.argv[1], *command, "--help"])
    return out.getvalue()

pages = {"": help_of()}
for name, (module, _) in cli.COMMANDS.items():
    pages[name] = help_of(name)
    app = import_module(module).app
    for below in app.registered_commands if app.registered_callback or len(app.registered_commands) > 1 else ():
        path = (name, below.name or below.callback.__name__.replace("_", "-"))
        pages[" ".join(path)] = help_of(*path)
print(json.dumps(pages))
"""


@pytest.fixture(scope="module", params=["en", "zh-Hans"])
def pages(request: pytest.FixtureRequest) -> tuple[str, dict[str, str]]:
    lang = str(request.param)
    answer = subprocess.run(
        [sys.executable, "-c", _EVERY_HELP, lang],
        capture_output=True,
        text=True,
        check=True,
        env={"COLUMNS": "200", "PYTHONUTF8": "1"},
    )
    return lang, json.loads(answer.stdout)


def test_every_commands_help_is_in_one_language(pages: tuple[str, dict[str, str]]) -> None:
    lang, found = pages
    assert set(COMMANDS) <= set(found)
    assert "import" in found
    assert "quarantine list" in found
    for command, page in found.items():
        assert "--help" in page, command
        described = [line for line in page.splitlines() if re.match(r"│.*\s--?[a-z]", line)]
        assert described, command
        for line in described:
            assert bool(_CHINESE.search(line)) == (lang != "en"), f"{command}: {line}"
        assert lang != "en" or not _CHINESE.search(page), command
