"""The error cells of an old .xls, which a reader of values gives as blanks: its records say where they are."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from salesloop.engine.collect.workbook_xml import Lost

_ERRORS: Final = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
# By the exponent that the container states.
_SECTOR_SIZES: Final = {9: 512, 12: 4096}
_SMALLEST_STREAM: Final = 4096
_NO_SECTOR: Final = 0xFFFFFFFA
_BIFF8: Final = 0x0600
_FORMULA, _END, _SHEET, _ERROR, _BEGIN = 0x0006, 0x000A, 0x0085, 0x0205, 0x0809
# A cell with an error, or a formula whose result is one: most files have neither and are not gone through.
_MAY_HOLD_ERRORS: Final = re.compile(
    rb"\x05\x02\x08\x00.{7}\x01|\x02\x00[\x00\x07\x0f\x17\x1d\x24\x2a]\x00\x00\x00\xff\xff", re.DOTALL
)


def lost_cells_of_xls(path: Path) -> dict[str, Lost]:
    """The error cells of an .xls (of Excel 97 or later) by sheet; none where the container is not understood."""
    try:
        stream = _stream(path.read_bytes())
        if not _MAY_HOLD_ERRORS.search(stream):
            return {}
        found = {name: Lost(list(_errors(stream, start))) for name, start in _sheets(stream)}
    except (struct.error, LookupError):
        return {}
    return {name: lost for name, lost in found.items() if lost.errors}


def _stream(content: bytes) -> bytes:
    """The workbook's records out of the container's sectors."""
    size = _SECTOR_SIZES[struct.unpack_from("<H", content, 30)[0]]

    def sector(number: int) -> bytes:
        return content[(number + 1) * size : (number + 2) * size]

    def chain(start: int) -> bytes:
        parts: list[bytes] = []
        while start < _NO_SECTOR and len(parts) <= len(table):
            parts.append(sector(start))
            start = table[start]
        return b"".join(parts)

    listed = list(struct.unpack_from("<109I", content, 76))
    more, left = struct.unpack_from("<II", content, 68)
    left = min(left, len(content) // size)
    while left and more < _NO_SECTOR:
        *numbers, more = struct.unpack(f"<{size // 4}I", sector(more))
        listed, left = listed + numbers, left - 1
    table: list[int] = []
    for number in listed:
        if number < _NO_SECTOR:
            table += struct.unpack(f"<{size // 4}I", sector(number))
    directory = chain(struct.unpack_from("<I", content, 48)[0])
    for place in range(0, len(directory), 128):
        name = directory[place : place + 64].decode("utf-16-le", "replace").partition("\0")[0]
        start, length = struct.unpack_from("<II", directory, place + 116)
        if name == "Workbook" and length >= _SMALLEST_STREAM:
            return chain(start)[:length]
    return b""


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record from `place` to the end of its part (in which others, as charts, may be nested)."""
    depth = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + length]
        depth += (kind == _BEGIN) - (kind == _END)
        if depth <= 0:
            return
        place += 4 + length


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    """Name and first record of each sheet."""
    for kind, content in _records(stream, 0):
        if kind == _BEGIN and struct.unpack_from("<H", content)[0] != _BIFF8:
            return
        if kind == _SHEET:
            start, length, wide = struct.unpack_from("<IxxBB", content)
            name = content[8 : 8 + length * (1 + (wide & 1))]
            yield name.decode("utf-16-le" if wide & 1 else "latin-1"), start


def _errors(stream: bytes, start: int) -> Iterator[tuple[int, int, str]]:
    """Row (from 1), column (from 0) and text of the error cells of one sheet."""
    for kind, content in _records(stream, start):
        code = None
        if kind == _ERROR and len(content) >= 8 and content[7] == 1:
            code = content[6]
        elif kind == _FORMULA and content[6:7] == b"\x02" and content[12:14] == b"\xff\xff":
            code = content[8]
        if code in _ERRORS:
            row, column = struct.unpack_from("<HH", content)
            yield row + 1, column, _ERRORS[code]
