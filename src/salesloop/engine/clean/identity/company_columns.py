"""What is compared of company names besides their parts: sounds, rarity of characters, rare pairs of neighbours."""

from __future__ import annotations

from typing import Final

import duckdb

from salesloop.engine.clean.identity import script, words
from salesloop.engine.clean.identity.company import split_names
from salesloop.engine.clean.identity.letters import one_byte

_RARE_PAIRS: Final = 4
_COMMON: Final = 60
"""A pair of characters in more names than this leads nowhere."""

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
    SELECT brand, any_value(firms) AS firms, string_agg(coalesce(sound, letter), ' ' ORDER BY position) AS brand_sound,
        least(greatest(sum(bits) - greatest(log2(any_value(firms)) - 2, 0), 4), 15) AS bits
    FROM letters LEFT JOIN identity_sound USING (letter) LEFT JOIN identity_letter USING (letter) GROUP BY brand
"""

_CORES: Final = "SELECT core, count(DISTINCT place) AS places FROM identity_split GROUP BY core"

_PAIRS: Final = f"""
    WITH pairs AS (
        SELECT body, unnest(list_distinct(list_transform(range(1, length(body)), lambda i: substr(body, i, 2)))) AS pair
        FROM (SELECT DISTINCT body FROM identity_split WHERE length(body) >= 2)
    ),
    counted AS (SELECT pair, count(*) AS n FROM pairs GROUP BY pair HAVING n BETWEEN 2 AND {_COMMON})
    SELECT body, list_slice(list(pair ORDER BY n, pair), 1, {_RARE_PAIRS}) AS rare FROM pairs JOIN counted USING (pair) GROUP BY body
"""


def prepare_names(con: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
    """Creates the temporary table `target`: the parts of `split_names` and

    sounds (of each character of the body), letter_bits (their rarity), brand_sound, bits (how much the brand tells, 4–15),
    firms (cores of this brand), places (how many places the core is found in), look (the brand with lookalike characters made one), rare (the rarest pairs of
    neighbouring characters that other names have too), and plain, body, brand as `_bytes` (`letters.one_byte`).
    """
    split_names(con, source, "identity_split")
    con.register("identity_sound", script.sounds())
    alike, stands_for = words.lookalikes()
    for name, sql in (
        ("identity_letter", _LETTERS),
        ("identity_body", _BODIES),
        ("identity_brand", _BRANDS),
        ("identity_core", _CORES),
        ("identity_pair", _PAIRS),
    ):
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {target} AS SELECT s.*, a.sounds, a.letter_bits, b.brand_sound, b.firms, b.bits, c.places, "
        f"{one_byte('plain')} AS plain_bytes, {one_byte('body')} AS body_bytes, {one_byte('brand')} AS brand_bytes, "
        f"CASE WHEN han THEN translate(brand, '{alike}', '{stands_for}') ELSE brand END AS look, p.rare "
        "FROM identity_split s JOIN identity_body a USING (body) JOIN identity_brand b USING (brand) JOIN identity_core c USING (core) "
        "LEFT JOIN identity_pair p USING (body)"
    )
