"""Addresses: text, and the province, prefecture, county and official code (GB/T 2260) that their beginning names.

浙江省杭州市西湖区文三路90号, 杭州西湖区, 恩施州利川市, 廣東省深圳市南山區, 浙江省萧山市 (a former name). What several places are
called (鼓楼区) stays open as far as they differ; 南京东路 and 北京路 are streets.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as replace_fields
from functools import cache
from typing import Final

import duckdb
import pyarrow as pa

from salesloop.engine.clean.values.cells import INVISIBLE, contains, half, is_blank, literal, replace
from salesloop.engine.clean.values.divisions import NO_SIGHT, NO_STREET, WHOLE, spellings
from salesloop.engine.clean.values.label import Text
from salesloop.engine.clean.values.recipe import ColumnRule, Recipe

FIELDS: Final = {"province": "province", "city": "city", "district": "district", "division_code": "code"}
"""Field of the model → column of the table that `name_places` writes."""

_BETWEEN: Final = rf"[\s\p{{Z}}{INVISIBLE},，、/|·>_\-]+"
_BEFORE: Final = r"^(?:地址|详细地址)?[:：]?[(（\[]?(?:\d{6})?[)）\]]?(?:中华人民共和国|中国)?"
_STREET: Final = (
    r"^(?:[东西南北中一二三四五六七八九十内外前后新老上下]{0,2}|第?\d{1,3}|[^省市区县]{0,1})"
    r"(?:路|街|大道|大街|巷|弄|胡同|里|道|桥|大厦|广场|村|镇|乡|街道|饭店|医院|花园|大学)"
)
_SIGHT: Final = r"^(?:国际)?(?:机场|火车站|高铁站|客运站|汽车站|[东西南北]?站|山|湖|寺|港|古镇|中心|市|区|县|[省州])"
_EXTRA_TRADITIONAL: Final = {"臺": "台", "瀋": "沈", "巖": "岩", "衞": "卫"}


@dataclass(frozen=True)
class Address(Text):
    """Text of which the places are told beside it: `told` adds them to the recipe of a column that `name_places` has read."""


def told(x: str, recipe: Recipe, example: tuple[str, str]) -> Recipe:
    """The recipe of column `x` with the fields of a struct `X_place` (one of `name_places`, NULL without a place)."""
    also = {field: f"{x}_place.{column}" for field, column in FIELDS.items()}
    rules = (*recipe.column_rules, ColumnRule("division", *example))
    return replace_fields(recipe, also=also, column_rules=rules)


def name_places(con: duckdb.DuckDBPyConnection, relation: str, x: str, table: str) -> None:
    """Write the distinct addresses in column `x` of `relation` that name a place into the temporary `table`:
    `before` (the text of the cell), `province`, `city`, `district`, `code`."""
    con.register(f"{table}_names", _spelled())
    # The longest spelling that the address begins with, and the place that it names, if it names one.
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS "
        f"WITH said AS (SELECT before, {_plain('before')} AS t FROM (SELECT DISTINCT {x} AS before FROM {relation}) "
        f"WHERE before IS NOT NULL AND NOT {is_blank('before')}), "
        f"tried AS (SELECT before, t, unnest(range(1, CAST(least(length(t), {_longest()}) AS BIGINT) + 1)) AS n FROM said), "
        f"found AS (SELECT before, n, names FROM tried JOIN {table}_names names ON names.spelling = substr(t, 1, n) "
        f"WHERE CASE behind WHEN {WHOLE} THEN n = length(t) WHEN {NO_STREET} THEN NOT {contains('substr(t, n + 1)', _STREET)} "
        f"WHEN {NO_SIGHT} THEN NOT {contains('substr(t, n + 1)', f'{_STREET}|{_SIGHT}')} ELSE true END), "
        f"longest AS (SELECT before, arg_max(names, n) AS place FROM found GROUP BY before) "
        f"SELECT before, place.province, place.city, place.district, place.code FROM longest WHERE place.province IS NOT NULL"
    )
    con.unregister(f"{table}_names")


def _plain(x: str) -> str:
    """The address in simplified characters, without blanks, country and postal code."""
    joined = replace(f"lower({half(x)})", _BETWEEN, "")
    traditional, simplified = _characters()
    simple = f"translate({joined}, {literal(traditional)}, {literal(simplified)})"
    either = f"CASE WHEN {contains(x, f'[{traditional}]')} THEN {simple} ELSE {joined} END"
    return f"regexp_replace({either}, {literal(_BEFORE)}, '')"


@cache
def _spelled() -> pa.Table:
    places = [place for _, place in spellings().values()]
    columns = {
        name: pa.array([getattr(p, name) if p else None for p in places], pa.string()) for name in FIELDS.values()
    }
    behind = pa.array([behind for behind, _ in spellings().values()], pa.int8())
    return pa.table({"spelling": pa.array(list(spellings()), pa.string()), "behind": behind, **columns})


@cache
def _longest() -> int:
    return max(map(len, spellings()))


@cache
def _characters() -> tuple[str, str]:
    """The traditional characters of the names, and the simplified ones that they stand for, in the same order."""
    import opencc

    used = sorted({char for text in spellings() for char in text})
    traditional = opencc.OpenCC("s2t").convert("\n".join(used)).split("\n")
    pairs = dict(zip(traditional, used, strict=True)) | _EXTRA_TRADITIONAL
    pairs = {before: after for before, after in pairs.items() if before != after and before not in used}
    return "".join(pairs), "".join(pairs.values())
