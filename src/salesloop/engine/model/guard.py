"""Text that a spreadsheet would run as a formula, made harmless before it leaves in a file."""

from __future__ import annotations

import re
from typing import Final

# Spreadsheets also read the full-width forms, and skip blanks before them.
_BLANKS: Final = " \u00a0\u3000\u200b\ufeff"
_DANGEROUS: Final = "=+-@\t\r\n＝＋－＠"
_NUMBER: Final = re.compile(r"[+-]?(\d+(,\d{3})*(\.\d*)?|\.\d+)([eE][+-]?\d+)?%?")
MARK: Final = "'"


def guarded(value: object) -> object:
    """The value of a cell of CSV: texts that begin like a formula get a ' in front; everything else stays as it is.

    A text that is nothing but a number (`-12.5`, `+86`, `-3%`) stays a number.
    """
    if not isinstance(value, str):
        return value
    bare = value.lstrip(MARK)  # what came with a ' gets another one, so that `unguarded` can tell the two
    begin = bare.lstrip(_BLANKS)[:1]
    if begin == "" or begin not in _DANGEROUS or _NUMBER.fullmatch(bare.strip(_BLANKS)):
        return value
    return MARK + value


def unguarded(cell: str) -> str:
    """The text that `guarded` was given."""
    return cell[1:] if cell.startswith(MARK) and guarded(cell[1:]) == cell else cell
