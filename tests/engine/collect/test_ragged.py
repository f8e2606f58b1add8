"""Rows with too many or too few cells are put right only where one reading is possible; else they wait in quarantine."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesloop.engine.collect.raw import ROW
from salesloop.engine.collect.read import read_file
from tests.engine.collect.sheets import delimited, records

REGULAR = "1,甲公司,Berlin,12.5\n2,乙公司,Paris,13.5\n3,丙公司,Madrid,9.0\n"


def test_a_delimiter_in_a_text_without_quotes_is_put_back(tmp_path: Path) -> None:
    table = delimited(
        tmp_path, f"id,name,address,amount\n{REGULAR}4,丁公司,Rua do Paço, 67,8.0\n5,戊公司,24, place Kléber,7.5\n"
    )
    assert records(table)[3:] == [["4", "丁公司", "Rua do Paço, 67", "8.0"], ["5", "戊公司", "24, place Kléber", "7.5"]]
    assert table.repaired == {"delimiter_in_text": 2}
    assert [(note.key, note.params["rows"]) for note in table.notes] == [("rows_repaired", 2)]
    assert table.data[ROW].to_pylist() == [2, 3, 4, 5, 6]


def test_a_repair_that_would_put_words_where_numbers_are_is_not_made(tmp_path: Path) -> None:
    table = delimited(tmp_path, f"id,name,address,amount\n{REGULAR}4,丁公司,Rua 5,8.0, net\n")
    assert table.data.num_rows == 3
    assert table.broken.to_pylist() == [{ROW: 5, "raw": "4,丁公司,Rua 5,8.0, net", "reason": "ragged_row"}]


def test_two_possible_readings_are_none(tmp_path: Path) -> None:
    table = delimited(tmp_path, f"id,name,address,amount\n{REGULAR}4, 丁公司, Rua do Paço, 67,8.0\n")
    assert table.broken[ROW].to_pylist() == [5]


def test_a_file_whose_cells_begin_with_blanks_anyway_proves_nothing(tmp_path: Path) -> None:
    table = delimited(tmp_path, "id, name, amount\n1, 甲, 2.0\n2, 乙, 3.0\n3, 丙, 丁, 4.0\n")
    assert table.broken[ROW].to_pylist() == [4]


def test_surplus_blank_cells_are_trailing_delimiters(tmp_path: Path) -> None:
    table = delimited(tmp_path, "id,name\n1,甲,\n2,乙,,\n3,丙\n")
    assert records(table) == [["1", "甲"], ["2", "乙"], ["3", "丙"]]
    assert table.broken.num_rows == 0


def test_a_short_row_is_filled_up_where_the_file_leaves_out_trailing_blanks(tmp_path: Path) -> None:
    table = delimited(tmp_path, "id,amount,note\n1,2.0,甲\n2,3.0\n3,4.0,乙\n")
    assert records(table)[1] == ["2", "3.0", None]


def test_a_short_row_in_a_file_that_writes_trailing_blanks_is_broken(tmp_path: Path) -> None:
    table = delimited(tmp_path, "id,amount,note\n1,2.0,\n2,3.0\n3,4.0,乙\n")
    assert table.broken[ROW].to_pylist() == [3]
    assert table.received == 3


@pytest.mark.requirement("C02")
def test_all_orders_of_northwind_are_there_with_their_addresses(real_data: Path) -> None:
    """176 of the 830 rows have commas in the address: with nine cells before it and four behind, the truth can be counted."""
    path = real_data / "northwind" / "orders.csv"
    orders = read_file(path).tables[0]
    assert (orders.data.num_rows, orders.broken.num_rows, dict(orders.repaired)) == (830, 0, {"delimiter_in_text": 176})
    lines = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()[1:] if line]
    assert records(orders) == [[*cells[:9], ",".join(cells[9:-4]), *cells[-4:]] for cells in lines]
