"""The weekly report of a small company: its numbers are the warehouse's, to the digit, in every format."""

from __future__ import annotations

import datetime as dt
import io
import re
from decimal import Decimal
from html import unescape
from typing import TypeVar

import openpyxl
import pypdf
import pytest

from salesloop.engine.metrics import Query, run
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import LANGS, Lang
from salesloop.engine.report import document as doc
from salesloop.engine.report.builders import ReportInputs, build_report, report_period
from salesloop.engine.report.chart_text import table_of
from salesloop.engine.report.definition import definition_of
from salesloop.engine.report.fonts import missing_glyphs
from salesloop.engine.report.number import format_change, format_number
from salesloop.engine.report.render.html import render_html
from salesloop.engine.report.render.pdf import render_pdf
from salesloop.engine.report.render.xlsx import render_xlsx
from salesloop.engine.report.table import Table
from tests.engine.metrics.world import World
from tests.engine.report.company import NOW, company

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")

# Worked out by hand from `company.amount`: 5 × (40,000 + 600 × week + 2,000 × season) + 9,000 × 10 + 0.37 × (5 × week + 10)
WEEK_46 = Decimal("555142.45")  # week 75, season 4
WEEK_45 = Decimal("582140.60")  # week 74, season 7
WEEK_46_A_YEAR_AGO = Decimal("299046.25")  # week 23, season −6
NOVEMBER_TO_15 = WEEK_45 + WEEK_46  # weeks 45 and 46 are 2 to 15 November; no order is dated on the 1st
TARGET = Decimal(2_100_000)


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> World:
    return company(tmp_path_factory.mktemp("firm") / "company")


Kind = TypeVar("Kind")


def weekly(
    firm: World, *, lang: Lang = "zh-Hans", period: str | None = None, scope: Scope | None = None, **more
) -> doc.Report:
    definition = definition_of("weekly")
    when = report_period(firm.workspace, definition, period, NOW)
    return build_report(
        firm.workspace, firm.registry, definition, scope or Scope.all(), when, now=NOW, lang=lang, **more
    )


@pytest.fixture(scope="module")
def report(firm: World) -> doc.Report:
    return weekly(firm)


def first(report: doc.Report, kind: type[Kind]) -> Kind:
    return next(block for block in report.blocks if isinstance(block, kind))


def card(report: doc.Report, metric: str) -> doc.KpiCard:
    strips = [block for block in report.blocks if isinstance(block, doc.KpiStrip)]
    return next(item for strip in strips for item in strip.cards if item.metric == metric)


def table(report: doc.Report, title: str) -> Table:
    parts = [part for block in report.blocks for part in (block.blocks if isinstance(block, doc.Columns) else [block])]
    return next(part for part in parts if isinstance(part, Table) and part.title == title)


def chart(report: doc.Report, kind: str, title: str):
    return next(spec for spec in report.charts() if spec.kind == kind and title in spec.title)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def pdf_text(report: doc.Report) -> str:
    return squeezed("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(render_pdf(report))).pages))


@pytest.mark.requirement("M01", "M03", "K05")
def test_headline_numbers_are_those_worked_out_by_hand(report: doc.Report) -> None:
    revenue = card(report, "revenue")
    assert revenue.value == WEEK_46
    changes = {change.label: change.change for change in revenue.changes}
    assert changes["环比"] == pytest.approx(float(WEEK_46 / WEEK_45 - 1), abs=1e-15)
    assert changes["同比"] == pytest.approx(float(WEEK_46 / WEEK_46_A_YEAR_AGO - 1), abs=1e-15)
    goal = revenue.attainment
    assert goal is not None
    assert (goal.share, goal.target, goal.pace) == (float(NOVEMBER_TO_15 / TARGET), TARGET, 0.5)
    assert goal.label == "11 月达成"


@pytest.mark.requirement("Z01")
def test_the_same_number_in_query_page_paper_cells_and_chart(firm: World, report: doc.Report) -> None:
    query = Query(("revenue",), start=dt.date(2026, 11, 9), end=dt.date(2026, 11, 15))
    asked = run(firm.workspace, firm.registry, query, Scope.all(), today=NOW.date()).one("revenue")
    assert asked == WEEK_46
    course = table_of(chart(report, "trend", "销售额"))
    assert course.rows[-1][1] == asked
    page = render_html(report).decode()
    assert f'data-value="{asked:f}"' in page
    shown = squeezed(str(format_number(asked, "money", "zh-Hans")))
    assert shown == "55.5万元"
    assert shown in squeezed(unescape(re.sub(r"<[^>]+>", "", page)))
    assert shown in pdf_text(report)
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(report)))
    overview = {row[0]: row[1] for row in book.worksheets[0].iter_rows(max_col=2, values_only=True)}
    assert Decimal(str(overview["销售额"])) == asked


def test_every_cell_of_every_table_is_on_paper_and_in_the_workbook(report: doc.Report) -> None:
    paper = pdf_text(report)
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(report)))
    departments = table(report, "销售额：按部门")
    sheet = book["销售额：按部门"]
    for number, row in enumerate(departments.rows, 5):
        assert Decimal(str(sheet.cell(number, 2).value)) == row[1]
        assert sheet.cell(number, 3).value == pytest.approx(row[2], abs=1e-15)
        assert squeezed(str(row[0])) in paper
        assert squeezed(str(format_change(row[2], "money", "zh-Hans"))) in paper  # type: ignore[arg-type]


def test_departments_with_attainment_and_a_total(report: doc.Report) -> None:
    departments = table(report, "销售额：按部门")
    assert [row[0] for row in departments.rows] == ["华东大区", "华南大区", "合计"]
    east, south, total = departments.rows
    assert east[1] + south[1] == total[1] == WEEK_46  # type: ignore[operator]
    assert (east[5], south[5], total[5]) == (1_200_000, 900_000, TARGET)
    assert total[4] == float(NOVEMBER_TO_15 / TARGET)
    assert departments.pace == 0.5


def test_the_bridge_adds_up_to_the_digit(report: doc.Report) -> None:
    bridge = chart(report, "waterfall", "为什么")
    before, *changes, now = (Decimal(str(value)) for value in bridge.main.values)
    assert (before, now) == (WEEK_45, WEEK_46)
    assert before + sum(changes) == now
    assert bridge.title == "销售额为什么环比 −2.70\u00a0万元：按产品类别"


@pytest.mark.requirement("K02", "K06")
def test_the_summary_says_it_in_sentences(report: doc.Report) -> None:
    text = first(report, doc.Text)
    said = [sentence.replace("\u00a0", " ") for sentence in text.paragraphs]
    assert said[0] == "销售额 55.5 万元，环比下降 4.6%，同比上升 85.6%。"
    assert said[1] == "11 月销售额目标达成 54.2%，时间进度 50.0%，领先 4.2pp。"
    assert text.favours[:2] == ("bad", "good")
    assert any("销售额下降最多的是华东大区" in sentence for sentence in said)


def test_an_unfinished_week_says_so_and_reaches_to_today(firm: World) -> None:
    report = weekly(firm, period="2026-W47")
    assert report.stamp.as_of == dt.date(2026, 11, 18)
    course = chart(report, "trend", "销售额")
    assert course.partial_last
    assert "2026-11-18" in course.note
    assert card(report, "revenue").attainment.pace == 18 / 30  # type: ignore[union-attr]


@pytest.mark.requirement("M07")
def test_a_report_on_one_department_shows_its_teams(firm: World) -> None:
    report = weekly(firm, org="华东大区")
    assert report.subtitle.startswith("华东大区 · 2026 年第 46 周")
    assert [row[0] for row in table(report, "销售额：按部门").rows] == ["上海一部", "杭州部", "合计"]
    east = next(row[1] for row in table(weekly(firm), "销售额：按部门").rows if row[0] == "华东大区")
    assert card(report, "revenue").value == east


def test_a_reader_sees_own_rows_only(firm: World) -> None:
    own = weekly(firm, scope=Scope(employees=frozenset({"E3"})))
    assert card(own, "revenue").value == Decimal(40_000 + 600 * 75 + 8_000 + 18_000) + Decimal("0.37") * 77
    assert own.subtitle.startswith("本人可见范围")
    names = {"张伟", "王芳", "陈强", "赵敏"}
    assert not [name for name in names if name in render_html(own).decode()]


def test_metrics_without_data_are_named_not_shown_as_zero(report: doc.Report) -> None:
    remarks = [block for block in report.blocks if isinstance(block, doc.Text)][-1]
    assert "客户满意度" in remarks.paragraphs[-1]
    shown = [item.metric for block in report.blocks if isinstance(block, doc.KpiStrip) for item in block.cards]
    assert "satisfaction" not in shown


def test_definitions_carry_version_and_owner(report: doc.Report) -> None:
    rows = {row[0]: row for row in table(report, "指标口径").rows}
    assert rows["销售额"][2:] == ("sales-ops", "v1")
    assert "赢单率" in rows
    assert {row[0]: row[2] for row in table(report, "数据新鲜度").rows}["订单明细"] == dt.date(2026, 11, 18)


@pytest.mark.requirement("M08")
def test_findings_come_gravest_first_and_once(firm: World) -> None:
    severities: tuple[doc.Severity, ...] = ("low", "high", "medium", "low", "high")
    findings = tuple(
        doc.FindingRow(severity, "低于预期", f"发现{number}", "未指派")
        for number, severity in enumerate(severities)
    )  # fmt: skip
    report = weekly(firm, inputs=ReportInputs(findings, (doc.ActionRow("补货", "进行中"),)))
    lists = [block for block in report.blocks if isinstance(block, doc.FindingList)]
    assert [[row.sentence for row in block.rows] for block in lists] == [
        ["发现1", "发现4", "发现2"],
        ["发现0", "发现3"],
    ]
    assert [block.title for block in lists] == ["最需要关注", "其他发现"]


def test_without_the_app_the_lists_say_why(firm: World) -> None:
    report = weekly(firm, inputs=ReportInputs(missing="没有应用数据库。"))
    lists = [block for block in report.blocks if isinstance(block, doc.FindingList)]
    assert [(block.rows, block.empty) for block in lists] == [((), "没有应用数据库。")]
    assert first(report, doc.ActionList).empty == "没有应用数据库。"


@pytest.mark.parametrize("lang", LANGS)
def test_three_languages_without_a_missing_glyph(firm: World, lang: Lang) -> None:
    page = render_html(weekly(firm, lang=lang)).decode()
    visible = unescape(re.sub(r"<style>.*?</style>|<[^>]+>", "", page, flags=re.DOTALL))
    assert missing_glyphs(visible) == frozenset()
    title = {"zh-Hans": "销售周报", "zh-Hant": "銷售週報", "en": "Weekly sales report"}[lang]
    assert title in visible
    assert "{" not in visible


def test_names_that_look_like_formulas_stay_text(report: doc.Report) -> None:
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(report)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == "=HYPERLINK(1)" and cell.data_type == "s" for cell in cells)
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]


def test_the_default_period_is_the_last_finished_one(firm: World) -> None:
    definition = definition_of("weekly")
    assert report_period(firm.workspace, definition, None, NOW).start == dt.date(2026, 11, 9)
    sunday_evening_in_utc = dt.datetime(2026, 11, 15, 17, 0, tzinfo=dt.UTC)  # already Monday in Shanghai
    assert report_period(firm.workspace, definition, None, sunday_evening_in_utc).start == dt.date(2026, 11, 9)


@pytest.mark.parametrize(("text", "says"), [("2026-11", "2026-W47"), ("2026-W50", "还没有开始"), ("lately", "lately")])
def test_a_wrong_period_is_explained(firm: World, text: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        report_period(firm.workspace, definition_of("weekly"), text, NOW)


def test_an_empty_workspace_gives_a_report_that_says_so(tmp_path) -> None:
    empty = World(tmp_path / "empty")
    report = weekly(empty)
    assert not report.charts()
    assert report.stamp.data_until is None
    page = render_html(report).decode()
    assert "销售额" in page
    assert render_pdf(report).startswith(b"%PDF")
    assert openpyxl.load_workbook(io.BytesIO(render_xlsx(report))).sheetnames[0] == "销售周报"
