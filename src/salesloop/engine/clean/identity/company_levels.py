"""How much each part of two company names that agree or differ says: the levels and their weights in bits.

The weights were set by hand on one half of a labelled set (`benchmarks matching`) and are reported on the other half.
How much a shared brand says depends on its characters: rare ones weigh more (bits of information in this table), and a
brand that many firms of the table have says less. Columns are those of `company_columns.prepare_names`.
"""

from __future__ import annotations

from typing import Final

from salesloop.engine.clean.identity.comparison import Level, both, equal, sided
from salesloop.engine.clean.identity.letters import one_edit


def _replaced(column: str) -> str:
    """Whether one slip apart is one character for another."""
    return f"(length(l.{column}) = length(r.{column}) AND levenshtein(l.{column}_bytes, r.{column}_bytes) <= 1)"


_BITS: Final = "least(l.bits, r.bits)"
_WHOLE: Final = "(l.whole AND r.whole)"
_BODY_EDIT: Final = "c.body_edit"
_NAME_EDIT: Final = "c.plain_edit"
_EDIT: Final = f"({_BODY_EDIT} OR {_NAME_EDIT})"
ONCE: Final = (("body_edit", one_edit("body")), ("plain_edit", one_edit("plain")))
"""What several levels ask, and dear: most of what comparing two names costs."""
_BRAND_EDIT: Final = one_edit("brand")
_NO_INDUSTRY: Final = both("x.industry = ''")
_NO_PLACE: Final = both("x.province IS NULL")
_SHORTER: Final = "least(length(l.brand), length(r.brand))"
_REPLACED: Final = f"({_BODY_EDIT} AND {_replaced('body')})"
_MOVED: Final = f"(({_BODY_EDIT} AND NOT {_replaced('body')}) OR ({_NAME_EDIT} AND NOT {_replaced('plain')}))"
"""A character missing, added, or two swapped: in the name as a whole, or in what stands between place and form."""
_RAREST: Final = (
    "list_max(list_transform(range(1, length(l.body) + 1), lambda i: "
    "CASE WHEN l.body[i] <> r.body[i] THEN greatest(l.letter_bits[i], r.letter_bits[i]) ELSE 0 END))"
)
"""Bits of the rarer of the two characters by which two names differ: a slip gives any character, a brand a usual one."""
_BOTH_KNOWN: Final = "least(2 * log2(least(l.firms, r.firms)), 8)"
"""Two brands that several firms have each are two brands, however alike."""
_HELD: Final = "((NOT x.whole AND contains({other}.body, x.core)) OR (x.whole AND {other}.whole AND starts_with({other}.core, x.core)))"
"""A short name stands anywhere in the other; a whole one begins it."""
_HELD_EITHER: Final = f"({sided(_HELD.format(other='r'), 'l')} OR {sided(_HELD.format(other='l'), 'r')})"
_BRAND_HELD: Final = "(contains(l.body, r.brand) OR contains(r.body, l.brand))"
_ABBREVIATED: Final = "levenshtein(l.body_bytes, r.body_bytes) = abs(length(l.body) - length(r.body))"

PARTS: Final[tuple[tuple[str, str, tuple[Level, ...], str], ...]] = (
    (
        "brand",
        "false",
        (
            Level("same_name", equal("plain"), f"{_BITS} + 4"),
            Level("same_core", equal("core"), f"{_BITS} + 1"),
            Level("same", equal("brand"), _BITS),
            Level(
                "sounds_alike",
                "l.sounds = r.sounds OR l.brand_sound = r.brand_sound",
                f"{_BITS} - 5 - {_BOTH_KNOWN}",
                slip=True,
            ),
            Level("looks_alike", equal("look"), f"{_BITS} - 4 - {_BOTH_KNOWN}", slip=True),
            Level(
                "abbreviated",
                f"NOT {_WHOLE} AND least(length(l.body), length(r.body)) >= 3 AND {_ABBREVIATED}",
                f"{_BITS} - 4",
                ask=True,
            ),
            Level("typo", _MOVED, f"{_BITS} - 4 - {_BOTH_KNOWN}", slip=True),
            Level("one_other", _REPLACED, f"{_BITS} - 28 + 1.5 * least({_RAREST}, 14) - {_BOTH_KNOWN}", slip=True),
            Level("brand_typo", f"{_SHORTER} >= 3 AND {_BRAND_EDIT}", f"{_BITS} - 8 - {_BOTH_KNOWN}", slip=True),
            Level("holds", f"{_SHORTER} >= 2 AND {_HELD_EITHER}", f"{_BITS} - 3", ask=True),
            Level(
                "shares",
                f"{_SHORTER} >= 2 AND {_BRAND_HELD}",
                f"{_BITS} - CASE WHEN {_WHOLE} THEN 14 ELSE 9 END",
                ask=True,
            ),
            Level("differ", "true", -30, bars=True),
        ),
        "brand",
    ),
    (
        "place",
        f"{_NO_PLACE} AND (greatest(l.places, r.places) <= 1 OR (l.province IS NULL AND r.province IS NULL))",
        (
            Level("of_several", _NO_PLACE, -1, ask=True),
            Level("same", "l.province = r.province AND l.city IS NOT DISTINCT FROM r.city", 2),
            Level("within", "l.province = r.province AND (l.city IS NULL OR r.city IS NULL)", 0, ask=True),
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
