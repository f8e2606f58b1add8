"""`make test` runs every test, and each once."""

from __future__ import annotations

from pathlib import Path

from scripts.run_tests import PARTS, REST

ROOT = Path(__file__).parents[2]


def holds(part: tuple[str, ...], file: Path) -> bool:
    """Whether pytest, given these words, finds the tests of a file."""
    left_out = [word.removeprefix("--ignore=") for word in part if word.startswith("--ignore=")]
    chosen = [word for word in part if not word.startswith("-")]
    return any(file.is_relative_to(one) for one in chosen) and not any(file.is_relative_to(one) for one in left_out)


def test_each_file_is_in_one_part() -> None:
    files = [file.relative_to(ROOT) for file in (ROOT / "tests").rglob("test_*.py")]
    found = {str(file): sum(holds(part, file) for part in (*PARTS, REST)) for file in files}
    assert {file: parts for file, parts in found.items() if parts != 1} == {}


def test_each_part_holds_something() -> None:
    folders = [word for part in (*PARTS, REST) for word in part if not word.startswith("-")]
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []
