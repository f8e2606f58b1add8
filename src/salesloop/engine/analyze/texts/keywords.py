"""Words that come up in texts, found by statistics: no dictionary, no segmenter.

A run of two to five Chinese characters is taken for a word where its characters hold together and its surroundings vary:
its pointwise mutual information against the best way of cutting it in two, and the entropy of the characters before and
after it (the smaller of both), must be high enough (Huang and Powers, Chinese Word Segmentation Based on Contextual
Entropy, 2003; the edge of a run counts as a neighbour that is always new). English words are taken as they are written.
A part of a longer word that hardly stands alone is left out.

Change against the period before: log-odds ratio with an informative Dirichlet prior, as a z-score (Monroe, Colaresi and
Quinn, Fightin' Words, Political Analysis 16, 2008, equations 15 to 22), counted in texts. Beyond ±1.96 it is more than
chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import Final, Literal

import duckdb
import pyarrow as pa

from salesloop.engine.store.engines.quiet import connect

Standing = Literal["new", "rising", "falling", "steady"]
LONGEST: Final = 5
FEWEST: Final = 3
"""Texts in which a word must stand."""
COHESION: Final = 1.5
VARIETY: Final = 0.6
BEYOND_CHANCE: Final = 1.96
PART_OF: Final = 0.8
"""A shorter word is only a part of a longer one that has this share of its texts."""
SAMPLE: Final = 20_000
"""Texts of each period that are read: of more, those with the smallest hash of their id."""
PRIOR: Final = 0.1
"""Weight of what both periods have in common, as a share of all texts."""
_LOOSE: Final = (
    "的了是在和也都就还還我你您他她它们們这這那吗嗎呢吧啊把被给給从從与與及或而之以于於等着著过過个個些并並且但"
)
_STOP: Final = [
    "the",
    "and",
    "for",
    "that",
    "this",
    "with",
    "was",
    "were",
    "are",
    "you",
    "our",
    "your",
    "has",
    "have",
    "had",
    "not",
    "but",
    "they",
    "them",
    "their",
    "from",
    "all",
    "can",
    "will",
    "would",
    "very",
    "too",
    "also",
    "its",
    "his",
    "her",
    "she",
    "him",
    "who",
    "what",
    "when",
    "been",
    "more",
    "some",
    "about",
    "just",
    "than",
    "then",
    "there",
    "here",
    "out",
    "into",
    "over",
    "after",
    "before",
    "again",
    "only",
    "because",
    "could",
    "should",
    "did",
    "does",
    "how",
    "any",
    "one",
    "two",
    "get",
    "got",
    "use",
    "used",
]


@dataclass(frozen=True, slots=True)
class Keyword:
    """`now` and `before` are texts with the word; `z` is None where nothing was said before."""

    term: str
    now: int
    before: int
    z: float | None
    standing: Standing


def keywords(texts: pa.Table, limit: int = 60) -> list[Keyword]:
    """The words of the texts, the most frequent now first. `texts`: text_id, text, current (BOOLEAN)."""
    con = connect()
    try:
        con.register("texts", texts)
        con.execute(
            "CREATE TEMP TABLE doc AS SELECT row_number() OVER () AS id, lower(text) AS text, current FROM texts "
            "QUALIFY row_number() OVER (PARTITION BY current ORDER BY hash(text_id), text_id) <= $most",
            {"most": SAMPLE},
        )
        sizes = dict(con.execute("SELECT current, count(*) FROM doc GROUP BY ALL").fetchall())
        _find_words(con)
        _leave_parts_out(con)
        found = con.execute(
            "SELECT term, now, before FROM word WHERE now > 0 OR before > 0 ORDER BY now DESC, before DESC, term"
        ).fetchall()
    finally:
        con.close()
    known = [_keyword(term, now, before, sizes.get(True, 0), sizes.get(False, 0)) for term, now, before in found]
    moved = [word for word in known if word.standing != "steady"]
    frequent = [word for word in known if word.standing == "steady" and word.now]
    return sorted([*moved[:limit], *frequent[:limit]], key=lambda word: (-word.now, -word.before, word.term))


def _find_words(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        r"CREATE TEMP TABLE run AS SELECT id, current, unnest(regexp_extract_all(text, '\p{Han}+')) AS run FROM doc"
    )
    con.execute(
        "CREATE TEMP TABLE gram AS SELECT id, current, substr(run, i, n) AS term, n, "
        "CASE WHEN i > 1 THEN substr(run, i - 1, 1) END AS ahead, nullif(substr(run, i + n, 1), '') AS behind "
        "FROM (SELECT id, current, run, unnest(range(1, len(run) + 1)) AS i FROM run), "
        f"(SELECT unnest(range(1, {LONGEST + 1})) AS n) WHERE i + n - 1 <= len(run)"
    )
    con.execute(
        "CREATE TEMP TABLE counted AS SELECT term, any_value(n) AS n, count(*) AS times, count(DISTINCT id) AS docs, "
        "count(DISTINCT id) FILTER (current) AS now, count(DISTINCT id) FILTER (NOT current) AS before FROM gram GROUP BY term"
    )
    con.execute(
        f"CREATE TEMP TABLE candidate AS SELECT * FROM counted WHERE n > 1 AND docs >= {FEWEST} "
        f"AND NOT contains('{_LOOSE}说說问問', left(term, 1)) AND NOT contains('{_LOOSE}不没沒能很太', right(term, 1))"
    )
    cohesion = (
        "SELECT c.term, min(ln(c.times * total.n / (a.times * b.times))) AS cohesion "
        "FROM candidate c, unnest(range(1, c.n)) AS cut(k), (SELECT CAST(count(*) AS DOUBLE) AS n FROM gram WHERE n = 1) total, "
        "counted a, counted b WHERE a.term = left(c.term, cut.k) AND b.term = substr(c.term, cut.k + 1) GROUP BY c.term"
    )
    variety = " UNION ALL ".join(
        f"SELECT term, sum(CASE WHEN {side} IS NULL THEN m * ln(times) ELSE -m * ln(m / times) END / times) AS entropy FROM "
        f"(SELECT term, {side}, CAST(count(*) AS DOUBLE) AS m FROM gram SEMI JOIN candidate USING (term) GROUP BY ALL) "
        "JOIN candidate USING (term) GROUP BY term"
        for side in ("ahead", "behind")
    )
    con.execute(
        f"CREATE TEMP TABLE word AS SELECT term, docs, now, before FROM candidate JOIN ({cohesion}) USING (term) "
        f"JOIN (SELECT term, min(entropy) AS variety FROM ({variety}) GROUP BY term) USING (term) "
        f"WHERE cohesion >= {COHESION} AND variety >= {VARIETY} UNION ALL "
        "SELECT term, count(DISTINCT id), count(DISTINCT id) FILTER (current), count(DISTINCT id) FILTER (NOT current) FROM "
        "(SELECT id, current, unnest(regexp_extract_all(text, '[a-z][a-z0-9]*(?:-[a-z0-9]+)*')) AS term FROM doc) "
        f"WHERE len(term) > 2 AND term NOT IN {tuple(_STOP)} GROUP BY term HAVING count(DISTINCT id) >= {FEWEST}"
    )


def _leave_parts_out(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "DELETE FROM word WHERE term IN (SELECT part.term FROM word part JOIN word whole ON len(whole.term) > len(part.term) "
        f"AND contains(whole.term, part.term) AND whole.docs >= {PART_OF} * part.docs)"
    )


def _keyword(term: str, now: int, before: int, all_now: int, all_before: int) -> Keyword:
    z = log_odds(now, all_now, before, all_before) if all_now and all_before else None
    standing: Standing = "steady"
    if z is not None and z >= BEYOND_CHANCE:
        standing = "new" if before == 0 else "rising"
    elif z is not None and z <= -BEYOND_CHANCE:
        standing = "falling"
    return Keyword(term, now, before, z, standing)


def log_odds(now: int, all_now: int, before: int, all_before: int) -> float:
    """z-score of the change of a word's share, shrunk towards its share in both periods together."""
    size = PRIOR * (all_now + all_before)
    prior = size * (now + before) / (all_now + all_before)
    one, other = now + prior, before + prior
    delta = log(one / (all_now + size - one)) - log(other / (all_before + size - other))
    return delta / sqrt(1 / one + 1 / other)
