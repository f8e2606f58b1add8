"""Writes an .xls as Excel 97 did: a container of sectors with one stream of records. Only what the tests need."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_FREE, _LAST, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_CODES = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#NUM!": 0x24, "#N/A": 0x2A}


@dataclass(frozen=True)
class Error:
    """A cell that holds an error, typed in or as the result of a formula."""

    text: str
    by_formula: bool = False


Cell = str | float | Error


def write_xls(path: Path, sheets: Mapping[str, Mapping[tuple[int, int], Cell]]) -> Path:
    """Sheets with their cells by row and column, both from 0."""
    path.write_bytes(_container(_stream(sheets)))
    return path


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0))


def _cell(row: int, column: int, cell: Cell) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(cell, str):
        return _record(0x0204, place + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
    if not isinstance(cell, Error):
        return _record(0x0203, place + struct.pack("<d", cell))
    code = _CODES[cell.text].to_bytes(1, "little")
    if not cell.by_formula:
        return _record(0x0205, place + code + b"\x01")
    result = b"\x02\x00" + code + b"\x00\x00\x00\xff\xff"
    return _record(0x0006, place + result + bytes(6) + b"\x02\x00\x1c" + code)


def _sheet(cells: Mapping[tuple[int, int], Cell]) -> bytes:
    rows, columns = (max(place[axis] for place in cells) + 1 for axis in (0, 1))
    size = _record(0x0200, struct.pack("<IIHHH", 0, rows, 0, columns, 0))
    return _begin(0x0010) + size + b"".join(_cell(*place, cells[place]) for place in sorted(cells)) + _record(0x000A)


def _stream(sheets: Mapping[str, Mapping[tuple[int, int], Cell]]) -> bytes:
    parts = [_sheet(cells) for cells in sheets.values()]
    names = [(len(name), name.encode("utf-16-le")) for name in sheets]
    listed = sum(len(_record(0x0085, bytes(8) + name)) for _, name in names)
    place = len(_begin(0x0005)) + len(_record(0x0042, bytes(2))) + listed + len(_record(0x000A))
    heads = b""
    for (length, name), part in zip(names, parts, strict=True):
        heads += _record(0x0085, struct.pack("<IBBBB", place, 0, 0, length, 1) + name)
        place += len(part)
    return _begin(0x0005) + _record(0x0042, struct.pack("<H", 1200)) + heads + _record(0x000A) + b"".join(parts)


def _container(stream: bytes) -> bytes:
    """Sector 0 is the table of sectors, 1 the directory; the stream follows."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    table = [_TABLE, _LAST, *range(3, sectors + 2), _LAST]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<10I", 0, 1, 1, 0, 4096, _LAST, 0, _LAST, 0, 0) + b"\xff" * (108 * 4)
    directory = _entry("Root Entry", 5, _LAST, 0, 1) + _entry("Workbook", 2, 2, len(stream)) + _entry("", 0, 0, 0) * 2
    return head + struct.pack("<128I", *table, *[_FREE] * (128 - len(table))) + directory + stream


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    length = 2 * len(name) + 2 if name else 0
    tree = struct.pack("<HBBIII", length, kind, 1, _FREE, _FREE, child)
    return (name.encode("utf-16-le").ljust(64, b"\0") + tree).ljust(116, b"\0") + struct.pack("<IQ", start, size)
