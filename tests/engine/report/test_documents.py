"""One document, four formats: the same numbers in each, readable everywhere, and nothing that could run."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from decimal import Decimal
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import openpyxl
import pypdf
import pytest
from pptx import Presentation

from salesloop.engine.model.text import LANGS
from salesloop.engine.report import document as doc
from salesloop.engine.report.fonts import missing_glyphs
from salesloop.engine.report.number import format_number
from salesloop.engine.report.render.html import render_html
from salesloop.engine.report.render.pdf import render_pdf
from salesloop.engine.report.render.pptx import render_pptx
from salesloop.engine.report.render.xlsx import render_xlsx
from salesloop.engine.report.table import texts
from tests.engine.report.sample import REVENUE, TARGET, sample_report, teams

# openpyxl reads no sparklines and data bars; Excel does.
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")

REPORT = sample_report()
KPI_TEXTS = [
    str(format_number(card.value, card.format, "zh-Hans", unit=card.unit))
    for block in REPORT.blocks
    if isinstance(block, doc.KpiStrip)
    for card in block.cards
]
FORMULA = "=cmd|' /C calc'!A0"


@pytest.fixture(scope="module")
def html() -> str:
    return render_html(REPORT).decode()


@pytest.fixture(scope="module")
def pdf() -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(render_pdf(REPORT)))


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(render_xlsx(REPORT)))


def squeezed(text: str) -> str:
    """Without any white space: PDF readers put blanks between glyphs as they see fit."""
    return re.sub(r"\s+", "", text)


def pdf_text(reader: pypdf.PdfReader) -> str:
    return squeezed("".join(page.extract_text() for page in reader.pages))


class Balanced(HTMLParser):
    """Fails on a tag that is closed by another."""

    void = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.requirement("M03", "K02")
def test_html_and_pdf_show_the_same_figures(html: str, pdf: pypdf.PdfReader) -> None:
    on_paper, on_screen = pdf_text(pdf), squeezed(unescape(re.sub(r"<[^>]+>", "", html)))
    _, rows = texts(teams(), "zh-Hans")
    figures = [*KPI_TEXTS, *(cell for row in rows for cell in row), "▲13.3%", "▼0.9pp", "11月达成68.4%", "进度70.0%"]
    assert not [text for text in figures if squeezed(text) not in on_paper]
    assert not [text for text in figures if squeezed(text) not in on_screen]


def test_html_carries_every_digit_for_machines_and_on_hover(html: str) -> None:
    assert 'data-value="2846021.50"' in html
    assert "2,846,021.50\u00a0元" in html
    assert all(f'data-value="{value:f}"' in html for value in REVENUE)


def test_cells_hold_the_exact_numbers(book: openpyxl.Workbook) -> None:
    sheet = book["销售额：近 13 周"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=17, min_col=2, max_col=4)]
    assert [Decimal(str(row[0])) for row in rows] == list(REVENUE)
    assert [Decimal(str(row[2])) for row in rows] == list(TARGET)
    overview = book.worksheets[0]
    kpis = {row[0]: row[1:] for row in overview.iter_rows(min_row=8, max_row=12, max_col=7, values_only=True)}
    assert kpis["销售额"] == (2846021.5, 0.1328, 0.1364, 12000000, 0.684, 0.7)
    assert kpis["投诉"] == (9, -0.25, None, None, None, None)


def test_number_formats_show_wan_but_keep_the_number(book: openpyxl.Workbook) -> None:
    cell = book["团队达成"]["B5"]
    assert cell.value == 3124000
    assert cell.number_format == '0\\.0,"万"'
    assert book["团队达成"]["D5"].number_format == "0.0%"
    assert book["团队达成"].freeze_panes == "B5"


@pytest.mark.requirement("M03")
def test_workbooks_have_native_charts(book: openpyxl.Workbook) -> None:
    charts = {sheet.title: len(sheet._charts) for sheet in book.worksheets}
    assert charts["销售额：近 13 周"] == charts["产品排名"] == charts["为什么环比 +33.4 万"] == 1


def test_text_that_looks_like_a_formula_stays_text(book: openpyxl.Workbook, html: str) -> None:
    cell = book["团队达成"]["A8"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (FORMULA, "s", True)
    assert not [
        c.coordinate for sheet in book.worksheets for row in sheet.iter_rows() for c in row if c.data_type == "f"
    ]
    assert "<td>=cmd|&#x27; /C calc&#x27;!A0</td>" in html


def test_markup_in_data_is_shown_not_run() -> None:
    evil = "<script>alert(1)</script> #panic() *fett* $x$ \\u{1F600}"
    finding = doc.FindingRow("high", "<b>", evil, "&", (evil,), evil)
    report = replace(REPORT, title=evil, blocks=(doc.Text((evil,)), doc.FindingList("发现", (finding,), "")))
    page = render_html(report).decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    paper = pdf_text(pypdf.PdfReader(io.BytesIO(render_pdf(report))))
    assert paper.count(squeezed("#panic() *fett* $x$ \\u{1F600}")) >= 3


def test_a_page_is_one_file_that_fetches_nothing(html: str) -> None:
    assert not [word for word in ("<link", "<script", "@import") if word in html]
    assert all(address.startswith("#") for address in re.findall(r"url\(([^)]*)\)", html))
    addresses = set(re.findall(r'(?:href|src|xmlns(?::\w+)?)="([^"]+)"', html))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    Balanced().feed(html)


def test_headings_go_down_one_level_at_a_time(html: str) -> None:
    levels = [1, *map(int, re.findall(r"<h([1-6])", html))]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert levels.count(1) == 2  # the one given above and the title


def test_pages_are_drawn_for_light_dark_and_phone(html: str) -> None:
    trend = html.split('<section class="card"><h2>销售额：近 13 周')[1].split("</section>")[0]
    assert re.findall(r'<span class="(wide|narrow|on-light|on-dark)">', trend) == [
        "wide", "on-light", "on-dark", "narrow", "on-light", "on-dark",
    ]  # fmt: skip
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html


def test_fonts_are_embedded(pdf: pypdf.PdfReader) -> None:
    fonts = {}
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            fonts[descendant["/BaseFont"].split("+")[-1]] = descendant["/FontDescriptor"].get_object()
    assert {"NotoSansSC-Regular", "NotoSansSC-Bold"} <= set(fonts)
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts.values())


def test_a_pdf_says_what_it_is(pdf: pypdf.PdfReader) -> None:
    assert pdf.metadata is not None
    assert pdf.metadata.title == "销售周报 · 华东大区 · 2026 年第 46 周（11-09 至 11-15）"
    assert pdf.metadata.author == "示例科技"
    assert "快照 218" in (pdf.metadata.subject or "")
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert pdf.trailer["/Root"]["/Lang"].startswith("zh")  # type: ignore[index]
    assert "截至 2026-11-21" in pdf.pages[0].extract_text()
    assert all(f"{number} / {len(pdf.pages)}" in page.extract_text() for number, page in enumerate(pdf.pages, 1))


def test_a_pdf_is_accessible(pdf: pypdf.PdfReader) -> None:
    metadata = pdf.trailer["/Root"]["/Metadata"].get_object().get_data()  # type: ignore[index]
    assert b"<pdfuaid:part>1<" in metadata


def test_a_name_that_no_font_knows_does_not_stop_the_report() -> None:
    rare = replace(REPORT, blocks=(doc.Text(("客户 \U0001f9ff 与 𠮷野家",)),))
    assert "客户" in pypdf.PdfReader(io.BytesIO(render_pdf(rare))).pages[0].extract_text()


def test_no_character_is_missing_in_the_font() -> None:
    for lang in LANGS:
        page = render_html(replace(REPORT, lang=lang)).decode()
        visible = unescape(re.sub(r"<style>.*?</style>|<[^>]+>", "", page, flags=re.DOTALL))
        assert missing_glyphs(visible) == frozenset()


def test_a_font_without_a_character_is_noticed() -> None:
    assert missing_glyphs("销售\U0001f600额") == frozenset("\U0001f600")


@pytest.mark.parametrize("lang", LANGS)
def test_documents_speak_the_reader_s_language(lang) -> None:
    page = render_html(replace(REPORT, lang=lang)).decode()
    words = {
        "zh-Hans": ("284.6", "万元", "由销环生成"),
        "zh-Hant": ("284.6", "萬元", "由銷環生成"),
        "en": ("¥2.85", "M", "Made with SalesLoop"),
    }
    assert f'<html lang="{lang}">' in page
    assert not [word for word in words[lang] if word not in page]


def test_slides_have_native_charts_and_a_chinese_font() -> None:
    deck = Presentation(io.BytesIO(render_pptx(REPORT)))
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    charts = [shape.chart for shape in shapes if shape.has_chart]
    revenue = charts[0].plots[0].series[0]
    assert [Decimal(str(value)) for value in revenue.values] == list(REVENUE)
    words = "\n".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)
    assert not [text for text in KPI_TEXTS if text.split("\u00a0")[0].rstrip("%") not in words]
    runs = [
        run for shape in shapes if shape.has_text_frame for line in shape.text_frame.paragraphs for run in line.runs
    ]
    assert runs
    assert all(run._r.rPr.find("{*}ea").get("typeface") == "Microsoft YaHei" for run in runs)


def test_an_empty_list_says_why() -> None:
    report = replace(
        REPORT,
        blocks=(doc.FindingList("发现", (), "还没有发现：尚未运行检查。"), doc.ActionList("行动", (), "没有行动。")),
    )
    assert "还没有发现：尚未运行检查。" in render_html(report).decode()
    assert squeezed("还没有发现：尚未运行检查。") in pdf_text(pypdf.PdfReader(io.BytesIO(render_pdf(report))))
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(report)))
    assert book["发现"]["A2"].value == "还没有发现：尚未运行检查。"
    slides = Presentation(io.BytesIO(render_pptx(report))).slides
    assert any(
        "没有行动。" in shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame
    )


def test_sheets_are_named_by_excel_s_rules() -> None:
    long = replace(teams(), title="[华东/华南]: 一个比三十一个字符还要长得多的表格标题，它放不进工作表的名字里面")
    names = openpyxl.load_workbook(io.BytesIO(render_xlsx(replace(REPORT, blocks=(long, long))))).sheetnames
    assert len(names) == len(set(names)) == 3
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)
