"""Workbooks give every cell as the text that a careful person would type, sheet by sheet."""

from __future__ import annotations

import datetime as dt
import random
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from salesloop.engine.collect.raw import ROW
from salesloop.engine.collect.read import read_file
from salesloop.engine.collect.workbook_biff import lost_cells_of_xls
from salesloop.engine.model.errors import UserError
from tests.engine.collect.old_workbook import Cell, Error, write_xls
from tests.engine.collect.sheets import records, workbook


def test_cells_of_every_type(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("数据")
    formats = {
        name: book.add_format({"num_format": code})
        for name, code in (
            ("date", "yyyy-mm-dd"),
            ("time", "hh:mm:ss"),
            ("both", "yyyy-mm-dd hh:mm"),
            ("span", "[h]:mm:ss"),
        )
    }
    sheet.write_row(0, 0, ["文字", "整数", "小数", "日期", "时间", "时刻", "时长", "真假"])
    for row in (1, 2):
        sheet.write_string(row, 0, "=SUM(A1)")
        sheet.write_number(row, 1, 202411210001)
        sheet.write_number(row, 2, 1 / 3)
        sheet.write_datetime(row, 3, dt.datetime(2024, 11, 21), formats["date"])
        sheet.write_datetime(row, 4, dt.time(9, 30, 5), formats["time"])
        sheet.write_datetime(row, 5, dt.datetime(2024, 11, 21, 9, 30), formats["both"])
        sheet.write_number(row, 6, 1.5, formats["span"])
        sheet.write_boolean(row, 7, True)
    book.close()
    assert records(read_file(path).tables[0])[1] == [
        "=SUM(A1)", "202411210001", "0.3333333333333333", "2024-11-21", "09:30:05", "2024-11-21 09:30:00", "36:00:00", "TRUE",
    ]  # fmt: skip


def test_whole_columns_are_rendered_like_single_cells(tmp_path: Path) -> None:
    """Long pure columns take the fast way: same text, blank cells stay blank."""
    rows: list[list[object]] = [["编号", "金额", "大数", "日期"]]
    rows += [[i, i + 0.25 if i % 3 else None, 1e15 + i, dt.date(2024, 1, 1)] for i in range(1, 201)]
    found = records(read_file(workbook(tmp_path / "f.xlsx", {"数据": rows})).tables[0])
    assert found[199] == ["200", "200.25", "1000000000000200", "2024-01-01"]
    assert [row[1] or "" for row in found[3:7]] == ["4.25", "5.25", "", "7.25"]


def test_all_sheets_are_read_and_hidden_ones_flagged(tmp_path: Path) -> None:
    path = workbook(tmp_path / "f.xlsx", {"订单": [["a", "b"], [1, 2]], "底稿": [["c", "d"], [3, 4]], "空": []})
    book = openpyxl.load_workbook(path)
    book["底稿"].sheet_state = "hidden"
    book.save(path)
    content = read_file(path)
    assert [(table.name, table.hidden) for table in content.tables] == [("订单", False), ("底稿", True)]
    assert [note.key for note in content.tables[1].notes] == ["hidden_sheet"]
    assert [(sheet.name, sheet.message.key) for sheet in content.refused] == [("空", "empty_sheet")]


def test_one_sheet_by_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "f.xlsx", {"订单": [["a", "b"], [1, 2]], "退货": [["c", "d"], [3, 4]]})
    assert [table.columns for table in read_file(path, sheet="退货").tables] == [("c", "d")]
    with pytest.raises(UserError) as caught:
        read_file(path, sheet="回款")
    assert "订单" in caught.value.text("zh-Hans")


def test_merged_cells_hold_their_value_everywhere(tmp_path: Path) -> None:
    rows = [
        ["销售明细", None, None],
        ["地区", "产品", "金额"],
        ["华东", "剪刀", 12.5],
        [None, "信封", 2.5],
        ["华北", "剪刀", 4],
    ]
    table = read_file(workbook(tmp_path / "f.xlsx", {"表": rows}, {"表": ["A1:C1", "A3:A4"]})).tables[0]
    assert table.title_rows == ("销售明细",)
    assert records(table) == [["华东", "剪刀", "12.5"], ["华东", "信封", "2.5"], ["华北", "剪刀", "4"]]


def test_rows_keep_the_numbers_that_excel_shows(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cell, value in {"B5": "地区", "C5": "金额", "B6": "华东", "C6": 2, "C7": 3, "B9": "华北", "C9": 4}.items():
        sheet[cell] = value
    sheet.merge_cells("B6:B7")
    book.save(path)
    table = read_file(path).tables[0]
    assert (table.header_row, table.data[ROW].to_pylist()) == (5, [6, 7, 9])
    assert records(table) == [["华东", "2"], ["华东", "3"], ["华北", "4"]]


@pytest.mark.requirement("AD04")
def test_errors_keep_their_text_and_uncomputed_formulas_are_named(tmp_path: Path) -> None:
    """Values come out blank where Excel shows #N/A: the evidence is in the sheet's XML only."""
    path = tmp_path / "f.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["C3"], sheet["D3"], sheet["E3"] = "客户", "金额", "税额"
    for row in range(4, 9):
        sheet[f"C{row}"], sheet[f"D{row}"], sheet[f"E{row}"] = f"客户{row}", row * 1.5, f"=D{row}*0.13"
    for cell, error in {"C5": "#N/A", "D6": "#DIV/0!", "D7": "#REF!"}.items():
        sheet[cell] = error
        sheet[cell].data_type = "e"
    book.save(path)
    table = read_file(path).tables[0]
    assert [row[:2] for row in records(table)] == [
        ["客户4", "6"], ["#N/A", "7.5"], ["客户6", "#DIV/0!"], ["客户7", "#REF!"], ["客户8", "12"],
    ]  # fmt: skip
    notes = {note.key: note.params for note in table.notes}
    assert notes["excel_errors"] == {"sheet": "Sheet", "cells": 3, "places": ["C5", "D6", "D7"]}
    assert notes["uncomputed_formulas"]["places"] == ["E4", "E5", "E6", "E7", "E8"]
    assert all("E4" in note.text("en") for note in table.notes if note.key == "uncomputed_formulas")


@pytest.mark.requirement("AD04")
def test_errors_of_an_old_xls_keep_their_text(tmp_path: Path) -> None:
    """Typed in or as the result of a formula; the sheet begins in B3."""
    heads: dict[tuple[int, int], Cell] = {(2, 1): "客户", (2, 2): "金额"}
    names = {(row, 1): f"客户{row}" for row in range(3, 8)}
    amounts = {(row, 2): row * 1.5 for row in range(3, 8)}
    errors = {(4, 1): Error("#N/A"), (5, 2): Error("#DIV/0!"), (6, 2): Error("#REF!", by_formula=True)}
    path = write_xls(tmp_path / "f.xls", {"说明": {(0, 0): "标题"}, "订单": {**heads, **names, **amounts, **errors}})
    (table,) = read_file(path).tables
    assert records(table) == [
        ["客户3", "4.5"], ["#N/A", "6"], ["客户5", "#DIV/0!"], ["客户6", "#REF!"], ["客户7", "10.5"],
    ]  # fmt: skip
    notes = {note.key: note.params for note in table.notes}
    assert notes["excel_errors"] == {"sheet": "订单", "cells": 3, "places": ["B5", "C6", "C7"]}


@pytest.mark.parametrize("seed", range(20))
def test_a_broken_container_is_no_trouble(tmp_path: Path, seed: int) -> None:
    """Bytes changed at random: the old workbook is read or refused, never a crash of ours."""
    path = write_xls(
        tmp_path / "f.xls", {"订单": {(0, 0): "客户", (0, 1): "金额", (1, 0): "甲", (1, 1): Error("#N/A")}}
    )
    content, rng = bytearray(path.read_bytes()), random.Random(seed)
    for _ in range(8):
        content[rng.randrange(8, 1600)] = rng.randrange(256)
    path.write_bytes(bytes(content))
    assert isinstance(lost_cells_of_xls(path), dict)


def test_a_formula_that_gives_an_empty_text_is_computed(tmp_path: Path) -> None:
    """Excel marks such a result as a text (t="str"), though it is blank."""
    plain, path = (
        workbook(tmp_path / "plain.xlsx", {"表": [["a", "b"], [1, '=IF(A1=0,"x","")'], [2, 5]]}),
        tmp_path / "f.xlsx",
    )
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<c r="B2"><f>', b'<c r="B2" t="str"><f>'))
    assert [note.key for note in read_file(plain).tables[0].notes] == ["uncomputed_formulas"]
    assert read_file(path).tables[0].notes == ()


@pytest.mark.requirement("B01")
def test_an_old_xls_with_three_sheets(real_data: Path) -> None:
    content = read_file(real_data / "superstore_cn" / "示例-超市.xls")
    assert [(table.name, table.data.num_rows) for table in content.tables] == [
        ("订单", 10_000),
        ("退货", 296),
        ("销售人员", 6),
    ]
    orders = content.tables[0].data
    assert sum(float(value) for value in orders["销售额"].to_pylist()) == pytest.approx(16_117_548.237, abs=1e-3)
    assert sum(int(value) for value in orders["数量"].to_pylist()) == 37_675


def test_a_workbook_with_macros_is_read_and_noted(real_data: Path) -> None:
    content = read_file(real_data / "superstore_en" / "sample_superstore.xls")
    assert [note.key for note in content.notes] == ["macros_ignored"]
    assert [table.data.num_rows for table in content.tables] == [9_994, 296, 4]


def test_an_export_of_the_statistics_office(real_data: Path) -> None:
    """Five years side by side, three titles above and three notes below: 31 provinces × 5 years."""
    table = read_file(next((real_data / "cn_nbs").iterdir())).tables[0]
    assert table.columns == ("地区", "年份", "地区生产总值")
    assert (table.received, table.melted_from, table.header_row) == (155, 31, 4)
    assert (table.sheet_unit, table.units) == ("亿元", {"地区生产总值": "亿元"})
    assert dict(table.skipped) == {"title": 3, "note": 3}
    assert records(table)[:2] == [["北京市", "2019-01-01", "35371.28"], ["北京市", "2018-01-01", "33105.97"]]
