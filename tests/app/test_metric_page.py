"""One metric: its parts, the rows behind it, its definition, its files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client

from salesloop.app.audit.services import entries
from tests.app.conftest import People
from tests.app.html import Element, read

Window = Callable[[str], Client]


def page(as_: Window, address: str, who: str = "analyst") -> Element:
    return read(as_(who).get(f"/metrics/{address}"))


def test_the_list_shows_every_metric_with_its_value_or_what_it_lacks(as_: Window) -> None:
    items = {item.one("a").text: item.text for item in page(as_, "").all("article")}
    assert items["销售额"].startswith("销售额 4.20 万元")
    assert "还缺数据：库存快照" in items["库存金额"]


@pytest.mark.parametrize("words", ["销售额", "xse", "xiaoshoue", "revenue", "REVENUE"])
def test_the_list_is_searched_by_name_id_and_sound(as_: Window, words: str) -> None:
    assert "销售额" in [item.one("a").text for item in page(as_, f"?q={words}").all("article")]


def test_a_search_without_result_offers_the_way_back(as_: Window) -> None:
    found = page(as_, "?q=zzzz")
    assert found.all("article") == []
    assert found.one("a", class_="btn", href="/metrics/").text == "清除搜索"


@pytest.mark.requirement("D23", "D21")
def test_the_parts_of_a_metric(as_: Window) -> None:
    header, *rows = page(as_, "revenue/breakdown/?by=category").rows
    assert header == ["产品类别", "销售额（万元）", "大小", "占比", "环比", "同比"]
    # 打印设备 10,000 + 20,000 after 12,000 + 10,000; 耗材 5,000 + 7,000 after 9,000, nothing a year ago
    assert rows == [
        ["打印设备", "3.00", "", "71.4%", "▲ 36.4% 变好", "▲ 25.0% 变好"],
        ["耗材", "1.20", "", "28.6%", "▲ 33.3% 变好", "–"],
    ]


def test_codes_of_the_model_are_shown_as_words(as_: Window) -> None:
    _header, *rows = page(as_, "deals_created/breakdown/?by=outcome&period=2026").rows
    assert [row[:2] for row in rows] == [["赢单", "2"], ["输单", "1"], ["进行中", "1"]]
    found = page(as_, "deals_created/?period=2026&where=outcome%3Dlost")
    assert "商机结果 = 输单" in found.text


def test_a_dimension_that_the_metric_does_not_have_is_refused_with_the_reason(as_: Window) -> None:
    found = page(as_, "revenue/breakdown/?by=stage")
    assert "不能按「商机阶段」拆分或筛选：它来自「订单明细」" in found.one("p", class_="banner").text
    assert found.rows[0][0] != "商机阶段", "the usual dimension is shown instead"
    assert "不能按「商机阶段」" in page(as_, "revenue/?where=stage%3D赢单").text


def test_parts_with_targets_show_attainment(as_: Window) -> None:
    header, *rows = page(as_, "revenue/breakdown/?by=employee").rows
    assert header[-1] == "达成"
    assert {row[0]: row[-1] for row in rows} == {"王芳": "80.0%", "张伟": "75.0%", "刘洋": "70.0%"}


@pytest.mark.parametrize(("metric", "value"), [("target", "5.50 万元"), ("attainment", "76.4 %")])
def test_a_metric_about_targets_has_no_target_of_its_own(as_: Window, metric: str, value: str) -> None:
    for part in ("", "breakdown/", "definition/"):
        assert as_("analyst").get(f"/metrics/{metric}/{part}?period=2026-11").status_code == 200, part
    assert value in page(as_, f"{metric}/?period=2026-11").text


def test_sorting_by_a_column(as_: Window) -> None:
    names = [row[0] for row in page(as_, "revenue/breakdown/?by=employee&sort=value").rows[1:]]
    assert names == ["刘洋", "张伟", "王芳"]
    header = page(as_, "revenue/breakdown/?by=employee&sort=-value").one("thead")
    assert header.all("a")[1].attributes["href"] == "?by=employee&sort=value"


def test_a_row_leads_to_the_page_of_that_slice(as_: Window) -> None:
    row = page(as_, "revenue/breakdown/?by=channel").all("a", class_="row-link")[0]
    narrowed = page(as_, f"revenue/{row.attributes['href']}")
    assert narrowed.one("span", class_="filter-chip").text.startswith("渠道 = 分销")
    assert narrowed.one("p", class_="figure").text == "3.00 万元"


def test_units_are_broken_down_below_what_one_sees(as_: Window) -> None:
    assert [row[0] for row in page(as_, "revenue/breakdown/?by=org_unit").rows[1:]] == ["华东大区", "华南大区"]
    below = page(as_, "revenue/breakdown/?by=org_unit", "manager")
    assert [row[0] for row in below.rows[1:]] == ["上海一部"]


def test_without_a_choice_the_first_telling_dimension_is_taken(as_: Window) -> None:
    assert page(as_, "revenue/breakdown/").one("h2").text == "按区域"
    assert page(as_, "revenue/breakdown/", "rep").one("h2").text == "按渠道", "one region and one unit tell nothing"


@pytest.mark.requirement("I01")
def test_the_rows_behind_add_up_to_the_number(as_: Window) -> None:
    table = page(as_, "revenue/rows/?period=2026-11")
    header, *rows = table.rows
    amounts = [float(row[header.index("销售额")].replace(",", "")) for row in rows]
    assert sum(amounts) == 42_000
    assert rows[0][header.index("客户")] == "=1+1"
    assert "第 1–5 条，共 5 条" in table.one("nav", class_="pager").text


def test_rows_follow_the_filters(as_: Window) -> None:
    _header, *rows = page(as_, "revenue/rows/?period=2026-11&where=channel=分销").rows
    assert [row[0] for row in rows] == ["SO-3", "SO-1"]


def test_rows_of_a_page_beyond_the_last_are_none(as_: Window) -> None:
    assert "没有明细" in page(as_, "revenue/rows/?period=2024-01").text


@pytest.mark.requirement("AF01")
def test_a_csv_file_holds_every_field_and_runs_no_formula(as_: Window) -> None:
    answer = as_("analyst").get("/metrics/revenue/rows.csv?period=2026-11")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined] # the client's answer does stream
    assert content.startswith(b"\xef\xbb\xbf")
    assert "filename*=UTF-8''%E9%94%80%E5%94%AE%E9%A2%9D" in answer["Content-Disposition"]
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert sum(float(row[header.index("销售额")]) for row in rows) == 42_000
    assert "'=1+1" in {row[header.index("客户")] for row in rows}
    assert entries(code="rows.exported").get().data["kind"] == "csv"


def test_a_workbook_keeps_numbers_and_dates_and_runs_no_formula(as_: Window) -> None:
    answer = as_("analyst").get("/metrics/revenue/rows.xlsx?period=2026-11")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    header, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert sum(row[header.index("销售额")] for row in rows) == 42_000
    assert rows[0][header.index("订单日期")].year == 2026
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1")
    assert cell.data_type == "s"


def test_other_kinds_of_files_are_not_there(as_: Window) -> None:
    assert as_("analyst").get("/metrics/revenue/rows.exe").status_code == 404


@pytest.mark.requirement("F01")
def test_the_definition_says_all_about_the_number(as_: Window) -> None:
    drawer = page(as_, "revenue/definition/?where=channel=分销", "manager")
    facts = dict(zip([dt.text for dt in drawer.all("dt")], [dd.text for dd in drawer.all("dd")], strict=True))
    assert facts["编号"] == "revenue · v1"
    assert facts["负责人"] == "sales-ops"
    assert facts["期间"] == "2026年11月"
    assert facts["筛选"] == "channel=分销"
    assert facts["数据范围"] == "华东大区"
    assert facts["数据截至"] == "订单明细 2026-11-21"
    assert facts["快照"] == "1"
    steps = drawer.all("details", class_="sql-step")
    assert len(steps) >= 2
    assert "order_line" in drawer.one("pre", id="whole-sql").text


def test_the_definition_is_a_part_for_the_drawer_and_a_page_by_itself(as_: Window) -> None:
    whole = as_("analyst").get("/metrics/revenue/definition/")
    part = as_("analyst").get("/metrics/revenue/definition/", headers={"HX-Request": "true"})
    assert b"<html" in whole.content
    assert b"<html" not in part.content


def test_a_metric_without_data_says_what_to_import(as_: Window) -> None:
    assert "库存快照" in page(as_, "stock_value/").one("div", class_="empty").text


def test_filters_that_do_not_apply_are_explained(as_: Window) -> None:
    found = page(as_, "revenue/?where=warehouse=main")
    assert found.one("div", class_="empty").text
    assert found.one("a", class_="btn", href="/metrics/revenue/").text == "清除筛选"


def test_codes_are_shown_in_the_words_of_the_reader(as_: Window, people: People) -> None:
    header, *rows = page(as_, "revenue/rows/?period=2026-11").rows
    words = {row[0]: row[header.index("订单状态")] for row in rows}
    assert words["SO-1"] == "已完成"
    assert words["SO-4"] == "已发货"
    people.analyst.language = "en"
    people.analyst.save()
    answer = as_("analyst").get("/metrics/revenue/rows.csv?period=2026-11")
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "Completed" in content
    assert "Shipped" in content
