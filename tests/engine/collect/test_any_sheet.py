"""Whatever a sheet holds, reading counts every row once and proposing ends with an answer."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from salesloop.engine.collect.propose import propose
from salesloop.engine.collect.raw import CELLS_A_ROW, ROW, RefusedSheet
from salesloop.engine.collect.sheet import find_tables
from salesloop.engine.collect.table import find_table
from salesloop.engine.model.loader import load_model
from tests.engine.collect.sheets import grid

MODEL = load_model()
CELLS = st.sampled_from(
    ["", " ", "订单号", "日期", "客户名称", "城市", "国家", "金额（元）", "数量", "合计", "注：不含税", "A1", "A2", "2024-01-01",
     "12.5", "7", "甲公司", "上海", "中国", "名称", "编号", None]
)  # fmt: skip
SHEETS = st.integers(1, 6).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=14)
)


@given(rows=SHEETS, ragged=st.booleans())
@settings(max_examples=150)
def test_every_row_is_data_broken_or_skipped(rows: list[list[str | None]], ragged: bool) -> None:
    found = find_table(grid(rows, ragged=ragged))
    if isinstance(found, RefusedSheet):
        return
    header_rows = 0 if found.header_row is None else found.header_row
    told = found.received + sum(found.skipped.values())
    # Header rows are neither: between one and three of the rows up to the last of them.
    assert len(rows) - told in ((0,) if not header_rows else (1, 2, 3))
    numbers = [*found.data[ROW].to_pylist(), *found.broken[ROW].to_pylist()]
    assert len(set(numbers)) == len(numbers)
    assert all(header_rows < number <= len(rows) for number in numbers)
    assert len(set(found.columns)) == len(found.columns)


@given(rows=SHEETS)
@settings(max_examples=60)
def test_every_row_of_a_table_is_one_of_the_sheet(rows: list[list[str | None]]) -> None:
    tables, refused = find_tables(grid(rows), "f.xlsx")
    assert tables or refused
    names = [found.name for found in tables]
    assert len(set(names)) == len(names)
    for found in tables:
        numbers = [*found.data[ROW].to_pylist(), *found.broken[ROW].to_pylist()]
        assert len(set(numbers)) == len(numbers) == found.received
        in_file = numbers if found.melted_from is None else [number // CELLS_A_ROW for number in numbers]
        assert all(1 <= number <= len(rows) for number in in_file)


@given(rows=SHEETS)
@settings(max_examples=40)
def test_proposing_always_ends_with_an_answer(rows: list[list[str | None]]) -> None:
    found = find_table(grid(rows))
    if isinstance(found, RefusedSheet):
        return
    proposal = propose(found, MODEL)
    assert [column.column for column in proposal.columns] == list(found.columns)
    if proposal.mapping is not None:
        proposal.mapping.check(found, MODEL)
