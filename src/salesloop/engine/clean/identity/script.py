"""Chinese characters for comparison: traditional to simplified, and how they sound."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

import duckdb
import pyarrow as pa

from salesloop.engine.clean.values.cells import literal

_HAN: Final = range(0x4E00, 0xA000)
_FUZZY: Final = (("^([zcs])h", r"\1"), ("^l", "n"), ("(an|en|in)g$", r"\1"))
"""Sounds that many speakers do not tell apart: zh/z, ch/c, sh/s, n/l, ang/an, eng/en, ing/in."""


def simplify(con: duckdb.DuckDBPyConnection, table: str, column: str) -> None:
    """Rewrites the texts of `column` that hold traditional characters, all in one go through OpenCC (t2s)."""
    found = con.sql(
        f"SELECT DISTINCT {column} AS before FROM {table} WHERE regexp_matches({column}, {literal(_traditional())})"
    ).to_arrow_table()
    if not found.num_rows:
        return
    texts = found["before"].to_pylist()
    # One text a line: NUL-free line breaks survive the conversion, and one call costs a hundredth of many.
    simple = _converter().convert("\n".join(text.replace("\n", " ") for text in texts)).split("\n")
    con.register("identity_simple", pa.table({"before": texts, "simple": simple}))
    con.execute(f"UPDATE {table} SET {column} = simple FROM identity_simple WHERE {column} = before")
    con.unregister("identity_simple")


@cache
def sounds() -> pa.Table:
    """letter, sound: the usual reading of every Chinese character without tone, look-alike sounds made equal."""
    from pypinyin import Style, lazy_pinyin

    letters = [chr(code) for code in _HAN]
    # Apart from one another: pypinyin reads neighbours as words.
    read = [lazy_pinyin(letter, style=Style.NORMAL, errors="ignore") for letter in letters]
    pairs = [(letter, _fuzzy(sound[0])) for letter, sound in zip(letters, read, strict=True) if sound]
    return pa.table({"letter": [letter for letter, _ in pairs], "sound": [sound for _, sound in pairs]})


def _fuzzy(sound: str) -> str:
    for pattern, by in _FUZZY:
        sound = re.sub(pattern, by, sound)
    return sound


@cache
def _traditional() -> str:
    """A pattern for a character that OpenCC would change."""
    convert = _converter().convert
    return "[" + "".join(letter for letter in map(chr, _HAN) if convert(letter) != letter) + "]"


@cache
def _converter() -> Any:
    import opencc  # 80 ms: only who matches names pays for it

    return opencc.OpenCC("t2s")
