"""The word lists behind company names, as patterns and tables: places, legal forms, industries, lookalike characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

import pyarrow as pa
import yaml

PLACE_SUFFIX: Final = r"(?:省|市|地区|盟|特别行政区|(?:壮族|回族|维吾尔)?自治区|(?:\p{Han}{1,8}族)?自治州|新区|州)"
_BARE: Final = re.compile(r"(?:市|州|盟|地区)$")
_COUNTRY: Final = ("中国", "中华")


def alternatives(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


@cache
def places() -> pa.Table:
    """word, province, city: every word that a company name may state its place by. `city` is NULL for a province
    and for the country, which stands as a province of its own (中国华信 is not 上海华信)."""
    rows: list[tuple[str, str | None, str | None]] = [(word, "中国", None) for word in _COUNTRY]
    read = _read("places.yaml")
    counties: Mapping[str, str] = read.pop("counties")
    city_of = {}
    for province, cities in read.items():
        rows.append((province, province, None))
        for written in cities:
            city = _BARE.sub("", written) if len(written) > 2 and written != "兴安盟" else written
            city_of[city] = (province, city)
            rows.append((written, province, city))
        city_of[province] = (province, None)
    rows += [(county, *city_of[city]) for county, city in counties.items()]
    return pa.table(
        {
            name: pa.array(values, pa.string())
            for name, values in zip(("word", "province", "city"), zip(*rows, strict=True), strict=True)
        }
    )


@cache
def place_pattern() -> str:
    """A place without its suffix."""
    return f"(?:{alternatives(places()['word'].to_pylist())})"


@cache
def form_pattern() -> str:
    """A legal form in Chinese, also with one character of 有限公司 wrong, missing or swapped."""
    words = [word for kind, forms in _words()["forms"].items() if kind != "english" for word in forms]
    damaged = "(?:股份|股.|.份)?(?:有限公.?|有限.司|有限?司公?|有公限?司|有.?公司|限有?公司|.限公司)"
    return f"(?:{alternatives(words)}|{damaged})"


@cache
def form_kinds() -> Mapping[str, str]:
    """Kind of form → pattern of the forms of this kind. The first that matches counts."""
    return {kind: alternatives(forms) for kind, forms in _words()["forms"].items() if kind not in {"english", "公司"}}


@cache
def english_form_pattern() -> str:
    """A legal form in Latin letters."""
    return f"(?:{alternatives(_words()['forms']['english'])})"


@cache
def group_pattern() -> str:
    """集团 and its like."""
    return f"(?:{alternatives(_words()['group'])})"


@cache
def branch_pattern() -> str:
    """What the name of a branch ends with."""
    return f"(?:{alternatives(_words()['branch'])})"


@cache
def industry_pattern() -> str:
    """A word of an industry, or one that says little."""
    return f"(?:{alternatives(word for words in _words()['industries'].values() for word in words)})"


@cache
def industry_table() -> pa.Table:
    """word, industry. Words that say little (`any`) are left out."""
    rows = [(word, kind) for kind, words in _words()["industries"].items() if kind != "any" for word in words]
    return pa.table({"word": [word for word, _ in rows], "industry": [kind for _, kind in rows]})


@cache
def lookalikes() -> tuple[str, str]:
    """Characters, and for each the one that stands for its group: the two arguments of SQL's `translate`."""
    first: dict[str, str] = {}
    for group in _words()["lookalikes"]:
        head = first.get(group[0], group[0])
        for character in group[1:]:
            first.setdefault(character, head)
    return "".join(first), "".join(first.values())


@cache
def _words() -> Mapping[str, Any]:
    return _read("words.yaml")


def _read(name: str) -> Any:
    text = resources.files(__package__).joinpath(name).read_bytes()
    return yaml.load(text, Loader=yaml.CSafeLoader)
