"""A chart in other forms: its table view and a description for people who cannot see it."""

from __future__ import annotations

from salesloop.engine.model.text import Lang, Messages
from salesloop.engine.report.chart import ChartSpec
from salesloop.engine.report.number import Number, format_number, to_decimal
from salesloop.engine.report.table import Cell, Column, Table

_MESSAGES = Messages("salesloop.engine.report")


def table_of(spec: ChartSpec, lang: Lang = "zh-Hans") -> Table:
    """Every value of the chart, exact: one row a category, one column a series (and band and side columns)."""

    def number(name: str) -> Column:
        return Column(name, "number", spec.format, spec.unit, spec.currency)

    columns = [Column(spec.category_name), *(number(series.name) for series in spec.series)]
    cells: list[tuple[Cell, ...]] = [spec.categories, *(series.values for series in spec.series)]
    if spec.band:
        columns += [number(_MESSAGES.say("band_low", lang, band=spec.band.name))]
        columns += [number(_MESSAGES.say("band_high", lang, band=spec.band.name))]
        cells += [spec.band.low, spec.band.high]
    columns += [Column(side.name) for side in spec.side]
    cells += [side.texts for side in spec.side]
    if spec.annotations or spec.event:
        notes = {note.index: note.note for note in (*spec.annotations, *([spec.event] if spec.event else []))}
        columns.append(Column(_MESSAGES.say("notes", lang)))
        cells.append(tuple(notes.get(index, "") for index in range(len(spec.categories))))
    return Table(spec.title, tuple(columns), tuple(zip(*cells, strict=True)))


def describe(spec: ChartSpec, lang: Lang) -> str:
    """One or two sentences: what is drawn, first and last or largest and smallest value, and the notes."""
    parts = [_MESSAGES.say(f"kind_{spec.kind}", lang, title=spec.title)]
    known = [
        (name, value)
        for name, value in zip(spec.categories, spec.main.values, strict=True)
        if to_decimal(value) is not None
    ]
    if known:
        parts.append(_extremes(spec, known, lang))
    parts += [
        _MESSAGES.say("described_note", lang, category=spec.categories[note.index], note=note.note)
        for note in (*spec.annotations, *([spec.event] if spec.event else []))
    ]
    return (" " if lang == "en" else "").join(parts)


def _extremes(spec: ChartSpec, known: list[tuple[str, Number]], lang: Lang) -> str:
    def said(pair: tuple[str, Number]) -> str:
        return f"{pair[0]} {format_number(pair[1], spec.format, lang, currency=spec.currency, unit=spec.unit)}"

    if len(known) == 1:
        return _MESSAGES.say("described_one", lang, value=said(known[0]))
    if spec.kind in ("trend", "sparkline", "effect", "waterfall", "funnel"):
        return _MESSAGES.say("described_run", lang, first=said(known[0]), last=said(known[-1]))
    ranked = sorted(known, key=lambda pair: to_decimal(pair[1]) or 0)
    return _MESSAGES.say("described_range", lang, most=said(ranked[-1]), least=said(ranked[0]))
