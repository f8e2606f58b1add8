"""A report as slides: native, editable charts and tables, 16:9, with a Chinese font set for Chinese text."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from salesloop.engine.report import document as doc
from salesloop.engine.report.number import format_change, format_number
from salesloop.engine.report.render.pptx_chart import add_native_chart, as_rgb
from salesloop.engine.report.render.words import action_line, attained, finding_line, stamp_lines
from salesloop.engine.report.table import Table, right_aligned, texts
from salesloop.engine.report.tokens import LIGHT, direction_colour

_WIDTH, _HEIGHT = Emu(12192000), Emu(6858000)
_MARGIN = Emu(520000)
_TOP = Emu(1250000)
_INNER = Emu(_WIDTH - 2 * _MARGIN)
_FONT, _LATIN = "Microsoft YaHei", "Calibri"
_ROWS_A_SLIDE = 11
_ITEMS_A_SLIDE = 4


def render_pptx(report: doc.Report) -> bytes:
    """The slides. Numbers are the same texts as in the other documents; charts keep their exact values."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = _WIDTH, _HEIGHT
    properties = deck.core_properties
    properties.title, properties.subject, properties.author = report.title, report.subtitle, report.company
    properties.comments = " · ".join(stamp_lines(report))
    properties.created = properties.modified = report.stamp.created_at.replace(tzinfo=None)
    _Deck(report, deck).write()
    target = io.BytesIO()
    deck.save(target)
    return target.getvalue()


class _Deck:
    """One set of slides being written."""

    def __init__(self, report: doc.Report, deck: Any) -> None:
        self.report = report
        self.lang = report.lang
        self.deck = deck

    def write(self) -> None:
        self.summary()
        for block in self._pieces():
            match block:
                case doc.Chart(spec=spec):
                    slide = self.slide(spec.title, spec.note)
                    add_native_chart(slide, spec, self.lang, (_MARGIN, _TOP, _INNER, Emu(_HEIGHT - _TOP - 700000)))
                case Table():
                    self.table(block)
                case doc.FindingList():
                    lines = [
                        (row.sentence, (finding_line(row, self.lang).causes, finding_line(row, self.lang).state))
                        for row in block.rows
                    ]
                    self.items(block.title, block.empty, lines)
                case doc.ActionList():
                    entries = [
                        (
                            f"{action_line(row, self.lang).tag} · {row.title}",
                            (row.effect, action_line(row, self.lang).state),
                        )
                        for row in block.rows
                    ]
                    self.items(block.title, block.empty, entries)

    def _pieces(self) -> Iterator[doc.Block]:
        for block in self.report.blocks:
            yield from block.blocks if isinstance(block, doc.Columns) else (block,)

    def slide(self, title: str, note: str = "") -> Any:
        slide = self.deck.slides.add_slide(self.deck.slide_layouts[5])  # title only
        head = slide.shapes.title
        head.left, head.top, head.width, head.height = _MARGIN, Emu(380000), _INNER, Emu(620000)
        frame = head.text_frame
        frame.margin_left = frame.margin_right = 0
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        self.write_line(frame.paragraphs[0], title, size=24, bold=True)
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        if note:
            self.box(slide, (_MARGIN, Emu(_HEIGHT - 760000), _INNER, Emu(280000)), note, size=11, colour=LIGHT.ink3)
        foot = f"{self.report.company} · {self.report.subtitle} · {' · '.join(stamp_lines(self.report))}"
        self.box(slide, (_MARGIN, Emu(_HEIGHT - 420000), _INNER, Emu(260000)), foot, size=9, colour=LIGHT.ink3)
        return slide

    def box(self, slide: Any, place: tuple[int, int, int, int], text: str, **look: Any) -> Any:
        frame = slide.shapes.add_textbox(*(Emu(part) for part in place)).text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        self.write_line(frame.paragraphs[0], text, **look)
        return frame

    def write_line(
        self, paragraph: Any, text: str, *, size: float = 14, bold: bool = False, colour: str = LIGHT.ink
    ) -> None:
        """A run of text. PowerPoint takes Chinese glyphs from the East Asian font, which has no API of its own."""
        run = paragraph.add_run()
        run.text = text
        font = run.font
        font.size, font.bold = Pt(size), bold
        font.color.rgb = as_rgb(colour)
        font.name = _LATIN if self.lang == "en" else _FONT
        properties = run._r.get_or_add_rPr()  # noqa: SLF001 - python-pptx has no name for the East Asian font
        east = properties.makeelement(qn("a:ea"), {"typeface": _FONT})
        properties.append(east)

    def summary(self) -> None:
        """First slide: what happened in sentences, then the headline numbers."""
        report = self.report
        slide = self.slide(f"{report.title} · {report.subtitle}")
        top = int(_TOP)
        for block in report.blocks:
            if isinstance(block, doc.Text):
                for paragraph in block.paragraphs:
                    self.box(slide, (_MARGIN, top, _INNER, 340000), paragraph, size=16, colour=LIGHT.ink2)
                    top += 400000
            elif isinstance(block, doc.KpiStrip):
                self.kpis(slide, top + 200000, block.cards)
                break

    def kpis(self, slide: Any, top: int, cards: Sequence[doc.KpiCard]) -> None:
        gap = 160000
        width = (_INNER - gap * (len(cards) - 1)) // max(len(cards), 1)
        for number, card in enumerate(cards):
            left = _MARGIN + number * (width + gap)
            shown = format_number(card.value, card.format, self.lang, currency=card.currency, unit=card.unit)
            frame = self.box(slide, (left, top, width, 2400000), card.label, size=14, colour=LIGHT.ink2)
            value = frame.add_paragraph()
            self.write_line(value, shown.text, size=32, bold=True)
            if shown.unit:
                self.write_line(value, f" {shown.unit}", size=12, colour=LIGHT.ink3)
            for change in card.changes:
                said = format_change(change.change, card.format, self.lang, card.favorable)
                colour = direction_colour(said.direction, LIGHT, red_up=self.report.red_up)
                line = frame.add_paragraph()
                self.write_line(line, str(said), size=12, colour=colour)
                self.write_line(line, f" {change.label}", size=12, colour=LIGHT.ink3)
            if card.attainment:
                for text in attained(card.attainment, self.lang):
                    self.write_line(frame.add_paragraph(), text, size=12, colour=LIGHT.ink3)

    def table(self, table: Table) -> None:
        """A table over as many slides as it needs."""
        headers, rows = texts(table, self.lang)
        for start in range(0, max(len(rows), 1), _ROWS_A_SLIDE):
            part = rows[start : start + _ROWS_A_SLIDE]
            slide = self.slide(table.title, table.note)
            height = Emu(380000 * (len(part) + 1))
            grid = slide.shapes.add_table(len(part) + 1, len(headers), _MARGIN, _TOP, _INNER, height).table
            grid.first_row, grid.horz_banding = True, False
            for column, head in enumerate(headers):
                right = right_aligned(table.columns[column])
                self.fill(grid.cell(0, column), head, right=right, ground=LIGHT.ground, colour=LIGHT.ink2)
                for row, cells in enumerate(part, 1):
                    bold = start + row - 1 in table.strong_rows
                    self.fill(grid.cell(row, column), cells[column], right=right, bold=bold)

    def fill(
        self,
        cell: Any,
        text: str,
        *,
        right: bool,
        bold: bool = False,
        ground: str = LIGHT.surface,
        colour: str = LIGHT.ink,
    ) -> None:
        cell.fill.solid()
        cell.fill.fore_color.rgb = as_rgb(ground)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        paragraph = cell.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
        self.write_line(paragraph, text, size=12, bold=bold, colour=colour)

    def items(self, title: str, empty: str, lines: Sequence[tuple[str, tuple[str, ...]]]) -> None:
        if not lines:
            self.box(self.slide(title), (_MARGIN, _TOP, _INNER, 400000), empty, size=16, colour=LIGHT.ink3)
        for start in range(0, len(lines), _ITEMS_A_SLIDE):
            slide = self.slide(title)
            top = int(_TOP)
            for head, rest in lines[start : start + _ITEMS_A_SLIDE]:
                frame = self.box(slide, (_MARGIN, top, _INNER, 1000000), head, size=16, bold=True)
                for text in filter(None, rest):
                    self.write_line(frame.add_paragraph(), text, size=13, colour=LIGHT.ink2)
                top += 1200000
