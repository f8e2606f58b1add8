"""Product names: the same letters and digits whatever blanks and signs (GTXPro, GTX Pro), and never another number."""

from __future__ import annotations

from salesloop.engine.clean.identity.comparison import Level, equal
from salesloop.engine.clean.identity.letters import edits
from salesloop.engine.clean.identity.simple import TIGHT, Simple


def product(field: str) -> Simple:
    """Names, models and specifications of goods. Another number (500ml, 250ml; A1, A2) is another product."""
    v, b = f"{field}_value", f"{field}_bytes"
    digits = r"array_to_string(list_sort(regexp_extract_all({0}, '\d+')), ' ')"
    levels = (
        Level("same", equal(v), 14),
        Level("other_number", f"{digits.format('l.' + v)} <> {digits.format('r.' + v)}", -12),
        Level("typo", f"length(l.{v}) >= 6 AND damerau_levenshtein(l.{b}, r.{b}) = 1", 8, ask=True),
        Level(
            "holds",
            f"least(length(l.{v}), length(r.{v})) >= 4 AND (contains(l.{v}, r.{v}) OR contains(r.{v}, l.{v}))",
            4,
            ask=True,
        ),
        Level("near", f"jaro_winkler_similarity(l.{b}, r.{b}) >= 0.92", 1, ask=True),
        Level("differ", "true", -12),
    )
    further = {"start": f"[left({v}, 5)]", "edits": f"CASE WHEN length({v}) BETWEEN 5 AND 40 THEN {edits(v)} END"}
    return Simple(field, TIGHT, levels, further)
