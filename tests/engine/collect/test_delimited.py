"""Delimited text becomes a grid of cells: every cell of every row, under the number that the row has in the file."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from salesloop.engine.collect.delimited import read_delimited
from salesloop.engine.collect.raw import ROW, Grid


def grid(folder: Path, text: str) -> Grid:
    path = folder / "f.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return read_delimited(path, "f.csv")[0]


def cells(read: Grid) -> dict[int, list[str]]:
    """Row number → cells that are there."""
    rows = {}
    for row in read.cells.to_pylist():
        number = row.pop(ROW)
        rows[number] = [value for value in row.values() if value is not None]
    return rows


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    lines = [["编号", "说明", "金额"], ["1", "甲, 乙", "1,5"], ["2", "丙", "2,5"], ["3", "丁", "3,5"]]
    read = grid(tmp_path, "\n".join(delimiter.join(f'"{c}"' if delimiter in c else c for c in row) for row in lines))
    assert read.delimiter == delimiter
    assert list(cells(read).values()) == lines


def test_blank_lines_keep_the_numbers_of_the_rows_right(tmp_path: Path) -> None:
    assert cells(grid(tmp_path, "\na,b\n\n\n1,2\n\n3,4\n\n")) == {
        1: [], 2: ["a", "b"], 3: [], 4: [], 5: ["1", "2"], 6: [], 7: ["3", "4"], 8: [],
    }  # fmt: skip


def test_quoted_cells_keep_delimiters_quotes_and_lines(tmp_path: Path) -> None:
    read = grid(tmp_path, 'a,b\n"x, ""y""\n\nz",2\n3,4\n')
    assert cells(read) == {1: ["a", "b"], 2: ['x, "y"\n\nz', "2"], 3: ["3", "4"]}


def test_a_quote_that_is_never_closed_swallows_no_rows(tmp_path: Path) -> None:
    rows = "".join(f"{i},y,z\n" for i in range(200))
    read = grid(tmp_path, f'a,b,c\n1,"open,3\n{rows}')
    assert read.cells.num_rows == 202
    assert cells(read)[2] == ["1", '"open', "3"]
    assert cells(read)[202] == ["199", "y", "z"]


def test_a_stray_quote_inside_a_file_with_proper_ones_costs_nothing(tmp_path: Path) -> None:
    read = grid(tmp_path, 'a,b,c\n1,"two\nlines",3\n4,"abc" def,6\n7,8" pipe,9\n')
    assert cells(read) == {
        1: ["a", "b", "c"], 2: ["1", "two\nlines", "3"], 3: ["4", '"abc" def', "6"], 4: ["7", '8" pipe', "9"],
    }  # fmt: skip
    assert read.broken.num_rows == 0


def test_rows_with_far_too_many_cells_are_kept_as_they_are(tmp_path: Path) -> None:
    body = "1,2,3\n" * 1200
    read = grid(tmp_path, f"a,b,c\n{body}{','.join('x' * 30)}\n4,5,6\n")
    assert read.broken.to_pylist() == [{ROW: 1202, "raw": ",".join("x" * 30), "reason": "ragged_row"}]
    assert cells(read)[1203] == ["4", "5", "6"]


def test_cells_of_ten_thousand_characters_are_kept(tmp_path: Path) -> None:
    long = "长" * 10_000
    assert cells(grid(tmp_path, f"a,b\n1,{long}\n"))[2] == ["1", long]


def test_one_column_is_a_table_too(tmp_path: Path) -> None:
    assert cells(grid(tmp_path, "客户名称\n甲公司\n乙公司\n")) == {1: ["客户名称"], 2: ["甲公司"], 3: ["乙公司"]}


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)
TABLES = st.integers(2, 5).flatmap(
    lambda width: st.lists(
        st.lists(WORDS | st.sampled_from(['a"b', "x,y", "p\nq", "", " ", '"']), min_size=width, max_size=width),
        min_size=2,
        max_size=12,
    )
)


@given(rows=TABLES)
@settings(max_examples=25)
def test_whatever_a_writer_wrote_is_read_back_whole(rows: list[list[str]]) -> None:
    assume(any(cell.strip() for row in rows for cell in row))
    written = io.StringIO()
    csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    with TemporaryDirectory() as folder:
        read = grid(Path(folder), written.getvalue())
    assert read.broken.num_rows == 0
    assert cells(read) == {i + 1: row for i, row in enumerate(rows)}
