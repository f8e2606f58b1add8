"""Splits text that is plainly CSV with Arrow, straight from the file: three to four times faster than the careful ways.

Plain means: UTF-8, one record a line, the same number of cells in each, quotes only around whole cells. Whatever else a
file holds is for `delimited` to look at; nothing is guessed here.
"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from salesloop.engine.collect.raw import ROW

_BLOCK: Final = 1 << 22
_CHECKED: Final = 1 << 22
_QUOTE, _LINE_FEED, _RETURN = b'"\n\r'

_Bytes = np.ndarray[Any, np.dtype[np.uint8]]


def split_regular(path: Path, delimiter: str, width: int, *, checked: bool = False) -> pa.Table | None:
    """The cells (`_row`, `c0` …) of a UTF-8 file (`checked`: its bytes surely are); None where the file is not plain."""
    lines = _lines(path, ord(delimiter))
    if not lines:
        return None
    names = [f"c{place}" for place in range(width)]
    try:
        cells = csv.read_csv(
            path,
            csv.ReadOptions(column_names=names, block_size=_BLOCK, use_threads=False),
            csv.ParseOptions(delimiter=delimiter, ignore_empty_lines=False),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=not checked
            ),
        )
    except pa.ArrowInvalid:
        return None
    if cells.num_rows != lines or (_has_empty_row(cells) and _has_blank_line(path)):
        return None
    return cells.add_column(0, ROW, pa.array(np.arange(1, lines + 1)))


def _has_empty_row(cells: pa.Table) -> bool:
    """Whether some row has no cell that says anything."""
    empty = None
    for column in cells.columns:
        blank = pc.equal(pc.binary_length(column), 0)
        empty = blank if empty is None else pc.and_(empty, blank)
        if not pc.any(empty).as_py():
            return False
    return empty is not None


def _has_blank_line(path: Path) -> bool:
    """Whether some line is blank: it has no cells, which Arrow makes up."""
    before = b"\n"
    with path.open("rb") as stream:
        block = stream.read(_CHECKED).removeprefix(codecs.BOM_UTF8)
        while block:
            text = before + block
            if b"\n\n" in text or b"\n\r" in text:
                return True
            before, block = block[-1:], stream.read(_CHECKED)
    return False


def _lines(path: Path, delimiter: int) -> int | None:
    """The number of lines of a plain file, None of any other. Whether all have the same cells, Arrow will tell."""
    lines, opened, before = 0, False, _LINE_FEED
    with path.open("rb") as stream:
        block = stream.read(_CHECKED).removeprefix(codecs.BOM_UTF8)
        while block:
            following = stream.read(_CHECKED)
            after = following[0] if following else _LINE_FEED
            octets = np.frombuffer(block, np.uint8)
            fed, returned = int(np.count_nonzero(octets == _LINE_FEED)), block.count(b"\r")
            if b"\x00" in block or (returned and not _ends_lines(block, after, returned)):
                return None
            if b'"' in block:
                quotes = _Quotes(octets, delimiter, before, after)
                if not quotes.enclose_cells(opened):
                    return None
                opened ^= quotes.odd
            lines += fed
            before, block = block[-1], following
    return None if opened else lines + (before != _LINE_FEED)


def _ends_lines(block: bytes, after: int, returns: int) -> bool:
    """Whether every carriage return stands before a line feed."""
    whole = block.count(b"\r\n") + (block[-1] == _RETURN and after == _LINE_FEED)
    return whole == returns


class _Quotes:
    """The quotes of a block, and what stands around them."""

    def __init__(self, block: _Bytes, delimiter: int, before: int, after: int) -> None:
        self._at = np.flatnonzero(block == _QUOTE)
        self._before, self._after = block[self._at - 1], block[(self._at + 1) % len(block)]
        if len(self._at) and self._at[0] == 0:
            self._before[0] = before
        if len(self._at) and self._at[-1] == len(block) - 1:
            self._after[-1] = after
        self._delimiter = delimiter

    @property
    def odd(self) -> bool:
        return len(self._at) % 2 == 1

    def enclose_cells(self, opened: bool) -> bool:
        """Whether quotes open and close whole cells in turn (`opened`: one is open already), doubled ones inside."""
        first = 1 if opened else 0
        before, after = self._before[first::2], self._after[1 - first :: 2]
        starts = (before == self._delimiter) | (before == _LINE_FEED) | (before == _QUOTE)
        ends = (after == self._delimiter) | (after == _LINE_FEED) | (after == _RETURN) | (after == _QUOTE)
        return bool(starts.all() and ends.all())
