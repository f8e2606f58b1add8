"""Whatever is thrown in: one clear sentence, exit code 2, nothing changed, no traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from salesloop.engine.model.text import LANGS
from salesloop.engine.store import Workspace
from tests.cli.run import salesloop
from tests.engine.collect.test_hostile_files import CASES
from tests.engine.pipeline.files import ORDERS, order, write_csv


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With something in it that must stay."""
    folder = tmp_path_factory.mktemp("bad")
    assert salesloop("init", folder / "w").code == 0
    good = write_csv(folder / "订单.csv", ORDERS, [order(f"A{n}", 1, n) for n in range(9)])
    assert salesloop("-w", folder / "w", "import", good, "--yes").code == 0
    return folder / "w"


def everything(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.requirement("B12")
@pytest.mark.parametrize(("name", "make", "key"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_file_changes_nothing(
    workspace: Path, tmp_path: Path, name: str, make: Callable[[Path], object], key: str
) -> None:
    make(tmp_path / name)
    before = everything(workspace)
    answers = [salesloop("-w", workspace, "--lang", lang, "import", tmp_path / name, "--yes") for lang in LANGS]
    for answer in answers:
        assert answer.code == 2
        assert answer.out == ""
        assert len(answer.err.splitlines()) == 1
        assert name in answer.err
        assert "Traceback" not in answer.err
    assert len({answer.err for answer in answers}) == len(LANGS)
    assert everything(workspace) == before


def test_a_good_file_beside_a_bad_one_is_not_imported_alone(workspace: Path, tmp_path: Path) -> None:
    good = write_csv(tmp_path / "订单.csv", ORDERS, [order("Z9", 1, 5)])
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    before = everything(workspace)
    assert salesloop("-w", workspace, "import", good, tmp_path / "坏.xlsx", "--yes").code == 2
    assert everything(workspace) == before


def test_giant_cells_and_formula_text_arrive_whole(workspace: Path, tmp_path: Path) -> None:
    long = "长" * 10_000
    rows = [order(f"B{n}", 1, n, customer=f"客户{n}") for n in range(8)]
    rows += [order("B8", 1, 8, customer=long), order("B9", 1, 9, customer="=CMD|'/C calc'!A0")]
    answer = salesloop(
        "-w", workspace, "import", write_csv(tmp_path / "怪.csv", ORDERS, rows), "--yes", "--format", "json"
    )
    assert answer.code == 0, answer.err
    found = (
        Workspace.open(workspace)
        .current()
        .rows("SELECT order_id, customer_id FROM order_line WHERE order_id IN ('B8', 'B9') ORDER BY ALL")
    )
    assert [tuple(row.values()) for row in found] == [("B8", long), ("B9", "=CMD|'/C calc'!A0")]


def test_a_name_that_breaks_out_of_sql_or_of_the_terminal_is_only_text(workspace: Path, tmp_path: Path) -> None:
    rows = [order(f"C{n}", 1, n, customer="'; DROP TABLE order_line; --") for n in range(5)]
    path = write_csv(tmp_path / "订单'; DROP TABLE x; --.csv", ORDERS, rows)
    answer = salesloop("-w", workspace, "import", path, "--yes", "--format", "json")
    assert answer.code == 0, answer.err
    assert Workspace.open(workspace).current().count("order_line") >= 9
