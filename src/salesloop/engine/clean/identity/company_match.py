"""Company names compared part by part: brand, place, industry, legal form, branch, numbers.

How much a shared brand says depends on its characters: rare ones weigh more (bits of information in this table), and a
brand that many firms of the table share says less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import duckdb

from salesloop.engine.clean.identity import script, words
from salesloop.engine.clean.identity.company import split_names
from salesloop.engine.clean.identity.comparison import Level, Part, both, equal

_RARE_PAIRS: Final = 2
_COMMON: Final = 60
"""A pair of characters in more names than this leads nowhere."""


@dataclass(frozen=True)
class Company:
    """The comparison of a field that holds names of companies."""

    field: str

    def prepare(self, con: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
        split_names(con, source, "identity_split")
        con.register("identity_sound", script.sounds())
        alike, stands_for = words.lookalikes()
        for name, sql in (
            ("identity_letter", _LETTERS),
            ("identity_said", _SAID),
            ("identity_brand", _BRANDS),
            ("identity_pair", _PAIRS),
        ):
            con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {target} AS SELECT s.*, said.sound, b.brand_sound, b.bits, "
            f"CASE WHEN han THEN translate(brand, '{alike}', '{stands_for}') ELSE brand END AS look, p.rare "
            "FROM identity_split s JOIN identity_said said USING (core) JOIN identity_brand b USING (brand) LEFT JOIN identity_pair p USING (body)"
        )

    @property
    def keys(self) -> Mapping[str, str]:
        core = f"{self.field}_core"
        without_one = (
            f"list_transform(range(1, length({core}) + 1), lambda i: substr({core}, 1, i - 1) || substr({core}, i + 1))"
        )
        return {
            "": f"[{core}]",
            "brand": f"[{self.field}_brand]",
            "sound": f"[{self.field}_sound]",
            "edits": f"CASE WHEN length({core}) BETWEEN 3 AND 16 THEN list_append({without_one}, {core}) END",
            "rare": f"{self.field}_rare",
        }

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(
            Part(
                self.field,
                name,
                _mine(missing, self.field),
                tuple(
                    Level(
                        level.name,
                        _mine(level.holds, self.field),
                        _mine(str(level.weight), self.field),
                        level.ask,
                        level.proves,
                    )
                    for level in levels
                ),
                f"{self.field}_{shown}",
            )
            for name, missing, levels, shown in _PARTS
        )


def _mine(sql: str, field: str) -> str:
    """SQL over `l.brand` as SQL over the columns of this field: `l.name_brand`."""
    return sql.replace("l.", f"l.{field}_").replace("r.", f"r.{field}_")


_LETTERS: Final = """
    WITH letters AS (SELECT unnest(string_split(brand, '')) AS letter FROM identity_split)
    SELECT letter, -log2((count(*) + 1.0) / (sum(count(*)) OVER () + 3000)) AS bits FROM letters GROUP BY letter
"""
"""Bits of each character of brands in this table; 3,000 characters not seen are counted once each."""

_SAID: Final = """
    WITH letters AS (
        SELECT core, unnest(string_split(core, '')) AS letter, unnest(range(1, length(core) + 1)) AS place
        FROM (SELECT DISTINCT core FROM identity_split)
    )
    SELECT core, string_agg(coalesce(sound, letter), ' ' ORDER BY place) AS sound
    FROM letters LEFT JOIN identity_sound USING (letter) GROUP BY core
"""

_BRANDS: Final = """
    WITH brands AS (SELECT brand, count(DISTINCT core) AS firms FROM identity_split GROUP BY brand),
    letters AS (
        SELECT brand, firms, unnest(string_split(brand, '')) AS letter, unnest(range(1, length(brand) + 1)) AS place FROM brands
    )
    SELECT brand, string_agg(coalesce(sound, letter), ' ' ORDER BY place) AS brand_sound,
        least(greatest(sum(bits) - greatest(log2(any_value(firms)) - 2, 0), 4), 15) AS bits
    FROM letters LEFT JOIN identity_sound USING (letter) LEFT JOIN identity_letter USING (letter) GROUP BY brand
"""

_PAIRS: Final = f"""
    WITH pairs AS (
        SELECT body, unnest(list_distinct(list_transform(range(1, length(body)), lambda i: substr(body, i, 2)))) AS pair
        FROM (SELECT DISTINCT body FROM identity_split WHERE length(body) >= 2)
    ),
    counted AS (SELECT pair, count(*) AS n FROM pairs GROUP BY pair HAVING n BETWEEN 2 AND {_COMMON})
    SELECT body, list_slice(list(pair ORDER BY n, pair), 1, {_RARE_PAIRS}) AS rare FROM pairs JOIN counted USING (pair) GROUP BY body
"""

_ONE_EDIT: Final = "damerau_levenshtein(l.core, r.core) = 1"
_BRAND_EDIT: Final = "damerau_levenshtein(l.brand, r.brand) = 1"
_SHORTER: Final = "least(length(l.brand), length(r.brand))"
_BITS: Final = "least(l.bits, r.bits)"
_HELD: Final = "(contains(l.body, r.brand) OR contains(r.body, l.brand))"
_ABBREVIATED: Final = "levenshtein(l.body, r.body) = abs(length(l.body) - length(r.body))"
_MOVED: Final = "(length(l.core) <> length(r.core) OR levenshtein(l.core, r.core) = 2)"

_PARTS: Final[tuple[tuple[str, str, tuple[Level, ...], str], ...]] = (
    (
        "brand",
        "false",
        (
            Level("same_name", equal("plain"), f"{_BITS} + 4"),
            Level("same_core", equal("core"), f"{_BITS} + 1"),
            Level("same", equal("brand"), _BITS),
            Level("typo_beside", f"{_ONE_EDIT} AND {_HELD}", f"{_BITS}"),
            Level("sounds_alike", "l.brand_sound = r.brand_sound", f"{_BITS} - 4"),
            Level("looks_alike", equal("look"), f"{_BITS} - 4"),
            Level("typo", f"{_SHORTER} >= 2 AND ({_ONE_EDIT} OR {_BRAND_EDIT}) AND {_MOVED}", f"{_BITS} - 4"),
            Level("one_other", f"{_SHORTER} >= 4 AND ({_ONE_EDIT} OR {_BRAND_EDIT})", f"{_BITS} - 7"),
            Level("holds", f"{_SHORTER} >= 2 AND {_HELD}", f"{_BITS} - 3"),
            Level("abbreviated", f"least(length(l.body), length(r.body)) >= 3 AND {_ABBREVIATED}", f"{_BITS} - 4"),
            Level("differ", "true", -30),
        ),
        "brand",
    ),
    (
        "place",
        both("x.province IS NULL"),
        (
            Level("same", "l.province = r.province AND l.city IS NOT DISTINCT FROM r.city", 2),
            Level("within", "l.province = r.province AND (l.city IS NULL OR r.city IS NULL)", 1.5),
            Level("differ", "true", -16),
        ),
        "place",
    ),
    (
        "industry",
        both("x.industry = ''"),
        (
            Level("same", equal("industry"), 2.5),
            Level(
                "close",
                "list_has_any(l.industries, r.industries) OR contains(l.industry, r.industry) OR contains(r.industry, l.industry)",
                1,
            ),
            Level("vague", both("len(x.industries) = 0"), -3),
            Level("differ", "true", -14),
        ),
        "industry",
    ),
    (
        "form",
        both("x.form = ''"),
        (
            Level("same", equal("form"), 0.5),
            Level("close", "l.form IN ('股份', '有限', '公司') AND r.form IN ('股份', '有限', '公司')", -0.5),
            Level("differ", "true", -5),
        ),
        "form",
    ),
    (
        "branch",
        "l.branch = '' AND r.branch = ''",
        (
            Level("same", equal("branch"), 2),
            Level("part_of", "l.branch = '' OR r.branch = ''", -18),
            Level("differ", "true", -18),
        ),
        "branch",
    ),
    (
        "number",
        "l.numbers = '' AND r.numbers = ''",
        (Level("same", equal("numbers"), 1), Level("differ", "true", -10)),
        "numbers",
    ),
    (
        "length",
        "NOT (l.short OR r.short)",
        (Level("short", "true", 0, ask=True),),
        "plain",
    ),
)
