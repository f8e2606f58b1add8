"""Which pairs of records are compared at all: those that meet in a key of a block.

A key that very many records share (a placeholder, 有限公司 as a whole name) would pair all with all. Its records are lined
up and each meets its neighbours only: nobody is left out, and equal ones still hang together in a chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import duckdb

from salesloop.engine.clean.identity.comparison import Comparison

_CROWD: Final = 200
_NEIGHBOURS: Final = 20


def candidate_pairs(
    con: duckdb.DuckDBPyConnection, blocks: Sequence[Sequence[str]], comparisons: Sequence[Comparison]
) -> None:
    """Creates the temporary table `identity_candidate` (l, r): numbers of records, l < r, at least one of them fresh.

    A block is a list of keys (`field` or `field.key`); the first may give several texts a record. KeyError where a
    comparison has no such key. Records that their comparison tells apart (firms of different provinces) do not meet by it.
    """
    known = {one.field: one for one in comparisons}
    blocked = " UNION ALL ".join(_keys(number, block, known) for number, block in enumerate(blocks))
    con.execute(f"CREATE OR REPLACE TEMP TABLE identity_key AS {blocked}")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE identity_meeting AS WITH met AS ("
        "SELECT h FROM identity_key GROUP BY h HAVING count(*) > 1 AND bool_or(fresh)), "
        "placed AS (SELECT h, i, fresh, apart, count(*) OVER (PARTITION BY h) AS n, "
        "row_number() OVER (PARTITION BY h ORDER BY apart, i) AS place FROM identity_key JOIN met USING (h)) "
        f"SELECT h, i, fresh, apart FROM placed WHERE n <= {_CROWD} UNION ALL "
        f"SELECT hash(h, place // {_NEIGHBOURS}), i, fresh, apart FROM placed WHERE n > {_CROWD} UNION ALL "
        f"SELECT hash(h, (place + {_NEIGHBOURS // 2}) // {_NEIGHBOURS}, 'between'), i, fresh, apart FROM placed WHERE n > {_CROWD}"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE identity_candidate AS SELECT DISTINCT a.i AS l, b.i AS r "
        "FROM identity_meeting a JOIN identity_meeting b ON a.h = b.h AND a.i < b.i AND (a.fresh OR b.fresh) "
        "AND (a.apart IS NULL OR b.apart IS NULL OR a.apart = b.apart)"
    )
    con.execute("DROP TABLE identity_key; DROP TABLE identity_meeting")


def _keys(number: int, block: Sequence[str], known: Mapping[str, Comparison]) -> str:
    first, *others = (_key(name, known) for name in block)
    beside = "".join(f", {keys}[1] AS k{n}" for n, keys in enumerate(others))
    names = ["text", *(f"k{n}" for n in range(len(others)))]
    apart = known[block[0].partition(".")[0]].apart
    return (
        f"SELECT hash({', '.join([str(number), *names])}) AS h, i, fresh, apart FROM "
        f"(SELECT i, fresh, {apart} AS apart, unnest({first}) AS text{beside} FROM identity_record) "
        f"WHERE {' AND '.join(f'{name} IS NOT NULL' for name in names)}"
    )


def _key(name: str, known: Mapping[str, Comparison]) -> str:
    field, _, key = name.partition(".")
    return known[field].keys[key]
