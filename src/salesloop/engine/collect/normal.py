"""Headers in the form in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any, Final

_NOT_LETTERS: Final = re.compile(r"[^\w]|_")
_TYPE_SUFFIX: Final = re.compile(
    r":(?:string|str|int|integer|float|double|date|datetime|boolean|id(?:\(.*\))?)$", re.IGNORECASE
)
_BRACKETS: Final = re.compile(r"[(（\[【].*?[)）\]】]")


def plain(name: str) -> str:
    """NFKC, lower case, without blanks and punctuation: 订单 ID, 订单ＩＤ and 订单_id are the same."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", name).casefold())


@lru_cache(65_536)
def normal(name: str) -> str:
    """`plain` in simplified characters."""
    bare = plain(name)
    simplified: str = _converter().convert(bare) if not bare.isascii() else bare
    return simplified


def bare(name: str) -> str:
    """Without what is written in brackets, a type after a colon, and marks of required fields."""
    return _BRACKETS.sub("", _TYPE_SUFFIX.sub("", name)).strip("*＊ \t")


@cache
def _converter() -> Any:
    import opencc  # 80 ms: only who meets Chinese headers pays for it

    return opencc.OpenCC("t2s")
