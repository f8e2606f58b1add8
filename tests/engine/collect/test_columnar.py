"""Parquet and JSON give the same text tables as everything else."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from salesloop.engine.collect.read import read_file
from salesloop.engine.model.errors import UserError
from tests.engine.collect.sheets import records


def test_parquet_values_as_text(tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    columns = {
        "id": pa.array([17850.0, 1.5]),
        "price": pa.array([Decimal("3578.2700"), None], pa.decimal128(19, 4)),
        "day": pa.array([dt.datetime(2010, 12, 29), dt.datetime(2010, 12, 1, 8, 26)]),
        "name": pa.array(["甲", "乙"]).dictionary_encode(),
        "tags": pa.array([["a", "b"], None]),
        "金额（万元）": pa.array([1, 2]),
        "photo": pa.array([b"GIF89a", b"x"]),
    }
    pq.write_table(pa.table(columns), path)
    table = read_file(path).tables[0]
    assert table.columns == ("id", "price", "day", "name", "tags", "金额")
    assert table.units == {"金额": "万元"}
    assert records(table) == [
        ["17850", "3578.2700", "2010-12-29", "甲", '["a","b"]', "1"],
        ["1.5", None, "2010-12-01 08:26:00", "乙", None, "2"],
    ]
    assert [(note.key, note.params["columns"]) for note in table.notes] == [("binary_columns", ["photo"])]


@pytest.mark.parametrize(
    "text",
    [
        '{"订单": "A1", "额": 1.5}\n\n{"额": 2, "客户": {"名": "甲"}}\n',
        '[{"订单": "A1", "额": 1.5}, {"额": 2, "客户": {"名": "甲"}}]',
    ],
)
def test_json_lines_and_arrays(tmp_path: Path, text: str) -> None:
    path = tmp_path / "f.json"
    path.write_text(text, encoding="utf-8")
    table = read_file(path).tables[0]
    assert table.columns == ("订单", "额", "客户")
    assert records(table) == [["A1", "1.5", None], [None, "2", '{"名":"甲"}']]


def test_a_record_that_is_no_object_is_named(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    path.write_text('{"a": 1}\n{"a": \n', encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read_file(path)
    assert (caught.value.key, caught.value.where["row"]) == ("damaged_json", 2)
