"""However a table is decorated (titles, merged cells, blank rows and columns, totals, notes, neighbours), it comes back
with its cells exactly, each in the row where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from salesloop.engine.collect.raw import ROW, RawTable
from salesloop.engine.collect.sheet import find_tables
from tests.engine.collect.sheets import grid

NAMES = [
    "订单号", "客户名称", "产品", "数量", "单价（元）", "金额", "备注", "地区", "城市", "业务员", "折扣(%)", "Region", "Sales Rep", "Unit Price", "SKU", "电话",
]  # fmt: skip
WORDS = [
    "甲公司",
    "乙商行",
    "剪刀",
    "信封",
    "上海",
    "苏州",
    "张三",
    "李四",
    "A-1",
    "B-2",
    "加急",
    "Beta",
    "合计器",
    "注塑机",
    "总部",
]
NUMBERS = ["1", "0", "12", "3.5", "1,234.50", "￥8.00", "-4", "2.5万", "15%"]
TITLES = ["2024 年销售明细表", "销售日报", "单位：万元", "制表日期：2024-11-01", "Sales report"]
NOTES = ["注：金额不含税。", "数据来源：ERP", "制表人：张三", "审核：李四"]

Row = list[str | None]


@dataclass(frozen=True)
class Plain:
    """A header and rows without decoration; the first column holds words, the last numbers."""

    header: Row
    body: list[Row]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple((name or "").partition("（")[0].partition("(")[0] for name in self.header)


@dataclass(frozen=True)
class Decorated:
    """`rows` of a sheet in which the body of `plain` stands in `places` (rows from 1)."""

    plain: Plain
    rows: list[Row]
    places: list[int]


@st.composite
def plain_tables(draw: st.DrawFn, least: int = 2, most: int = 8) -> Plain:
    width = draw(st.integers(2, 5))
    header: Row = list(draw(st.permutations(NAMES))[:width])
    kinds = [WORDS, *(draw(st.sampled_from([WORDS, NUMBERS])) for _ in range(width - 2)), NUMBERS]
    cells = [
        st.sampled_from(kind) if i in (0, width - 1) else st.sampled_from([*kind, ""]) for i, kind in enumerate(kinds)
    ]
    body = draw(st.lists(st.tuples(*cells).map(list), min_size=least, max_size=most))
    return Plain(header, body)


@st.composite
def decorated(draw: st.DrawFn, least: int = 2, *, gaps: bool = True) -> Decorated:
    plain = draw(plain_tables(least))
    width = len(plain.header)
    rows: list[Row] = []
    for title in draw(st.lists(st.sampled_from(TITLES), max_size=2, unique=True)):
        merged = draw(st.booleans())
        rows.append([title, *[None if merged else ""] * (width - 1)])
        rows += [[""] * width] * draw(st.integers(0, 1))
    rows.append(plain.header)
    places: list[int] = []
    for row in plain.body:
        if gaps and places and draw(st.integers(0, 9)) == 0:
            rows.append([""] * width)
        rows.append(row)
        places.append(len(rows))
    if draw(st.booleans()):
        rows.append([draw(st.sampled_from(["合计", "总计：", "Total"])), *[""] * (width - 2), "99"])
    for note in draw(st.lists(st.sampled_from(NOTES), max_size=2, unique=True)):
        rows += [[""] * width] * draw(st.integers(0, 1))
        rows.append([note, *[""] * (width - 1)])
    return Decorated(plain, rows, places)


def check(found: RawTable, expected: Decorated, shift: int = 0) -> None:
    assert found.columns == expected.plain.names
    assert found.data[ROW].to_pylist() == [place + shift for place in expected.places]
    cells = [[row[name] or "" for name in found.columns] for row in found.data.to_pylist()]
    assert cells == expected.plain.body


@given(sheet=decorated(), left=st.integers(0, 2), above=st.integers(0, 3))
@settings(max_examples=60)
def test_one_table_anywhere_in_a_sheet(sheet: Decorated, left: int, above: int) -> None:
    rows = [[""] * (left + 1)] * above + [[*[""] * left, *row] for row in sheet.rows]
    tables, _ = find_tables(grid(rows), "f.xlsx")
    assert len(tables) == 1
    check(tables[0], sheet, above)


@given(left=decorated(gaps=False), right=decorated(3, gaps=False), gap=st.integers(1, 3))
@settings(max_examples=30)
def test_two_tables_side_by_side(left: Decorated, right: Decorated, gap: int) -> None:
    """Where both begin and end in the same rows and have no titles, they are one table with a blank column in it."""
    height = max(len(left.rows), len(right.rows))
    blank = [[""] * len(side.plain.header) for side in (left, right)]
    padded = [[*side.rows, *[blank[n]] * (height - len(side.rows))] for n, side in enumerate((left, right))]
    tables, _ = find_tables(grid([[*a, *[""] * gap, *b] for a, b in zip(*padded, strict=True)]), "f.xlsx")
    if len(tables) == 1:
        assert left.places == right.places
        return
    check(tables[0], left)
    check(tables[1], right)


@given(first=decorated(), second=decorated(), gap=st.integers(1, 3))
@settings(max_examples=30)
def test_two_tables_one_below_the_other(first: Decorated, second: Decorated, gap: int) -> None:
    width = max(len(first.plain.header), len(second.plain.header))
    rows: list[Row] = [[*row, *[""] * (width - len(row))] for row in first.rows]
    rows += [[""] * width] * gap
    start = len(rows)
    rows += [[*row, *[""] * (width - len(row))] for row in second.rows]
    tables, _ = find_tables(grid(rows), "f.xlsx")
    if second.plain.header == first.plain.header:  # another page of the same table, or another table
        assert sum(found.data.num_rows for found in tables) == len(first.places) + len(second.places)
        return
    assert len(tables) == 2
    check(tables[0], first)
    check(tables[1], second, start)
