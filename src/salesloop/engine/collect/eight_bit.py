"""GB18030, Big5 or Western Europe: bytes that are no Unicode, told by the characters that people really use.

GB 2312 and Big5 both put the characters of everyday use into a level 1; a wrong decoding lands outside of it about half of
the time. Where a short text leaves that open, chardet's statistics of neighbouring characters are heard, and the words of
the model (客户, 公司, 退货) looked for, which a wrong decoding does not say by chance; after that, a person is asked.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import chardet

from salesloop.engine.collect.normal import normal
from salesloop.engine.collect.raw import Reading
from salesloop.engine.model.loader import load_model

# Codecs that read more of an encoding than the one of its name.
CODECS: Final = {"big5": "big5hkscs"}

_NEUTRAL: Final = re.compile(r"[\u2000-\u206f\u3000-\u303f\uff00-\uffef\u00b7\u00d7\u2100-\u22ff\u20ac\u2460-\u25ff]")
_RUN: Final = re.compile(rb"[\x80-\xff]+")
_CHINESE: Final = re.compile(r"^[\u4e00-\u9fff]{2,}$")
# Below this share of everyday characters no candidate is believed.
_BELIEVABLE: Final = 0.35
# A rare character is about 30 times likelier in a wrong decoding: so many more of them than the best one has settle it,
# or two more, unless chardet finds the other reading much likelier (natural logarithm of its ratio).
_PLENTY: Final = 6
_CLEAR_MARGIN: Final = 2
_VETO: Final = -1.0
# One more settles it where chardet agrees and the text is not a mere word.
_SUPPORT: Final = 1.5
_LEAST_CHARACTERS: Final = 3
# A word of the model stands in so many characters from the first that is not ASCII, or nowhere.
_LOOKED_AT: Final = 4000
# chardet says 0 for what it rules out.
_FLOOR: Final = 1e-4
# A file may hold a cell cut in the middle of a character; more wrong characters than this and the encoding is wrong.
_TOLERATED: Final = 0.002


@dataclass(frozen=True)
class Judged:
    """Ways of reading, best first; `doubt` asks a person, `damaged`: some characters cannot be read in any way."""

    readings: tuple[Reading, ...]
    doubt: bool
    damaged: bool


@dataclass(frozen=True)
class _Candidate:
    encoding: str
    score: float
    text: str
    foreign: int
    wrong: int

    @property
    def rare(self) -> float:
        """Characters that people seldom use."""
        return (1 - self.score) * self.foreign


def judge(sample: bytes) -> Judged | None:
    """How lines that hold more than ASCII read best. None where nothing fits."""
    candidates = sorted((_candidate(sample, name) for name in ("gb18030", "big5", "cp1252")), key=lambda c: -c.score)
    best, second = candidates[:2]
    if best.score < _BELIEVABLE:
        return None
    clear = _is_clear(sample, best, second)
    if not clear and _says_a_word(best.text) != _says_a_word(second.text):
        best, second = (best, second) if _says_a_word(best.text) else (second, best)
        clear = True
    doubt = best.wrong > 0 or best.encoding == "cp1252" or not clear
    readings = [_reading(c) for c in (best, second, *candidates[2:]) if c.score > 0]
    return Judged(tuple(readings), doubt, best.wrong > 0)


def looks_like_utf_8(sample: bytes) -> tuple[Reading, ...]:
    """Both readings of bytes that are valid UTF-8 but may be GBK (目录 is Ŀ¼ in UTF-8), or none where they are no GBK.

    European words hold single accented letters; two or more in a row that are all everyday Chinese are doubtful.
    """
    runs = _RUN.findall(sample)
    chinese = _candidate(sample, "gb18030")
    if not runs or chinese.score < 1 or chinese.wrong or any(len(run) < 4 or len(run) % 2 for run in runs):
        return ()
    return _reading(chinese), Reading("utf-8", 0.0, _first_lines(sample.decode("utf-8", "replace")))


def _candidate(sample: bytes, encoding: str) -> _Candidate:
    text = sample.decode(CODECS.get(encoding, encoding), "replace")
    wrong = text.count("\ufffd")
    foreign = sum(character > "\x7f" for character in text)
    score = _western(sample, text) if encoding == "cp1252" else _everyday(text, encoding)
    # One cut character in a long file is damage; wrong characters all over are the wrong encoding.
    score -= min(1.0, 10 * max(0.0, wrong / max(foreign, 1) - _TOLERATED))
    return _Candidate(encoding, max(score, 0.0), text, foreign, wrong)


def _reading(candidate: _Candidate) -> Reading:
    return Reading(candidate.encoding, round(candidate.score, 4), _first_lines(candidate.text))


def _is_clear(sample: bytes, best: _Candidate, second: _Candidate) -> bool:
    rarer = second.rare - best.rare
    if rarer < 1 or rarer >= _PLENTY:
        return rarer >= _PLENTY
    support = _support(sample, best.encoding, second.encoding)
    return support > _VETO if rarer >= _CLEAR_MARGIN else support > _SUPPORT and best.foreign >= _LEAST_CHARACTERS


def _support(sample: bytes, best: str, second: str) -> float:
    """How much likelier chardet finds the best reading, as a natural logarithm."""
    candidates = ["gb18030", "big5", "big5hkscs", "cp1252"]
    likelihood = {"gb18030": _FLOOR, "big5": _FLOOR, "cp1252": _FLOOR}
    for found in chardet.detect_all(sample, ignore_threshold=True, include_encodings=candidates, compat_names=False):
        name = {"big5hkscs": "big5"}.get(str(found["encoding"]), str(found["encoding"]))
        likelihood[name] = max(likelihood.get(name, 0.0), found["confidence"] + _FLOOR)
    return math.log(likelihood[best] / likelihood[second])


def _says_a_word(text: str) -> bool:
    start = next((place for place, character in enumerate(text) if character > "\x7f"), 0)
    simplified = normal(text[start : start + _LOOKED_AT])
    return any(word in simplified for word in _words())


@cache
def _words() -> frozenset[str]:
    """The Chinese words by which the model's fields, choices and sheets go."""
    said: set[str] = set()
    for entity in load_model().entities:
        said.update(entity.sheet_aliases)
        for field in entity.fields:
            said.update((field.label.get("zh-Hans"), *field.aliases))
            said.update(word for choice in field.choices for word in (choice.label.get("zh-Hans"), *choice.aliases))
    return frozenset(normal(word) for word in said if _CHINESE.match(word))


def _first_lines(text: str) -> str:
    return "\n".join(line.rstrip("\r")[:200] for line in text.split("\n")[:3])


def _everyday(text: str, encoding: str) -> float:
    """Share of level-1 characters among those that are not ASCII, punctuation or symbols."""
    told = [c for c in text if c > "\x7f" and c != "\ufffd" and not _NEUTRAL.match(c)]
    if not told:
        return 0.5 if any(c > "\x7f" and c != "\ufffd" for c in text) else 0.0
    level_one = _level_one(encoding)
    return sum(c in level_one for c in told) / len(told)


def _western(sample: bytes, text: str) -> float:
    """Share of accented letters that stand alone among ASCII letters, as they do in European languages."""
    runs = _RUN.findall(sample)
    letters = sum("\u00c0" <= c <= "\u00ff" for c in text)
    foreign = sum(c > "\x7f" for c in text)
    return sum(len(run) == 1 for run in runs) / len(runs) * letters / foreign if runs else 0.0


@cache
def _level_one(encoding: str) -> frozenset[str]:
    """The everyday characters of GB 2312 (rows 16 to 55) or Big5 (A440 to C67E)."""
    if encoding == "gb18030":
        leads, trails, codec = range(0xB0, 0xD8), range(0xA1, 0xFF), "gb2312"
    else:
        leads, trails, codec = range(0xA4, 0xC7), range(0x40, 0xFF), "big5"
    pairs = b"".join(bytes((lead, trail)) for lead in leads for trail in trails if not 0x7F <= trail <= 0xA0)
    return frozenset(pairs.decode(codec, "ignore"))
