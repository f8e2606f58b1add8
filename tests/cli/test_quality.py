"""`salesloop quality`: checks, where they stand, which records fail, and corrections there and back."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.cli.run import salesloop
from tests.engine.pipeline.files import ORDERS, order, write_csv


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """Two order lines, the second with a negative amount for two pieces."""
    folder = tmp_path / "company"
    assert salesloop("init", folder).code == 0
    orders = write_csv(tmp_path / "销售订单.csv", ORDERS, [order("A1", 1, 100), order("A2", 1, -30)])
    assert salesloop("-w", folder, "import", orders, "--yes").code == 0
    return folder


@pytest.mark.requirement("C05")
def test_what_fails_is_listed_explained_and_put_right(company: Path, tmp_path: Path) -> None:
    standing = {
        (c["entity"], c["check"]): c for c in salesloop("-w", company, "quality", "list", "--format", "json").json
    }
    assert (standing["order_line", "amount_sign"]["failed"], standing["order_line", "amount_sign"]["checked"]) == (1, 2)
    (row,) = salesloop("-w", company, "quality", "rows", "--check", "amount_sign", "--format", "json").json
    assert (row["key"], row["row"], row["checks"]) == ({"order_id": "A2", "line_no": 1}, 3, ["amount_sign"])
    shown = salesloop("-w", company, "quality", "show", "order_line", "amount_sign", "--lang", "en").out
    assert "Amount and quantity have the same sign" in shown

    file = tmp_path / "corrections.xlsx"
    assert salesloop("-w", company, "quality", "corrections", file).code == 0
    book = openpyxl.load_workbook(file)
    for cells in book.active.iter_rows(min_row=2):
        if (cells[2].value, cells[4].value) == ("3", "金额"):
            cells[6].value = "30"
    book.save(file)
    assert salesloop("-w", company, "quality", "correct", file).code == 0
    assert salesloop("-w", company, "quality", "rows", "--check", "amount_sign", "--format", "json").json == []
    past = salesloop("-w", company, "quality", "history", "order_line", "amount_sign", "--format", "json").json
    assert [entry["share"] for entry in past] == [0.5, 0.0]


def test_own_checks_are_judged_when_asked_for(company: Path) -> None:
    own = company / "quality" / "own.yaml"
    words = "label: {zh-Hans: 试验, en: trial}\nwhy: {zh-Hans: 试验, en: trial}\n"
    own.write_text(f"check: large\nentity: order_line\nkind: range\nfield: amount\nmin: 1000\n{words}", "utf-8")
    results = salesloop("-w", company, "quality", "run", "--format", "json").json
    assert {"entity": "order_line", "check": "large", "failed": 2, "checked": 2} in results
    own.write_text(f"check: large\nentity: order_line\nkind: range\nfield: amounts\nmin: 1000\n{words}", "utf-8")
    answer = salesloop("-w", company, "quality", "run")
    assert answer.code == 2
    assert "own.yaml" in answer.err
    assert "amounts" in answer.err


def test_unknown_names_are_answered_with_the_known_ones(company: Path) -> None:
    answer = salesloop("-w", company, "quality", "show", "order_line", "amount_sing")
    assert answer.code == 2
    assert "amount_sign" in answer.err
    assert salesloop("-w", company, "quality", "history", "orders", "x").code == 2


def test_the_schema_is_printed() -> None:
    assert salesloop("quality", "schema").json["title"]
