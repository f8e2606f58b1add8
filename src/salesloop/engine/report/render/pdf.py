"""A report as PDF by typst: the layout is ``report.typ``, the content goes in as JSON and is never pasted into markup."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from functools import cache
from importlib import resources
from typing import Any

from salesloop.engine.model.text import Messages
from salesloop.engine.report import document as doc
from salesloop.engine.report.chart import ChartSpec
from salesloop.engine.report.chart_text import describe
from salesloop.engine.report.fonts import font_folder, missing_glyphs
from salesloop.engine.report.number import Direction, Number, format_change, format_number, to_decimal
from salesloop.engine.report.render.drawing import chart_svg
from salesloop.engine.report.render.words import action_line, attained, finding_line, is_late, stamp_lines
from salesloop.engine.report.table import Table, number_of, right_aligned, texts
from salesloop.engine.report.tokens import LIGHT

_MESSAGES = Messages("salesloop.engine.report")
_WIDE, _HALF, _SPARK = 700, 336, 118
_SPARK_HEIGHT = 30
_FAVOUR_COLOURS = {"good": "green", "bad": "red", "neutral": "line"}
_TAGS = {
    "high": "red", "medium": "warning", "low": "accent",
    "improved": "green", "worse": "red", "no_evidence": "accent", "open": "accent",
}  # fmt: skip

Json = dict[str, Any]


def render_pdf(report: doc.Report) -> bytes:
    """A4, accessible (PDF/UA-1), with title and language in its metadata and the fonts embedded."""
    import typst  # 80 MB

    content = json.dumps(_Content(report).whole(), ensure_ascii=False)
    layout = resources.files("salesloop.engine.report.render").joinpath("report.typ").read_bytes()
    # Rare characters of names may be missing in the bundled font. Then, and only then, fonts of the machine may help;
    # what even they lack is a box, which PDF/UA forbids.
    rare = missing_glyphs(content)
    made = report.stamp.created_at.astimezone(dt.UTC).replace(microsecond=0)
    return typst.compile(
        layout,
        format="pdf",
        font_paths=_fonts(system=bool(rare)),
        sys_inputs={"report": content},
        timestamp=made,
        pdf_standards=[] if rare else ["ua-1"],
    )


@cache
def _fonts(*, system: bool) -> Any:
    import typst

    return typst.Fonts(include_system_fonts=system, include_embedded_fonts=False, font_paths=[font_folder()])


class _Content:
    """The report as plain JSON: every number a text, every chart an SVG."""

    def __init__(self, report: doc.Report) -> None:
        self.report = report
        self.lang = report.lang
        self.card_level = 2
        """Level of the headings of cards: below the title, and below a chapter once there is one."""

    def whole(self) -> Json:
        report = self.report
        colours = {name: value for name, value in asdict(LIGHT).items() if isinstance(value, str)}
        return {
            "title": report.title,
            "subtitle": report.subtitle,
            "company": report.company,
            "description": " · ".join(stamp_lines(report)),
            "lang": "en" if self.lang == "en" else "zh",
            "region": {"zh-Hans": "cn", "zh-Hant": "tw", "en": None}[self.lang],
            "stamp": stamp_lines(report),
            "colours": colours,
            "blocks": [self.block(block) for block in report.blocks],
        }

    def block(self, block: doc.Block) -> Json:
        match block:
            case doc.Heading():
                self.card_level = 3
                return {"kind": "heading", "text": block.text, "new_page": block.new_page}
            case doc.Text():
                favours = block.favours or ("neutral",) * len(block.paragraphs)
                lines = [
                    {"text": text, "colour": _FAVOUR_COLOURS[favour]}
                    for text, favour in zip(block.paragraphs, favours, strict=True)
                ]
                return {"kind": "text", "paragraphs": lines}
            case doc.KpiStrip():
                return {"kind": "kpis", "cards": [self.kpi(card) for card in block.cards]}
            case doc.Chart():
                return self.chart(block, _WIDE)
            case Table():
                return self.table(block)
            case doc.Columns():
                parts = [
                    self.chart(part, _HALF) if isinstance(part, doc.Chart) else self.table(part)
                    for part in block.blocks
                ]
                return {"kind": "columns", "parts": parts}
            case doc.FindingList():
                return self.items(block.title, block.empty, [self.finding(row) for row in block.rows])
            case doc.ActionList():
                return self.items(block.title, block.empty, [self.action(row) for row in block.rows])

    def picture(self, spec: ChartSpec, width: int, height: int | None = None) -> Json:
        drawn = chart_svg(spec, self.lang, width, height=height, red_up=self.report.red_up)
        return {"svg": drawn, "alt": describe(spec, self.lang)}

    def chart(self, block: doc.Chart, width: int) -> Json:
        spec = block.spec
        table = self.table(block.with_table) if block.with_table else None
        head = {"kind": "chart", "level": self.card_level, "title": spec.title}
        return {**head, "note": spec.note, "table": table, **self.picture(spec, width)}

    def kpi(self, card: doc.KpiCard) -> Json:
        shown = format_number(card.value, card.format, self.lang, currency=card.currency, unit=card.unit)
        changes = []
        for change in card.changes:
            said = format_change(change.change, card.format, self.lang, card.favorable)
            changes.append({"text": str(said), "colour": self.colour(said.direction), "label": change.label})
        goal = None
        if card.attainment:
            left, right = attained(card.attainment, self.lang)
            bar = self.bar(card.attainment.share, card.attainment.pace)
            goal = {"left": left, "right": right, **bar} if bar else None
        spark = self.picture(card.spark, _SPARK, _SPARK_HEIGHT) if card.spark else None
        return {
            "label": card.label,
            "text": shown.text,
            "unit": shown.unit,
            "changes": changes,
            "goal": goal,
            "spark": spark,
        }

    def colour(self, direction: Direction) -> str:
        if direction == "flat":
            return "ink3"
        return "red" if (direction == "up") == self.report.red_up else "green"

    def bar(self, share: Number, pace: float | None) -> Json | None:
        number = to_decimal(share)
        if number is None:
            return None
        return {"share": min(max(float(number), 0.0), 1.0), "pace": pace, "late": is_late(share, pace)}

    def table(self, table: Table) -> Json:
        headers, rows = texts(table, self.lang)
        widest = max(range(len(headers)), key=lambda index: _room(table, rows, index))
        columns = [
            {
                "name": name,
                "width": "bar" if column.kind == "progress" else "rest" if index == widest else "text",
                "right": right_aligned(column),
            }
            for index, (name, column) in enumerate(zip(headers, table.columns, strict=True))
        ]
        body = []
        for number, row in enumerate(rows):
            cells = [self.cell(table, number, index, text) for index, text in enumerate(row)]
            body.append({"strong": number in table.strong_rows, "cells": cells})
        head = {"kind": "table", "level": self.card_level, "title": table.title}
        return {**head, "note": table.note, "columns": columns, "rows": body}

    def cell(self, table: Table, row: int, index: int, text: str) -> Json:
        column, value = table.columns[index], number_of(table.rows[row][index])
        if column.kind == "change":
            direction = format_change(value, column.format, self.lang, column.favorable).direction
            return {"text": text, "colour": self.colour(direction)}
        if column.kind == "progress":
            return {"text": text, "colour": "ink", "bar": self.bar(value, table.pace)}
        return {"text": text, "colour": "ink"}

    def items(self, title: str, empty: str, items: list[Json]) -> Json:
        return {"kind": "list", "level": self.card_level, "title": title, "empty": empty, "items": items}

    def finding(self, row: doc.FindingRow) -> Json:
        line = finding_line(row, self.lang)
        return {
            "tag": _tag(line.tag, _TAGS[row.severity]),
            "title": row.sentence,
            "body": line.causes,
            "state": line.state,
            "chart": None,
        }

    def action(self, row: doc.ActionRow) -> Json:
        line = action_line(row, self.lang)
        return {
            "tag": _tag(line.tag, "red" if row.overdue else _TAGS[row.verdict]),
            "title": row.title,
            "body": row.effect,
            "state": line.state,
            "chart": self.picture(row.chart, _WIDE, 160) if row.chart else None,
        }


def _room(table: Table, rows: list[list[str]], index: int) -> int:
    """Characters of the longest text in a column of words: the column that takes what the others leave."""
    return max((len(row[index]) for row in rows), default=0) if table.columns[index].kind == "text" else -1


def _tag(text: str, colour: str) -> Json:
    return {"text": text, "colour": colour, "ground": f"{colour}_soft"}
