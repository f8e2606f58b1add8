"""A report as one self-contained HTML file: inline style and SVG, light and dark, for screens, phones and print."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from importlib import resources

from salesloop.engine.model.text import Messages
from salesloop.engine.report import document as doc
from salesloop.engine.report.chart import ChartSpec
from salesloop.engine.report.chart_text import table_of
from salesloop.engine.report.number import Number, Scale, format_change, format_number, to_decimal
from salesloop.engine.report.render.drawing import chart_svg
from salesloop.engine.report.render.words import action_line, attained, finding_line, is_late, stamp_lines
from salesloop.engine.report.table import (
    Cell,
    Column,
    Table,
    cell_text,
    column_scale,
    header_text,
    number_of,
    right_aligned,
)
from salesloop.engine.report.tokens import FONT_PAGE, css_variables

_MESSAGES = Messages("salesloop.engine.report")
_WIDE, _HALF, _NARROW = 1014, 482, 326
_FONT = FONT_PAGE.replace('"', "'")


def render_html(report: doc.Report) -> bytes:
    """The whole file, UTF-8. Nothing is fetched from anywhere when it is opened."""
    return _Page(report).whole().encode()


class _Page:
    """One report being written; holds what every block needs."""

    def __init__(self, report: doc.Report) -> None:
        self.report = report
        self.lang = report.lang
        self.card_level = 2
        """Level of the headings of cards: below the title, and below a chapter once there is one."""

    def say(self, key: str, **params: object) -> str:
        return escape(_MESSAGES.say(key, self.lang, **params))

    def whole(self) -> str:
        report = self.report
        title = f"{report.title} · {report.subtitle}"
        head = (
            f'<header class="report-head"><div><h1>{escape(report.title)}</h1><p>{escape(report.subtitle)}</p></div>'
            f'<div class="stamp">{"<br>".join(map(escape, stamp_lines(report)))}</div></header>'
        )
        return (
            f'<!doctype html>\n<html lang="{self.lang}">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="generator" content="SalesLoop">\n'
            f"<title>{escape(title)}</title>\n<style>{self.style()}</style>\n</head>\n<body>\n<main>\n{head}\n"
            + "\n".join(self.block(block) for block in report.blocks)
            + f"\n<footer>{escape(report.company)} · {self.say('made_with')}</footer>\n</main>\n</body>\n</html>\n"
        )

    def style(self) -> str:
        css = resources.files("salesloop.engine.report.render").joinpath("report.css").read_text("utf-8")
        up, down = ("--red", "--green") if self.report.red_up else ("--green", "--red")
        roles = f"--up: var({up}); --down: var({down}); --font: {_FONT};"
        dark = f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {css_variables('dark')} }} }}"
        return f":root {{ {css_variables('light')} {roles} }}\n{dark}\n{css}"

    def block(self, block: doc.Block) -> str:
        match block:
            case doc.Heading():
                self.card_level = 3
                page = " page" if block.new_page else ""
                return f'<h2 class="chapter{page}">{escape(block.text)}</h2>'
            case doc.Text():
                favours = block.favours or ("neutral",) * len(block.paragraphs)
                lines = zip(block.paragraphs, favours, strict=True)
                return (
                    '<section class="card news">'
                    + "".join(f'<p class="{favour}">{escape(text)}</p>' for text, favour in lines)
                    + "</section>"
                )
            case doc.KpiStrip():
                return f'<section class="kpis">{"".join(map(self.kpi, block.cards))}</section>'
            case doc.Chart():
                return self.chart_card(block, _WIDE)
            case Table():
                return self.table_card(block)
            case doc.Columns():
                return f'<div class="pair">{"".join(map(self.half, block.blocks))}</div>'
            case doc.FindingList():
                return self.items(block.title, block.empty, map(self.finding, block.rows))
            case doc.ActionList():
                return self.items(block.title, block.empty, map(self.action, block.rows))

    def head(self, title: str) -> str:
        return f"<h{self.card_level}>{escape(title)}</h{self.card_level}>"

    def half(self, block: doc.Chart | Table) -> str:
        return self.chart_card(block, _HALF) if isinstance(block, doc.Chart) else self.table_card(block)

    def kpi(self, card: doc.KpiCard) -> str:
        shown = format_number(card.value, card.format, self.lang, currency=card.currency, unit=card.unit)
        exact = format_number(card.value, card.format, self.lang, style="exact", currency=card.currency, unit=card.unit)
        unit = f'<span class="unit">{escape(shown.unit)}</span>' if shown.unit else ""
        changes = "".join(self.change(card, change) for change in card.changes)
        spark = f'<div class="spark">{self.picture(card.spark, 168, 168)}</div>' if card.spark else ""
        return (
            f'<article class="card kpi" data-metric="{escape(card.metric)}"><div class="label">{escape(card.label)}</div>'
            f'<div class="value" title="{escape(str(exact))}" data-value="{_exact(card.value)}">{escape(shown.text)}{unit}'
            f'</div><div class="changes">{changes}</div>{spark}{self.attainment(card.attainment)}</article>'
        )

    def change(self, card: doc.KpiCard, change: doc.KpiChange) -> str:
        shown = format_change(change.change, card.format, self.lang, card.favorable)
        return f'<span class="change"><span class="{shown.direction}">{escape(str(shown))}</span> {escape(change.label)}</span>'

    def attainment(self, goal: doc.Attainment | None) -> str:
        if goal is None:
            return ""
        left, right = attained(goal, self.lang)
        return (
            self.bar(goal.share, goal.pace)
            + f'<div class="attained"><span>{escape(left)}</span><span>{escape(right)}</span></div>'
        )

    def bar(self, share: Number, pace: float | None) -> str:
        number = to_decimal(share)
        if number is None:
            return ""
        width = min(max(float(number), 0.0), 1.0)
        tick = f'<b style="left:{min(pace, 0.995):.1%}"></b>' if pace is not None else ""
        late = " late" if is_late(share, pace) else ""
        return f'<div class="bar{late}" aria-hidden="true"><i style="width:{width:.1%}"></i>{tick}</div>'

    def chart_card(self, block: doc.Chart, width: int) -> str:
        spec = block.spec
        beside = self.table(block.with_table) if block.with_table else ""
        note = f'<p class="note">{escape(spec.note)}</p>' if spec.note else ""
        details = (
            ""
            if block.with_table
            else f"<details><summary>{self.say('data_table')}</summary>{self.table(table_of(spec, self.lang))}</details>"
        )
        return (
            f'<section class="card">{self.head(spec.title)}<div class="chart">{self.picture(spec, width, _NARROW)}</div>'
            f"{note}{beside}{details}</section>"
        )

    def picture(self, spec: ChartSpec, wide: int, narrow: int) -> str:
        """The chart in both themes and, where it matters, redrawn for a phone; the style sheet shows one of them."""

        def drawn(width: int, name: str) -> str:
            both: list[str] = [
                f'<span class="on-{theme}">'
                + chart_svg(spec, self.lang, width, theme=theme, red_up=self.report.red_up, font=_FONT)
                + "</span>"
                for theme in ("light", "dark")
            ]
            return f'<span class="{name}">{"".join(both)}</span>'

        return drawn(wide, "wide") + (drawn(narrow, "narrow") if narrow != wide else "")

    def table_card(self, table: Table) -> str:
        note = f'<p class="note">{escape(table.note)}</p>' if table.note else ""
        return f'<section class="card">{self.head(table.title)}{self.table(table)}{note}</section>'

    def table(self, table: Table) -> str:
        scales = [column_scale(table, index, self.lang) for index in range(len(table.columns))]
        heads = "".join(
            f'<th scope="col"{_class(column)}>{escape(header_text(column, scale, self.lang))}</th>'
            for column, scale in zip(table.columns, scales, strict=True)
        )
        rows = "".join(
            f"<tr{' class=strong' if number in table.strong_rows else ''}>"
            + "".join(map(self.cell, [table.pace] * len(row), table.columns, row, scales))
            + "</tr>"
            for number, row in enumerate(table.rows)
        )
        reach = f'role="region" tabindex="0" aria-label="{escape(table.title)}"'  # a wide table scrolls by keyboard too
        return f'<div class="scroll" {reach}><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'

    def cell(self, pace: float | None, column: Column, value: Cell, scale: Scale | None) -> str:
        text = escape(cell_text(column, value, self.lang, scale=scale))
        if column.kind == "change":
            shown = format_change(number_of(value), column.format, self.lang, column.favorable)
            return f'<td class="n {shown.direction}" data-value="{_exact(value)}">{text}</td>'
        if column.kind == "progress":
            return f'<td class="p" data-value="{_exact(value)}"><div>{self.bar(number_of(value), pace)}<span>{text}</span></div></td>'
        if column.kind == "number":
            exact = escape(cell_text(column, value, self.lang, style="exact"))
            return f'<td class="n" title="{exact}" data-value="{_exact(value)}">{text}</td>'
        return f"<td>{text}</td>"

    def items(self, title: str, empty: str, items: Iterable[str]) -> str:
        body = "".join(items)
        inner = f'<ul class="items">{body}</ul>' if body else f'<p class="empty">{escape(empty)}</p>'
        return f'<section class="card">{self.head(title)}{inner}</section>'

    def finding(self, row: doc.FindingRow) -> str:
        causes = f"<p>{escape(finding_line(row, self.lang).causes)}</p>" if row.causes else ""
        return (
            f'<li><div class="line"><span class="tag {row.severity}">{escape(row.kind)}</span>'
            f"<strong>{escape(row.sentence)}</strong></div>{causes}"
            f'<p class="small">{escape(finding_line(row, self.lang).state)}</p></li>'
        )

    def action(self, row: doc.ActionRow) -> str:
        line = action_line(row, self.lang)
        effect = f"<p>{escape(row.effect)}</p>" if row.effect else ""
        chart = f'<div class="chart">{self.picture(row.chart, _WIDE, _NARROW)}</div>' if row.chart else ""
        return (
            f'<li><div class="line"><span class="tag {"late" if row.overdue else row.verdict}">{escape(line.tag)}</span>'
            f'<strong>{escape(row.title)}</strong></div>{effect}<p class="small">{escape(line.state)}</p>{chart}</li>'
        )


def _class(column: Column) -> str:
    return ' class="n"' if right_aligned(column) else ""


def _exact(value: Cell) -> str:
    number = to_decimal(number_of(value))
    return "" if number is None else format(number, "f")
