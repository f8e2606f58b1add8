"""Headers by what their words say: 客户代号, cust_code and Customer No. are the number of a customer."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

from salesloop.engine.collect.normal import bare, normal

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_A-Za-z]+")
_LONGEST: Final = 6

NUMBER: Final = "<id>"
"""The concept of a number or code by which things are told apart."""

Meaning = tuple[str, ...]
"""What a header says, whatever the order of its words; words that nobody explained stand for themselves."""


@cache
def meaning(header: str) -> Meaning:
    """The concepts of a header, each once, sorted; () where nothing but empty words is left."""
    words = _words()
    if tokens(header)[:2] == ("number", "of"):
        return ()  # a count
    said = {word for token in tokens(header) for word in _parts(token) if word not in words["empty"]}
    return tuple(sorted({words["same"].get(word, word) for word in said}))


def is_generic(said: Meaning) -> bool:
    """Whether a meaning is one concept that says nothing about whose it is (编号, date)."""
    return len(said) == 1 and said[0] in _words()["generic"]


def is_of_the_rows(header: str) -> bool:
    """Whether a header (类型, status) speaks of the rows of a sheet, not of something that they mention."""
    return normal(bare(header)) in _words()["whose"]


def is_market(text: str) -> bool:
    """Whether a header or title speaks of a market as a whole."""
    return any(word in normal(text) for word in _words()["market"])


def without_place_words(header: str) -> str:
    """收货人省份 and Billing State are 省份 and state; in normal form."""
    whole = normal(bare(header))
    for word in _words()["places"]:
        if whole.startswith(word) and len(whole) > len(word):
            return whole.removeprefix(word)
    return whole


@cache
def tokens(header: str) -> tuple[str, ...]:
    """Words of a header in normal form: cust_code, CustCode and cust code are cust, code; Chinese stays in one piece."""
    return tuple(normal(word) for word in _WORD.findall(bare(header)))


def estranges(rest: str) -> bool:
    """Whether what stands beside a known name (含税 before 单价) makes it the name of something else."""
    if not rest:
        return False
    words = _words()["other"]
    if rest.isascii():
        return any(token in words for token in tokens(rest))
    return any(word in rest for word in words if not word.isascii())


def _parts(token: str) -> list[str]:
    """A Chinese token cut into known words, the longest first; an English one whole."""
    if token.isascii():
        return [token]
    known, out, start = _words()["known"], [], 0
    while start < len(token):
        for length in range(min(_LONGEST, len(token) - start), 0, -1):
            part = token[start : start + length]
            if length == 1 or part in known:
                out.append(part)
                start += length
                break
    return out


@cache
def _words() -> dict[str, Any]:
    text = resources.files("salesloop.engine.collect").joinpath("words.yaml").read_text(encoding="utf-8")
    read = yaml.load(text, Loader=yaml.CSafeLoader)
    same = {normal(word): f"<{concept}>" for concept, words in read["same"].items() for word in words}
    empty = frozenset(map(normal, read["empty"]))
    other = frozenset(map(normal, read["other"]))
    generic = frozenset(f"<{concept}>" for concept in read["generic"])
    places = sorted(map(normal, read["places"]), key=len, reverse=True)
    whose = frozenset(map(normal, read["whose"]))
    market = [normal(word) for word in read["market"]]
    return {"places": places, "whose": whose, "market": market} | {
        "same": same,
        "empty": empty,
        "other": other,
        "generic": generic,
        "known": frozenset(same) | empty | other,
    }
