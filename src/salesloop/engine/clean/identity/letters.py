"""SQL for texts of characters that take several bytes each: DuckDB measures edit distances in bytes."""

from __future__ import annotations


def one_byte(text: str) -> str:
    """`text` with one printable byte for each character, so that the edit distance of two such is that of the texts.

    Characters share bytes (94 for all): two different ones look equal once in 94 times. ASCII stays as it is.
    """
    coded = f"array_to_string(list_transform(string_split({text}, ''), lambda c: chr(33 + CAST(unicode(c) * 7919 % 94 AS INTEGER))), '')"
    return f"CASE WHEN regexp_full_match({text}, '[\\x00-\\x7F]*') THEN {text} ELSE {coded} END"


def edits(text: str) -> str:
    """A list of `text` and of all that it becomes without one of its characters. Two texts that are one slip apart (a
    character wrong, missing, added, or two swapped) share one of these."""
    without_one = (
        f"list_transform(range(1, length({text}) + 1), lambda i: substr({text}, 1, i - 1) || substr({text}, i + 1))"
    )
    return f"list_append({without_one}, {text})"


def one_edit(column: str) -> str:
    """Whether `column` of both sides is one slip apart or equal. Of the few whose bytes are, the characters are looked at."""
    near = f"abs(length(l.{column}) - length(r.{column})) <= 1 AND damerau_levenshtein(l.{column}_bytes, r.{column}_bytes) <= 1"
    return f"(CASE WHEN {near} THEN list_has_any({edits(f'l.{column}')}, {edits(f'r.{column}')}) ELSE false END)"
