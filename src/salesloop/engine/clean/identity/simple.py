"""Comparisons of fields that are one value: identifiers, codes, texts, dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import duckdb

from salesloop.engine.clean.identity import script
from salesloop.engine.clean.identity.comparison import Level, Part, both, equal
from salesloop.engine.clean.identity.letters import one_byte
from salesloop.engine.clean.values.cells import half

TIGHT: Final = rf"nullif(regexp_replace(upper({half('raw')}), '[^\p{{L}}\p{{N}}]', '', 'g'), '')"
_WORDS: Final = rf"nullif(trim(regexp_replace(upper({half('raw')}), '[^\p{{L}}\p{{N}}]+', ' ', 'g')), '')"


@dataclass(frozen=True)
class Simple:
    """A field whose normal form is one SQL expression over `raw`."""

    field: str
    normal: str
    levels: tuple[Level, ...]
    further: Mapping[str, str]

    def prepare(self, con: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {target} AS SELECT raw, {self.normal} AS value FROM (SELECT DISTINCT raw FROM {source} WHERE raw IS NOT NULL)"
        )
        script.simplify(con, target, "value")
        con.execute(f"CREATE OR REPLACE TEMP TABLE {target} AS SELECT *, {one_byte('value')} AS bytes FROM {target}")

    @property
    def parts(self) -> tuple[Part, ...]:
        value = f"{self.field}_value"
        return (Part(self.field, "", both(f"x.{value} IS NULL"), self.levels, value),)

    @property
    def apart(self) -> str:
        return "CAST(NULL AS VARCHAR)"

    @property
    def keys(self) -> Mapping[str, str]:
        return {"": f"[{self.field}_value]", **self.further}


_IDENTIFIER: Final = f"CASE WHEN NOT regexp_full_match({TIGHT}, '0*|1*|9*|X*|.{{1,3}}') THEN {TIGHT} END"
"""Numbers that are one digit repeated (00000000) are no numbers."""


def identifier(field: str) -> Simple:
    """Telephone numbers, addresses of mail: few share them, and many have several."""
    value = f"{field}_value"
    levels = (Level("same", equal(value), 11), Level("differ", "true", -1))
    return Simple(field, _IDENTIFIER, levels, {})


def registration(field: str) -> Simple:
    """Credit codes, tax numbers: who shares it is the same, and who does not is another or mistyped."""
    value = f"{field}_value"
    levels = (
        Level("same", equal(value), 80, proves=True),
        Level("typo", f"damerau_levenshtein(l.{field}_bytes, r.{field}_bytes) = 1", -2, ask=True),
        Level("differ", "true", -14, ask=True),
    )
    return Simple(field, _IDENTIFIER, levels, {})


def code(field: str) -> Simple:
    """A code that people copy with mistakes: postcodes, numbers of identity papers, house numbers."""
    v, b = f"{field}_value", f"{field}_bytes"
    levels = (
        Level("same", equal(v), 6),
        Level("typo", f"length(l.{v}) >= 4 AND damerau_levenshtein(l.{b}, r.{b}) = 1", 3),
        Level("differ", "true", -4),
    )
    return Simple(field, TIGHT, levels, {"start": f"[left({v}, 3)]"})


def date(field: str) -> Simple:
    """Days: equal, one character wrong, or day and month exchanged."""
    v, b = f"{field}_value", f"{field}_bytes"
    exchanged = f"left(l.{v}, 4) = left(r.{v}, 4) AND substr(l.{v}, 5, 2) = right(r.{v}, 2) AND right(l.{v}, 2) = substr(r.{v}, 5, 2)"
    levels = (
        Level("same", equal(v), 10),
        Level("typo", f"damerau_levenshtein(l.{b}, r.{b}) = 1 OR ({exchanged})", 5),
        Level("near", f"damerau_levenshtein(l.{b}, r.{b}) = 2", 0),
        Level("differ", "true", -5),
    )
    return Simple(
        field,
        r"nullif(left(regexp_replace(raw, '\D', '', 'g'), 8), '')",
        levels,
        {"year": f"[left({v}, 4)]", "day": f"[right({v}, 4)]"},
    )


def text(field: str) -> Simple:
    """Words: streets, places, titles. Blanks, punctuation and case do not count."""
    v, b = f"{field}_value", f"{field}_bytes"
    levels = (
        Level("same", equal(v), 6),
        Level(
            "close",
            f"jaro_winkler_similarity(l.{b}, r.{b}) >= 0.9 OR contains(l.{v}, r.{v}) OR contains(r.{v}, l.{v})",
            3,
        ),
        Level("near", f"jaro_winkler_similarity(l.{b}, r.{b}) >= 0.8", 0),
        Level("differ", "true", -3),
    )
    return Simple(field, _WORDS, levels, {"start": f"[left({v}, 4)]"})


def person(field: str) -> Simple:
    """Names of people, in letters or characters."""
    v, b = f"{field}_value", f"{field}_bytes"
    levels = (
        Level("same", equal(v), 7),
        Level("typo", f"damerau_levenshtein(l.{b}, r.{b}) = 1 AND length(l.{v}) >= 4", 5),
        Level("close", f"jaro_winkler_similarity(l.{b}, r.{b}) >= 0.88", 3),
        Level("near", f"jaro_winkler_similarity(l.{b}, r.{b}) >= 0.7", -1),
        Level("differ", "true", -4),
    )
    return Simple(field, _WORDS, levels, {"start": f"[left({v}, 3)]"})
