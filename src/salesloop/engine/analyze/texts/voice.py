"""What customers said in a period: themes with their change and feeling, and the numbers of those who said it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from salesloop.engine.analyze.texts.collect import Asked, collect
from salesloop.engine.analyze.texts.keywords import Keyword, keywords
from salesloop.engine.analyze.texts.lexicon import Lexicon
from salesloop.engine.analyze.texts.mentions import mentions
from salesloop.engine.metrics import Query, Registry, parse_filter, run
from salesloop.engine.metrics.cache import Cache
from salesloop.engine.metrics.warehouse import Warehouse
from salesloop.engine.model.calendar import Calendar, Grain
from salesloop.engine.model.scope import Scope
from salesloop.engine.store.engines.quiet import connect

_RATIOS: Final = {
    "win_rate": ("deals_won", "deals_closed"),
    "satisfaction": ("satisfaction_points", "satisfaction_points_possible"),
}
"""Metrics that are put together over customers as ratios of sums."""
_SUMS: Final = ("revenue",)
_heard: Cache[Voice] = Cache(8, 256_000_000, lambda voice: voice.size)


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """One theme. `share` and `share_before` are of all texts of the period, None without any; `good` and `bad` are texts now
    by feeling; `numbers` are those of the customers who mentioned it now: metric → value, None = unknown."""

    theme: str
    now: int
    before: int
    share: float | None
    share_before: float | None
    good: int
    bad: int
    customers: int
    numbers: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Voice:
    """The answer. `themes`: most mentioned first. `trend`: theme → texts in each of `periods` (first days). `slices`: slice id
    → theme → texts, where a dimension was asked, the largest first. `numbers` are of all customers, to compare with.
    `said`: the texts now, newest first, with `themes` (LIST) and `feeling` (of the text: the sign of the sum)."""

    texts: int
    texts_before: int
    customers: int
    themes: tuple[ThemeLine, ...]
    periods: tuple[dt.date, ...]
    trend: Mapping[str, tuple[int, ...]]
    slices: Mapping[str, Mapping[str, int]]
    words: tuple[Keyword, ...]
    numbers: Mapping[str, float | None]
    said: pa.Table
    left_out: tuple[str, ...]
    cut: tuple[str, ...]

    @property
    def size(self) -> int:
        return int(self.said.nbytes)


def listen(
    data: Warehouse, registry: Registry, lexicon: Lexicon, asked: Asked, scope: Scope, *, today: dt.date, grain: Grain
) -> Voice:
    """The voice of the customers whom the scope shows. Equal questions on equal data are answered once.

    UserError where a filter names something unknown.
    """
    if data.entered_version is None:
        return _listen(data, registry, lexicon, asked, scope, today, grain)
    key = (
        data.identity,
        data.entered_version,
        data.config,
        registry.fingerprint,
        id(lexicon),
        asked,
        scope,
        today,
        grain,
    )
    return _heard.get(key, lambda: _listen(data, registry, lexicon, asked, scope, today, grain))


def _listen(
    data: Warehouse, registry: Registry, lexicon: Lexicon, asked: Asked, scope: Scope, today: dt.date, grain: Grain
) -> Voice:
    found = collect(data, registry, asked, scope, today)
    calendar = data.config.calendar_of_company
    numbers = _numbers(data, registry, asked, scope, today)
    con = connect()
    try:
        con.register("texts", found.table)
        con.register("mentioned", mentions(found.table.select(["text_id", "text"]), lexicon))
        con.register("numbers", numbers)
        con.register("period", _periods(calendar, asked, grain))
        con.execute(
            "CREATE TEMP TABLE said AS SELECT t.*, m.theme, coalesce(t.tone, m.feeling) AS felt FROM texts t "
            "JOIN mentioned m USING (text_id)"
        )
        totals = _rows(
            con,
            "SELECT count(*) FILTER (current) AS now, count(*) FILTER (NOT current) AS before, "
            "count(DISTINCT customer_id) FILTER (current) AS customers FROM texts",
        )[0]
        trend = _rows(
            con,
            "SELECT theme, start, count(*) AS n FROM said JOIN period ON day BETWEEN start AND last "
            "WHERE current GROUP BY ALL",
        )
        periods = [row["start"] for row in _rows(con, "SELECT start FROM period ORDER BY start")]
        return Voice(
            totals["now"],
            totals["before"],
            totals["customers"],
            tuple(_theme(row, totals, numbers) for row in _rows(con, _themes(numbers))),
            tuple(periods),
            _counted(trend, periods),
            _slices(_rows(con, "SELECT slice, theme, count(*) AS n FROM said WHERE current GROUP BY ALL"))
            if asked.by
            else {},
            tuple(keywords(found.table.select(["text_id", "text", "current"]))),
            _together(_rows(con, f"SELECT {_sums(numbers) or '1 AS one'} FROM numbers")[0], numbers),
            con.sql(
                "SELECT t.text_id, t.source, t.day, t.text, t.customer_id, t.employee_id, t.slice, "
                "coalesce(list(m.theme ORDER BY m.theme) FILTER (m.theme IS NOT NULL), []) AS themes, "
                "CAST(coalesce(any_value(t.tone), sign(sum(m.feeling)), 0) AS INTEGER) AS feeling FROM texts t "
                "LEFT JOIN mentioned m USING (text_id) WHERE t.current GROUP BY ALL ORDER BY t.day DESC, t.text_id"
            ).to_arrow_table(),
            found.left_out,
            found.cut,
        )
    finally:
        con.close()


def _rows(con: Any, query: str) -> list[dict[str, Any]]:
    return con.sql(query).to_arrow_table().to_pylist()


# -- the numbers beside ----------------------------------------------------------------------------------------------


def _numbers(data: Warehouse, registry: Registry, asked: Asked, scope: Scope, today: dt.date) -> pa.Table:
    """customer_id and, of those that can be computed, the sums behind the numbers beside, of the days now."""
    wanted = [*_SUMS, *(part for parts in _RATIOS.values() for part in parts)]
    placed = {parse_filter(text).dimension for text in asked.where} | {"customer"}
    metrics = tuple(
        name
        for name in wanted
        if name in registry.metrics
        and all(data.has(entity) for entity in registry.entities_of(name))
        and placed <= {one.dimension for one in registry.dimensions_of(name)}
    )
    if not metrics:
        return pa.table({"customer_id": pa.array([], pa.string())})
    query = Query(metrics, by=("customer",), start=asked.now.start, end=asked.now.end, where=asked.where)
    table = run(data, registry, query, scope, today=today).table
    return table.select(["customer_id", *metrics])


def _sums(numbers: pa.Table) -> str:
    """SQL: the sums over rows of `numbers`, under their own names."""
    names = [name for name in numbers.column_names if name != "customer_id"]
    return ", ".join(f'CAST(sum("{name}") AS DOUBLE) AS "{name}"' for name in names)


def _together(sums: Mapping[str, Any], numbers: pa.Table) -> dict[str, float | None]:
    known = set(numbers.column_names)
    out: dict[str, float | None] = {name: sums[name] for name in _SUMS if name in known}
    for name, (numerator, denominator) in _RATIOS.items():
        if {numerator, denominator} <= known:
            part, whole = sums[numerator], sums[denominator]
            out[name] = part / whole if part is not None and whole else None
    return out


# -- themes ----------------------------------------------------------------------------------------------------------


def _themes(numbers: pa.Table) -> str:
    sums = _sums(numbers)
    beside = (
        f"LEFT JOIN (SELECT theme, {sums} FROM (SELECT DISTINCT theme, customer_id FROM said WHERE current) "
        "JOIN numbers USING (customer_id) GROUP BY theme) USING (theme)"
        if sums
        else ""
    )
    return (
        "SELECT * FROM (SELECT theme, count(*) FILTER (current) AS now, count(*) FILTER (NOT current) AS before, "
        "count(*) FILTER (current AND felt > 0) AS good, count(*) FILTER (current AND felt < 0) AS bad, "
        f"count(DISTINCT customer_id) FILTER (current) AS customers FROM said GROUP BY theme) {beside} "
        "ORDER BY now DESC, before DESC, theme"
    )


def _theme(row: Mapping[str, Any], totals: Mapping[str, int], numbers: pa.Table) -> ThemeLine:
    return ThemeLine(
        row["theme"],
        row["now"],
        row["before"],
        row["now"] / totals["now"] if totals["now"] else None,
        row["before"] / totals["before"] if totals["before"] else None,
        row["good"],
        row["bad"],
        row["customers"],
        _together(row, numbers),
    )


def _periods(calendar: Calendar, asked: Asked, grain: Grain) -> pa.Table:
    periods = calendar.periods(asked.now.start, asked.now.end, grain)
    return pa.table(
        {
            "start": pa.array([period.start for period in periods], pa.date32()),
            "last": pa.array([period.end for period in periods], pa.date32()),
        }
    )


def _counted(rows: Sequence[Mapping[str, Any]], periods: Sequence[dt.date]) -> dict[str, tuple[int, ...]]:
    counts = {(row["theme"], row["start"]): row["n"] for row in rows}
    return {
        theme: tuple(counts.get((theme, start), 0) for start in periods) for theme in {row["theme"] for row in rows}
    }


def _slices(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["slice"], {})[row["theme"]] = row["n"]
    return dict(sorted(found.items(), key=lambda item: (-sum(item[1].values()), item[0])))
