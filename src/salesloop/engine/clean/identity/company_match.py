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
from salesloop.engine.clean.identity.comparison import Level, Part, both, equal, sided
from salesloop.engine.clean.identity.letters import edits, one_byte

_RARE_PAIRS: Final = 4
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
            ("identity_body", _BODIES),
            ("identity_brand", _BRANDS),
            ("identity_pair", _PAIRS),
        ):
            con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {target} AS SELECT s.*, a.sounds, a.letter_bits, b.brand_sound, b.bits, "
            f"{one_byte('plain')} AS plain_bytes, {one_byte('body')} AS body_bytes, {one_byte('brand')} AS brand_bytes, "
            f"CASE WHEN han THEN translate(brand, '{alike}', '{stands_for}') ELSE brand END AS look, p.rare "
            "FROM identity_split s JOIN identity_body a USING (body) JOIN identity_brand b USING (brand) "
            "LEFT JOIN identity_pair p USING (body)"
        )

    @property
    def keys(self) -> Mapping[str, str]:
        core, body = f"{self.field}_core", f"{self.field}_body"
        return {
            "": f"[{core}]",
            "brand": f"[{self.field}_brand]",
            "sound": f"[array_to_string({self.field}_sounds[-length({core}):], ' ')]",
            "edits": f"CASE WHEN length({body}) BETWEEN 3 AND 24 THEN {edits(body)} END",
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
                f"x.{self.field}_short" if name == "length" else "",
            )
            for name, missing, levels, shown in _PARTS
        )


def _mine(sql: str, field: str) -> str:
    """SQL over `l.brand` as SQL over the columns of this field: `l.name_brand`."""
    return sql.replace("l.", f"l.{field}_").replace("r.", f"r.{field}_")


_LETTERS: Final = """
    WITH letters AS (SELECT unnest(string_split(body, '')) AS letter FROM (SELECT DISTINCT body FROM identity_split))
    SELECT letter, -log2((count(*) + 1.0) / (sum(count(*)) OVER () + 3000)) AS bits FROM letters GROUP BY letter
"""
"""Bits of each character of the names in this table; 3,000 characters not seen are counted once each."""

_BODIES: Final = """
    WITH letters AS (
        SELECT body, unnest(string_split(body, '')) AS letter, unnest(range(1, length(body) + 1)) AS position
        FROM (SELECT DISTINCT body FROM identity_split)
    )
    SELECT body, list(coalesce(sound, letter) ORDER BY position) AS sounds, list(CAST(bits AS FLOAT) ORDER BY position) AS letter_bits
    FROM letters LEFT JOIN identity_sound USING (letter) LEFT JOIN identity_letter USING (letter) GROUP BY body
"""

_BRANDS: Final = """
    WITH brands AS (SELECT brand, count(DISTINCT core) AS firms FROM identity_split GROUP BY brand),
    letters AS (
        SELECT brand, firms, unnest(string_split(brand, '')) AS letter, unnest(range(1, length(brand) + 1)) AS position FROM brands
    )
    SELECT brand, string_agg(coalesce(sound, letter), ' ' ORDER BY position) AS brand_sound,
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

_BITS: Final = "least(l.bits, r.bits)"
_WHOLE: Final = "(l.whole AND r.whole)"
_BODY_EDIT: Final = (
    "(abs(length(l.body) - length(r.body)) <= 1 AND damerau_levenshtein(l.body_bytes, r.body_bytes) <= 1)"
)
_NAME_EDIT: Final = (
    "(abs(length(l.plain) - length(r.plain)) <= 1 AND damerau_levenshtein(l.plain_bytes, r.plain_bytes) <= 1)"
)
_EDIT: Final = f"({_BODY_EDIT} OR {_NAME_EDIT})"
_BRAND_EDIT: Final = (
    "(abs(length(l.brand) - length(r.brand)) <= 1 AND damerau_levenshtein(l.brand_bytes, r.brand_bytes) <= 1)"
)
_NO_INDUSTRY: Final = both("x.industry = ''")
_SHORTER: Final = "least(length(l.brand), length(r.brand))"
_REPLACED: Final = "(length(l.body) = length(r.body) AND levenshtein(l.body_bytes, r.body_bytes) <= 1)"
_RAREST: Final = (
    "list_max(list_transform(range(1, length(l.body) + 1), lambda i: "
    "CASE WHEN l.body[i] <> r.body[i] THEN greatest(l.letter_bits[i], r.letter_bits[i]) ELSE 0 END))"
)
"""Bits of the rarer of the two characters by which two names differ: a slip gives any character, a brand a usual one."""
_HELD: Final = "((NOT x.whole OR {other}.whole) AND contains({other}.body, x.core))"
_HELD_EITHER: Final = f"({sided(_HELD.format(other='r'), 'l')} OR {sided(_HELD.format(other='l'), 'r')})"
_BRAND_HELD: Final = "(contains(l.body, r.brand) OR contains(r.body, l.brand))"
_ABBREVIATED: Final = "levenshtein(l.body_bytes, r.body_bytes) = abs(length(l.body) - length(r.body))"

_PARTS: Final[tuple[tuple[str, str, tuple[Level, ...], str], ...]] = (
    (
        "brand",
        "false",
        (
            Level("same_name", equal("plain"), f"{_BITS} + 4"),
            Level("same_core", equal("core"), f"{_BITS} + 1"),
            Level("same", equal("brand"), _BITS),
            Level("sounds_alike", "l.sounds = r.sounds OR l.brand_sound = r.brand_sound", f"{_BITS} - 4"),
            Level("looks_alike", equal("look"), f"{_BITS} - 4"),
            Level(
                "abbreviated",
                f"NOT {_WHOLE} AND least(length(l.body), length(r.body)) >= 3 AND {_ABBREVIATED}",
                f"{_BITS} - 4",
            ),
            Level("typo", f"{_EDIT} AND NOT {_REPLACED}", f"{_BITS} - 4"),
            Level("one_other", _REPLACED, f"{_BITS} - 28 + 1.5 * least({_RAREST}, 14)"),
            Level("brand_typo", f"{_SHORTER} >= 3 AND {_BRAND_EDIT}", f"{_BITS} - 8"),
            Level("holds", f"{_SHORTER} >= 2 AND {_HELD_EITHER}", f"{_BITS} - 3"),
            Level("shares", f"{_SHORTER} >= 2 AND {_BRAND_HELD}", f"{_BITS} - 9"),
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
        f"(l.industry = '' AND r.industry = '') OR ({_NO_INDUSTRY} AND (NOT {_WHOLE} OR {_EDIT}))",
        (
            Level("same", equal("industry"), 2.5),
            Level("one_only", _NO_INDUSTRY, -8),
            Level(
                "typo", f"{_EDIT} AND ({both('len(x.industries) = 0')} OR list_has_any(l.industries, r.industries))", -1
            ),
            Level(
                "longer",
                "contains(l.industry, r.industry) OR contains(r.industry, l.industry)",
                f"CASE WHEN {_WHOLE} THEN -5 ELSE 1.5 END",
            ),
            Level("close", "list_has_any(l.industries, r.industries)", f"CASE WHEN {_WHOLE} THEN -7 ELSE 1 END"),
            Level("vague", both("len(x.industries) = 0"), f"CASE WHEN {_WHOLE} THEN -8 ELSE -3 END"),
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
