"""Company names in their parts: place, 字号 (brand), industry, legal form, branch.

深圳市振业（集团）股份有限公司福田分公司 → place 广东 深圳, brand 振业, group 集团, form 股份, branch 福田分公司.
"""

from __future__ import annotations

from typing import Final

import duckdb

from salesloop.engine.clean.identity import script, words
from salesloop.engine.clean.values.cells import extract, half, literal, trimmed

_BRACKETS: Final = ("【〔[{<《「】〕]}>》」", "(" * 7 + ")" * 7)
_PLAIN: Final = f"translate(upper({trimmed(half('raw'))}), '{_BRACKETS[0]}', '{_BRACKETS[1]}')"
_STOCK: Final = r"^\*?S?\*?ST(\p{Han})"
_SHARE_CLASS: Final = r"(\p{Han})[AB]$"
_OWNERS: Final = "公司|集团|厂|银行|事务所|合作社|中心|医院|学校|大学|学院|研究院|酒店|商场|超市"


def split_names(con: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
    """Creates the temporary table `target` (raw, plain, body, core, brand, industry, province, city, form, grouped,
    branch, numbers, whole, short, han) with one row for each distinct text of the column `raw` of `source`.

    `plain` is the whole name without blanks and punctuation in simplified characters; `body` is what stands between
    place and legal form; `whole`: it has a legal form, 股份 alone is none. `core` is brand and industry, and holds the place where there would be no brand without it
    (青岛啤酒). Parts that are not there are '', province and city NULL.
    """
    con.register("identity_place", words.places())
    con.register("identity_industry", words.industry_table())
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {target} AS SELECT raw, {_PLAIN} AS text FROM (SELECT DISTINCT raw FROM {source} WHERE raw IS NOT NULL)"
    )
    script.simplify(con, target, "text")
    for step in (_marks(), _branches(), _forms(), _places(), _brands(), _industries()):
        con.execute(f"CREATE OR REPLACE TEMP TABLE {target} AS {step.replace('{names}', target)}")


def _marks() -> str:
    """The place that stands in brackets, and the name without any signs."""
    bracketed = rf"\(({words.place_pattern()}){words.PLACE_SUFFIX}?\)"
    han = r"regexp_matches(text, '\p{Han}')"
    cleared = rf"regexp_replace(regexp_replace(regexp_replace(text, {literal(bracketed)}, ''), '{_STOCK}', '\1'), '[^\p{{L}}\p{{N}}]', '', 'g')"
    spoken = r"trim(regexp_replace(replace(text, '&', ' AND '), '[^\p{L}\p{N}]+', ' ', 'g'))"
    return (
        rf"SELECT raw, han, inside, CASE WHEN han THEN regexp_replace(plain, '{_SHARE_CLASS}', '\1') ELSE plain END AS plain "
        f"FROM (SELECT raw, {han} AS han, CASE WHEN {han} AND contains(text, '(') "
        f"THEN regexp_extract(text, {literal(bracketed)}, 1) ELSE '' END AS inside, "
        f"CASE WHEN {han} THEN {cleared} ELSE {spoken} END AS plain FROM {{names}})"
    )


def _branches() -> str:
    pattern = rf"^(.*(?:{_OWNERS}))(.{{0,12}}{words.branch_pattern()})$"
    split = f"CASE WHEN han AND regexp_matches(plain, '{words.branch_pattern()}$') THEN {extract('plain', pattern, ('head', 'branch'))} END"
    return (
        "SELECT * EXCLUDE (split), CASE WHEN split.branch <> '' THEN split.head ELSE plain END AS head, "
        f"coalesce(split.branch, '') AS branch FROM (SELECT *, {split} AS split FROM {{names}})"
    )


def _forms() -> str:
    chinese = extract("head", f"^(.+?){words.group_pattern()}?({words.form_pattern()}*)$", ("body", "form"))
    english = extract("head", f"^(.+?)((?: {words.english_form_pattern()})*)$", ("body", "form"))
    kinds = " ".join(
        f"WHEN regexp_matches(split.form, '{pattern}') THEN '{kind}'" for kind, pattern in words.form_kinds().items()
    )
    return (
        f"SELECT * EXCLUDE (head, split), split.body AS body, CASE WHEN split.form = '' THEN '' WHEN NOT han THEN '公司' {kinds} ELSE '公司' END AS form, "
        f"regexp_matches(head, {literal(words.group_pattern())}) AS grouped "
        f"FROM (SELECT *, CASE WHEN han THEN {chinese} ELSE {english} END AS split FROM {{names}})"
    )


def _places() -> str:
    """The places before the brand; the last of them is the nearest. A place in brackets counts where none stands before."""
    place = f"(?:({words.place_pattern()}){words.PLACE_SUFFIX}?)"
    pattern = rf"^(?:{place}{place}?(\p{{Han}}{{1,3}}[县区市])?)?(.{{2,}})$"
    split = extract("body", pattern, ("first", "second", "county", "rest"))
    return (
        f"WITH split AS (SELECT *, {split} AS p FROM {{names}}) "
        "SELECT split.* EXCLUDE (p, inside), coalesce(nullif(p.rest, ''), body) AS rest, "
        "coalesce(nullif(left(body, length(body) - length(coalesce(nullif(p.rest, ''), body))), ''), inside) AS before, "
        "coalesce(b.province, a.province, c.province) AS province, coalesce(b.city, a.city, c.city) AS city "
        "FROM split LEFT JOIN identity_place a ON a.word = p.first LEFT JOIN identity_place b ON b.word = p.second "
        "LEFT JOIN identity_place c ON c.word = inside"
    )


def _brands() -> str:
    """The brand is what stands before the first words of an industry; two characters at least."""
    words_only = rf"^(.{{2,}}?)({words.industry_pattern()}+)$"
    mixed = rf"^(.{{2,5}}?)({words.industry_pattern()}.*)$"
    nothing_else = f"^{words.industry_pattern()}+$"
    split = f"CASE WHEN regexp_matches(rest, {literal(words_only)}) THEN {extract('rest', words_only, ('brand', 'industry'))} ELSE {extract('rest', mixed, ('brand', 'industry'))} END"
    return (
        f"SELECT * EXCLUDE (before, rest, split), CASE WHEN bare THEN before || rest ELSE rest END AS core, "
        f"CASE WHEN bare THEN before || rest ELSE coalesce(nullif(split.brand, ''), replace(rest, ' ', '')) END AS brand, "
        f"CASE WHEN bare THEN '' ELSE coalesce(split.industry, '') END AS industry "
        f"FROM (SELECT *, han AND before <> '' AND regexp_matches(rest, {literal(nothing_else)}) AS bare, "
        f"CASE WHEN han THEN {split} END AS split FROM {{names}})"
    )


def _industries() -> str:
    """Which industries the words speak of, and what only tells two of the same name apart: numbers.

    Looked up once for each distinct text: there are few.
    """
    found = f"unnest(regexp_extract_all(spoken, {literal(words.industry_pattern())}))"
    number = "[0-9]+|第[一二三四五六七八九十]+"
    return (
        "WITH names AS (SELECT *, CASE WHEN NOT han THEN '' WHEN industry = '' THEN core ELSE industry END AS spoken FROM {names}), "
        f"said AS (SELECT spoken, {found} AS word FROM (SELECT DISTINCT spoken FROM names)), "
        "meant AS (SELECT spoken, list_sort(list(DISTINCT industry)) AS industries FROM said JOIN identity_industry USING (word) GROUP BY spoken) "
        "SELECT raw, replace(plain, ' ', '') AS plain, replace(body, ' ', '') AS body, replace(core, ' ', '') AS core, brand, industry, "
        "coalesce(industries, []) AS industries, province, city, coalesce(city, province) AS place, form, grouped, branch, "
        f"array_to_string(regexp_extract_all(body, '{number}'), ' ') AS numbers, "
        "form <> '' AND NOT (han AND ends_with(plain, '股份')) AS whole, han AND NOT whole AND length(plain) <= 6 AS short, han FROM names LEFT JOIN meant USING (spoken)"
    )
