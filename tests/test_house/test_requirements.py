"""docs/requirements.md tells the truth about its own shape: every id once, no test for an id that is not there."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "requirements.md"
SECTIONS = "A6 B21 C8 D27 E15 F9 G14 H7 I20 J5 K6 L5 M11 N6 O11 P5 Q17 R11 S13 T21 U9 V12 W7 X7 Y6 Z5 AA11 AB5 AC7 AD12 AE10 AF17"
ROW = re.compile(r"^\| ([A-Z]+\d+) \| (.+) \| (.+) \| (works|partly|not yet) \|$", re.MULTILINE)


def _expected() -> list[str]:
    sections = [re.fullmatch(r"([A-Z]+)(\d+)", section) for section in SECTIONS.split()]
    return [f"{match[1]}{number:02}" for match in sections if match for number in range(1, int(match[2]) + 1)]


def _rows() -> dict[str, tuple[str, str]]:
    return {row[1]: (row[3], row[4]) for row in ROW.finditer(PAGE.read_text(encoding="utf-8"))}


def _marked() -> dict[str, str]:
    """Every id in a requirement mark, with a test file that has it."""
    found: dict[str, str] = {}
    for file in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "requirement":
                ids = (argument.value for argument in node.args if isinstance(argument, ast.Constant))
                found.update((str(each), file.name) for each in ids)
    return found


def test_every_requirement_is_there_once():
    listed = [row[1] for row in ROW.finditer(PAGE.read_text(encoding="utf-8"))]
    assert Counter(listed) == Counter(_expected())
    assert len(listed) == 346


def test_marks_name_requirements_that_exist():
    unknown = {each: file for each, file in _marked().items() if each not in _rows()}
    assert unknown == {}


def test_what_works_is_proven_and_says_where():
    rows, marked = _rows(), _marked()
    assert [each for each, (_, state) in rows.items() if state == "works" and each not in marked] == []
    assert [each for each, (where, state) in rows.items() if state != "not yet" and where == "—"] == []
