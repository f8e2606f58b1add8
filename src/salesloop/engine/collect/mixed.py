"""Files put together out of pieces in different encodings: read in either, one of the pieces would be nonsense."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_LOOKED_AT: Final = 1 << 16
# So many lines beyond ASCII are looked at on either end of the file; so many at least tell something.
_LINES: Final = 20
_FEWEST: Final = 3
_NEARLY_ALL: Final = 0.9
_HALF: Final = 0.5
# What Chinese is in UTF-8; bytes of another encoding look so by chance, but not line after line.
_THREE_BYTES: Final = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}")


def row_of_other_encoding(path: Path) -> int | None:
    """The first row that is no UTF-8, in a file of which one end is UTF-8 and the other is not; None for any other file."""
    with path.open("rb") as stream:
        head = stream.read(_LOOKED_AT).split(b"\n")[:-1]
        stream.seek(max(path.stat().st_size - _LOOKED_AT, 0))
        tail = stream.read().split(b"\n")[1:]
    first, last = _beyond_ascii(head), _beyond_ascii(tail)
    begins, ends = _share(first[: min(_LINES, len(first) // 3)]), _share(last[-min(_LINES, len(last) // 3) :])
    if begins is None or ends is None or max(begins, ends) < _NEARLY_ALL or min(begins, ends) > _HALF:
        return None
    return _first_other_row(path)


def _beyond_ascii(lines: Sequence[bytes]) -> list[bytes]:
    return [line for line in lines if not line.isascii()]


def _share(lines: Sequence[bytes]) -> float | None:
    """How many of the lines are UTF-8; None where there are too few to tell."""
    told = sum(bool(_THREE_BYTES.search(line)) and _decodes(line) for line in lines)
    return told / len(lines) if len(lines) >= _FEWEST else None


def _decodes(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _first_other_row(path: Path) -> int:
    with path.open("rb") as stream:
        return next((row for row, line in enumerate(stream, start=1) if not _decodes(line)), 1)
