"""Which themes a text mentions, and what it feels about them.

A text is cut into clauses at punctuation and at words of contrast. A theme is mentioned by a clause that has one of its
phrases, unless a word such as 不是 or `nothing to do with` stands shortly before it. The feeling of a clause is the sum of
its words of feeling: +1 or −1 each, turned round by a negation right before (不便宜, `not expensive`), half as much again
after 很 or `very`, half after 有点 or `slightly`. A theme has the sign of the clauses that mention it; where they say
nothing, that of the clauses that mention no theme (打印机又卡纸，客户很失望). Simple on purpose: what a sentence was counted for can
be seen from its words. How well it does is measured on labelled sentences in the tests.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from salesloop.engine.analyze.texts.lexicon import Lexicon, pattern
from salesloop.engine.store.engines.quiet import connect

_CUT: Final = r"[，。；！？、,;!?…\r\n]+|\.\s|但是|但|不过|可是|然而|只是|就是|雖然|虽然|儘管|尽管|另外|\b(?:but|however|although|though|and)\b"
_BETWEEN: Final = r"(?:\s|是|的|什么|什麼|任何|出现|出現|有|any|a|the|so|that|been|be|it){0,3}"
MORE: Final = 1.5
LESS: Final = 0.5


def mentions(texts: pa.Table, lexicon: Lexicon) -> pa.Table:
    """(text_id, theme, feeling −1, 0 or 1), one row a text and theme that it mentions.

    `texts`: `text_id` (any type, unique), `text` (VARCHAR). Equal texts are read once.
    """
    con = connect()
    try:
        con.register("texts", texts)
        con.execute(
            "CREATE TEMP TABLE said AS SELECT row_number() OVER () AS said_id, text FROM (SELECT DISTINCT text FROM texts)"
        )
        con.execute(
            "CREATE TEMP TABLE clause AS SELECT said_id, clause, row_number() OVER () AS clause_id FROM "
            "(SELECT said_id, trim(unnest(string_split_regex(lower(text), $cut))) AS clause FROM said) "
            "WHERE clause <> ''",
            {"cut": _CUT},
        )
        con.execute(f"CREATE TEMP TABLE felt AS SELECT clause_id, said_id, {_feeling(lexicon)} AS feeling FROM clause")
        con.execute(f"CREATE TEMP TABLE named AS {_named(lexicon)}")
        return con.sql(
            "WITH loose AS (SELECT said_id, sum(feeling) AS feeling FROM felt WHERE clause_id NOT IN "
            "(SELECT clause_id FROM named) GROUP BY said_id), "
            "themed AS (SELECT named.said_id, theme, sum(feeling) AS feeling FROM named JOIN felt USING (clause_id) "
            "GROUP BY named.said_id, theme) "
            "SELECT text_id, theme, CAST(sign(CASE WHEN themed.feeling <> 0 THEN themed.feeling "
            "ELSE coalesce(loose.feeling, 0) END) AS INTEGER) AS feeling "
            "FROM themed JOIN said USING (said_id) JOIN texts USING (text) LEFT JOIN loose USING (said_id)"
        ).to_arrow_table()
    finally:
        con.close()


def _named(lexicon: Lexicon) -> str:
    """SELECT said_id, clause_id, theme: the clauses that mention each theme."""
    beside = pattern(lexicon.feelings.beside)
    parts = []
    for theme in lexicon.themes:
        names = pattern([*theme.phrases, *theme.good, *theme.bad])
        not_about = f"{beside}.{{0,6}}{pattern(theme.phrases)}"
        judged = pattern([*theme.good, *theme.bad])
        parts.append(
            f"SELECT said_id, clause_id, '{theme.theme}' AS theme FROM clause WHERE regexp_matches(clause, {_text(names)}) "
            f"AND (NOT regexp_matches(clause, {_text(not_about)}) OR regexp_matches(clause, {_text(judged)}))"
        )
    return " UNION ALL ".join(parts)


def _feeling(lexicon: Lexicon) -> str:
    """SQL: the feeling of a clause, a sum over its words."""
    feelings = lexicon.feelings
    good = pattern([*feelings.good, *(word for theme in lexicon.themes for word in theme.good)])
    bad = pattern([*feelings.bad, *(word for theme in lexicon.themes for word in theme.bad)])
    more, less, negation = pattern(feelings.more), pattern(feelings.less), pattern(feelings.not_)
    weight = f"(?:(?:{more}|{less})\\s*)?"
    word = f"(?:{negation}{_BETWEEN})?{weight}(?:{good}|{bad})"
    plain_good, plain_bad, ends_good = f"^{weight}{good}$", f"^{weight}{bad}$", f"{good}$"
    return (
        f"coalesce(list_sum(list_transform(regexp_extract_all(clause, {_text(word)}), lambda x: "
        f"CASE WHEN regexp_matches(x, {_text(plain_bad)}) THEN -1.0 WHEN regexp_matches(x, {_text(plain_good)}) THEN 1.0 "
        f"WHEN regexp_matches(x, {_text(ends_good)}) THEN -1.0 ELSE 1.0 END "
        f"* CASE WHEN regexp_matches(x, {_text(f'^{more}')}) THEN {MORE} WHEN regexp_matches(x, {_text(f'^{less}')}) THEN {LESS} "
        f"ELSE 1.0 END)), 0)"
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
