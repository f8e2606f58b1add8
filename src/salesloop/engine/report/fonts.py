"""The bundled Chinese font, and the proof that a document needs no character that it lacks."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_FOLDER = Path(__file__).parent / "fonts"
_MESSAGES = Messages("salesloop.engine.report")
_INVISIBLE = frozenset("\n\r\t\u00a0\u200b\ufeff")


@cache
def font_files() -> tuple[str, ...]:
    """Paths of the regular and bold weights. UserError where the package was built without its assets."""
    files = tuple(sorted(str(file) for file in _FOLDER.glob("*.ttf")))
    if not files:
        raise UserError(_MESSAGES.message("fonts_missing"))
    return files


def font_folder() -> str:
    """The folder for programs that take fonts by folder."""
    font_files()
    return str(_FOLDER)


def missing_glyphs(text: str) -> frozenset[str]:
    """Characters of the text that the bundled font cannot draw (they would come out as boxes)."""
    return frozenset(char for char in set(text) - _INVISIBLE if ord(char) not in _covered())


@cache
def _covered() -> frozenset[int]:
    return frozenset.intersection(*(_code_points(Path(file).read_bytes()) for file in font_files()))


def _code_points(font: bytes) -> frozenset[int]:
    """Code points of the font's ``cmap`` table in format 12, which every font beyond the BMP has (OpenType)."""
    for entry in range(12, 12 + 16 * _number(font, 4, 2), 16):
        if font[entry : entry + 4] == b"cmap":
            return _read_cmap(font, _number(font, entry + 8))
    return frozenset()


def _read_cmap(font: bytes, cmap: int) -> frozenset[int]:
    found: set[int] = set()
    for record in range(cmap + 4, cmap + 4 + 8 * _number(font, cmap + 2, 2), 8):
        table = cmap + _number(font, record + 4)
        if _number(font, table, 2) == 12:
            for group in range(table + 16, table + 16 + 12 * _number(font, table + 12), 12):
                found.update(range(_number(font, group), _number(font, group + 4) + 1))
    return frozenset(found)


def _number(font: bytes, at: int, size: int = 4) -> int:
    return int.from_bytes(font[at : at + size], "big")
