"""`salesloop mappings`: what is saved and learnt can be seen and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesloop.engine.collect.mapping import ColumnMapping, Mapping
from tests.cli.run import salesloop
from tests.engine.pipeline.files import write_csv

HEADER = ("订单编号", "下单日期", "金额", "归口")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "公司"
    assert salesloop("init", folder).code == 0
    fields = ("order_id", "order_date", "amount", "employee_id")
    columns = tuple(ColumnMapping(column=c, field=f"order_line.{f}") for c, f in zip(HEADER, fields, strict=True))
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(Mapping(name="日报", entity="order_line", header=HEADER, columns=columns).to_yaml(), "utf-8")
    orders = write_csv(tmp_path / "订单.csv", list(HEADER), [["A1", "2026-03-01", 5, "张磊"]])
    answer = salesloop("-w", folder, "import", orders, "--mapping", mapping, "--yes")
    assert answer.code == 0, answer.err
    return folder


def test_mappings_and_lessons_are_listed(workspace: Path) -> None:
    answer = salesloop("-w", workspace, "mappings", "list")
    assert answer.code == 0, answer.err
    assert "日报" in answer.out
    assert "归口" in answer.out
    listed = salesloop("-w", workspace, "mappings", "list", "--format", "json").json
    assert listed["mappings"] == [{"name": "日报", "entity": "order_line", "columns": 4}]
    assert [(one["header"], one["field"]) for one in listed["lessons"]] == [("归口", "order_line.employee_id")]


def test_one_mapping_is_shown_as_its_file(workspace: Path) -> None:
    assert "column: 归口" in salesloop("-w", workspace, "mappings", "show", "日报").out
    unknown = salesloop("-w", workspace, "mappings", "show", "月报")
    assert (unknown.code, "日报" in unknown.err) == (2, True)


def test_a_lesson_is_forgotten_once(workspace: Path) -> None:
    forgotten = salesloop("-w", workspace, "mappings", "forget", "归口")
    assert (forgotten.code, "order_line.employee_id" in forgotten.out) == (0, True)
    assert salesloop("-w", workspace, "mappings", "list", "--format", "json").json["lessons"] == []
    again = salesloop("-w", workspace, "mappings", "forget", "归口")
    assert (again.code, again.out) == (2, "")
