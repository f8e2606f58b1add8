"""What the grid shows: the tree with its months, sums, differences and the running month's attainment."""

from __future__ import annotations

import pytest

from tests.app.html import read


@pytest.mark.requirement("E11", "G01")
def test_the_tree_with_months_quarters_and_the_year(sheet):
    grid = sheet()
    people = {"E11", "E12", "E13", "E10", "E20", "E21", "E01"}
    shown = grid.keys()
    assert set(shown) == {"org_unit:D0", "org_unit:D1", "org_unit:D11", "org_unit:D2"} | {
        f"employee:{p}" for p in people
    }
    assert [key for key in shown if key.startswith("org")] == [
        "org_unit:D0",
        "org_unit:D1",
        "org_unit:D11",
        "org_unit:D2",
    ]
    heads = [head.text for head in grid.page().one("table", class_="targets").one("thead").all("th")]
    assert heads[-17:] == [
        *(
            "1月",
            "2月",
            "3月",
            "Q1",
            "4月",
            "5月",
            "6月",
            "Q2",
            "7月",
            "8月",
            "9月",
            "Q3",
            "10月",
            "11月",
            "12月",
            "Q4",
        ),
        "全年",
    ]
    # 20,000 + 25,000 + 10,000, in 万元
    for column in ("month:2026-11-01", "quarter:2026-10-01", "year:2026-01-01"):
        assert grid.text("org_unit:D0", column) == "5.5"
    assert [grid.text(row) for row in ("org_unit:D1", "org_unit:D11", "employee:E12")] == ["4.5", "4.5", "2.0"]
    assert grid.text("org_unit:D0", "month:2026-10-01") == ""


def test_imported_and_worked_out_cells_are_told_apart(sheet):
    grid = sheet()
    assert "imported" in grid.cell("employee:E12").attributes["class"]
    assert "derived" in grid.cell("org_unit:D1").attributes["class"]
    assert grid.cell("employee:E12").attributes["title"] == "20,000.00\xa0元 · 导入"


@pytest.mark.requirement("G05")
def test_attainment_and_pace_of_the_running_month(sheet):
    grid = sheet()
    # 15,000 of 20,000 = 75 %; 21 of 30 days have passed, so the pace is 75 / 70 = 107.1 %.
    person = grid.line("employee:E12")
    assert person.one("td", class_="reach").one("b").text == "75.0%"
    assert person.one("td", class_="pace-col").text == "107.1%"
    # 42,000 of 55,000
    assert grid.line("org_unit:D0").one("td", class_="reach").one("b").text == "76.4%"
    # 7,000 of 10,000 = 70 %: exactly on time
    assert grid.line("org_unit:D2").one("td", class_="pace-col").text == "100.0%"


def test_another_year_has_no_running_month(sheet):
    page = sheet(query="period=2025").page()
    assert page.all("td", class_="reach") == []
    assert page.one("a", aria_label="下一年").attributes["href"] == "?period=2026"


@pytest.mark.parametrize(
    ("who", "tops"),
    [
        ("rep", {"employee:E12"}),
        ("manager", {"org_unit:D1", "org_unit:D11", "employee:E10", "employee:E11", "employee:E12", "employee:E13"}),
        ("other_manager", {"org_unit:D2", "employee:E20", "employee:E21"}),
        ("outsider", set()),
    ],
)
def test_everybody_sees_their_part(sheet, who, tops):
    assert set(sheet(who).keys()) == tops


def test_the_place_of_the_address_narrows_the_rows(sheet):
    assert set(sheet(query="where=org_unit%3DD2").keys()) == {"org_unit:D2", "employee:E20", "employee:E21"}


def test_a_manager_is_not_shown_the_unit_of_another(as_):
    assert as_("manager").get("/targets/?where=org_unit%3DD2").status_code == 404
    assert as_("manager").get("/targets/row/?row=org_unit:D2").status_code == 404


@pytest.mark.parametrize(("who", "may"), [("analyst", True), ("manager", True), ("rep", False), ("executive", False)])
def test_only_those_who_may_edit_find_cells_to_edit(sheet, who, may):
    page = sheet(who).page()
    assert any("data-edit" in cell.attributes for cell in page.all("td")) is may
    assert any("/targets/split/" in a.attributes.get("href", "") for a in page.all("a")) is may


def test_a_unit_is_chosen_and_rates_have_none(sheet, as_):
    assert sheet(query="tab=1").text("employee:E12") == "20,000"
    rate = read(as_("analyst").get("/targets/?metrics=gross_margin"))
    assert rate.one("table", class_="targets").one("thead").one("small").text == "%"


@pytest.mark.parametrize("name", ["no_such_metric", "attainment"])
def test_what_cannot_have_targets_is_not_found(as_, name):
    assert as_("analyst").get(f"/targets/?metrics={name}").status_code == 404
