"""What is plainly CSV is split at once, and to the same cells as by the careful ways; anything else is left to them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesloop.engine.collect import regular
from salesloop.engine.collect.regular import split_regular

PIECES = st.lists(
    st.sampled_from(["a", "金额", " ", ",", ",", '"', '""', '","', '",\n"', "\n", "\n", "\r\n"]), max_size=40
)


def split(text: str, width: int = 2) -> list[list[str]] | None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(text.encode())
        cells = split_regular(path, ",", width)
    if cells is None:
        return None
    assert cells["_row"].to_pylist() == list(range(1, cells.num_rows + 1))
    return [list(row) for row in zip(*(cells[f"c{i}"].to_pylist() for i in range(width)), strict=True)]


@given(PIECES, st.integers(2, 3), st.sampled_from([1, 2, 3, 7, 1 << 22]))
def test_the_same_cells_as_a_strict_reader_or_none(pieces: list[str], width: int, block: int) -> None:
    text = "".join(pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(regular, "_CHECKED", block)  # what must agree across the borders of blocks, too
        found = split(text, width)
    if found is not None:
        assert found == list(csv.reader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize(
    "text",
    ["a,b\n1,2\n", "a,b\r\n1,2\r\n", "a,b\n1,2", "\ufeffa,b\n1,2\n", '"a",b\n1,"2"\n', '\ufeff"a",b\r\n"1",2\r\n'],
)
def test_plain_files_are_split_at_once(text: str) -> None:
    assert split(text) == [["a", "b"], ["1", "2"]]


def test_quoted_delimiters_and_quotes_are_cells() -> None:
    assert split('a,b\n"1,234.50","say ""yes"""\n"",""\n') == [["a", "b"], ["1,234.50", 'say "yes"'], ["", ""]]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n\n1,2\n",  # a blank line
        "title\na,b\n1,2\n",
        "a,b\n1,2,3\n",
        'a,b\n1,"2\n3,4\n',  # never closed
        'a,b\n1,"2" x\n',
        'a,b\n1,"two\nlines"\n',
        "a,b\r1,2\r",
        "a,b\n1,\x002\n",
    ],
)
def test_anything_else_is_left_to_the_careful_ways(text: str) -> None:
    assert split(text) is None
