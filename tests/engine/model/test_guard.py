"""Cells that a spreadsheet would run leave as text; numbers leave as they are."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesloop.engine.model.guard import guarded, unguarded


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+SUM(A1)",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =HYPERLINK(1)",
        "　＝1+1",
        "＋1+1",
        "－1-1",
        "＠x",
        "-",
        "- 5",
        "+-5",
    ],
)
def test_text_that_begins_like_a_formula_is_marked(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize("text", ["-12.5", "+86", "-3%", "-1,234.50", "1=1", "华东", "a-b", "", "   ", "-.5", "1e-3"])
def test_numbers_and_plain_text_stay(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize("text", ["\t-5", "\r+1"])
def test_a_number_behind_a_tab_is_still_marked(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize("value", [-1, -1.5, None, True, dt.date(2026, 1, 1)])
def test_what_is_not_text_stays(value: object) -> None:
    assert guarded(value) is value


@given(st.text())
def test_no_cell_begins_like_a_formula_unless_it_is_a_number(text: str) -> None:
    cell = guarded(text)
    assert isinstance(cell, str)
    begin = cell.strip(" \u00a0\u3000\u200b\ufeff")[:1]
    if begin in {"=", "@", "\t", "\r", "\n", "＝", "＠", "＋", "－"} and begin:
        pytest.fail(repr(cell))
    if begin in {"+", "-"}:
        float(cell.strip().rstrip("%").replace(",", ""))


@given(st.text(alphabet="'=+-@ 1a\t"))
def test_what_was_marked_is_told_from_what_came_so(text: str) -> None:
    assert unguarded(str(guarded(text))) == text


def test_the_guarded_cell_survives_a_csv_file() -> None:
    out = io.StringIO()
    csv.writer(out).writerow([guarded("=1+1"), guarded(-5)])
    assert next(csv.reader(io.StringIO(out.getvalue()))) == ["'=1+1", "-5"]
