"""The documents can be followed: links lead somewhere, commands exist, the example of a definition is one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"salesloop(?: -w \S+)? ([a-z]+)(?: ([a-z]+)\b)?")
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    targets = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_commands_of_the_documents_exist():
    from salesloop.cli import COMMANDS

    shown = {
        command[0]
        for page in PAGES
        for block in SHELL.findall(page.read_text(encoding="utf-8"))
        for command in COMMAND.findall(block)
    }
    assert {"init", "import", "query", "serve"} <= shown
    assert shown - set(COMMANDS) == set()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_example_of_a_metric_is_one(language, tmp_path):
    from salesloop.engine.metrics.registry import load_registry

    page = (ROOT / "docs" / "guide" / language / "metrics.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert example
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "example.yaml").write_text(example[1], encoding="utf-8")
    assert load_registry(tmp_path).metric(yaml.safe_load(example[1])["metric"]).unit == "deal"


def test_the_targets_of_make_that_documents_name_exist():
    written = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"(?:`|^)make ([a-z0-9]+)", written, re.MULTILINE))
    targets = set(re.findall(r"^([a-z0-9]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"demo", "test", "check"} <= named
    assert named - targets == set()
