"""One number, wherever it is read: command line, Python, API, page, export and report."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import openpyxl
import pytest

import salesloop
from salesloop.app.org.services import scope_for
from tests.app.company import TODAY
from tests.app.html import read
from tests.cli.run import salesloop as command

DAYS = ("2026-11-09", "2026-11-15")
PERIOD = "period=2026-W46"
REVENUE = Decimal(5000)  # SO-2 alone lies in that week


@pytest.mark.requirement("Z01")
@pytest.mark.parametrize(("who", "value"), [("analyst", REVENUE), ("manager", REVENUE), ("other_manager", Decimal(0))])
def test_the_week_s_revenue(company, people, as_, who, value):
    window, user = as_(who), getattr(people, who)
    (python,) = (
        salesloop.open(company.path)
        .query("revenue", start=DAYS[0], end=DAYS[1], today=TODAY, scope=scope_for(user))
        .column("revenue")
        .to_pylist()
    )
    assert (python or 0) == value

    asked = f"/api/v1/query?metrics=revenue&from={DAYS[0]}&to={DAYS[1]}"
    (api,) = window.get(asked).json()["rows"]
    assert Decimal(api["revenue"] or 0) == value

    exported = csv.DictReader(
        io.StringIO(b"".join(window.get(f"/metrics/revenue/rows.csv?{PERIOD}")).decode("utf-8-sig"))
    )
    assert sum((Decimal(row["销售额"]) for row in exported), Decimal(0)) == value

    report = read(window.get(f"/reports/weekly/preview/?{PERIOD}"))
    card = report.one("article", data_metric="revenue").one("div", class_="value")
    assert Decimal(card.attributes["data-value"] or 0) == value
    figure = read(window.get(f"/metrics/revenue/?{PERIOD}")).one("p", class_="figure")
    assert figure.text == card.text

    book = openpyxl.load_workbook(io.BytesIO(window.get(f"/reports/weekly/file.xlsx?{PERIOD}").content), data_only=True)
    cells = {
        cell.value for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int | float)
    }
    assert float(value) in cells


def test_the_command_line_says_the_same(company):
    answer = command(
        "-w",
        company.path,
        "query",
        "revenue",
        "--from",
        *DAYS[:1],
        "--to",
        DAYS[1],
        "--format",
        "json",
        "--today",
        str(TODAY),
    )
    assert answer.code == 0
    assert Decimal(answer.json["rows"][0]["revenue"]) == REVENUE
