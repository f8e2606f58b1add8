"""Runs the checks that judge all records of an entity together: freshness, volume, drift."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

import numpy as np

from salesloop.engine.clean.quality.book import CheckBook
from salesloop.engine.clean.quality.definition import Drift, Freshness, TableCheck, Volume
from salesloop.engine.clean.quality.judge import CheckResult
from salesloop.engine.clean.quality.rules import Circumstances
from salesloop.engine.clean.values.cells import ident, literal
from salesloop.engine.model.entity import Entity
from salesloop.engine.model.workdays import workdays

Ask = Callable[[str], Sequence[Mapping[str, Any]]]
"""Answers a SELECT with rows by column name: of a snapshot, or of the one that is being built."""

JUDGED: Final = 20
"""Deliveries, or working days, that a volume check looks at."""
LEAST_ROWS: Final = 50
"""Mixes of fewer records on either side are not compared."""


def table_results(
    ask: Ask, book: CheckBook, at: Circumstances, *, entities: Collection[str] | None = None
) -> list[CheckResult]:
    """The outcome of every table check that can speak (or of those of `entities`), as of the day `at`.

    `checked` counts what was looked at: deliveries or days of a volume, else 1; `failed` how many of them do not hold.
    """
    out = []
    for check in book.of_tables:
        if entities is None or check.entity in entities:
            failed, checked = _judge(ask, book.model.entity(check.entity), check, at)
            if checked:
                out.append(CheckResult(check.entity, check.check, check.severity, check.label, failed, checked))
    return out


def _judge(ask: Ask, entity: Entity, check: TableCheck, at: Circumstances) -> tuple[int, int]:
    match check:
        case Freshness():
            newest = _newest(ask, entity) if check.of == "event" else _last_received(ask, entity, at.zone)
            return (0, 0) if newest is None else (int(workdays().between(newest, at.today) > check.working_days), 1)
        case Volume():
            counts = _of_days(ask, entity) if check.per == "day" else _of_deliveries(ask, entity)
            low, high = check.min or 0, check.max if check.max is not None else float("inf")
            return sum(not low <= rows <= high for rows in counts), len(counts)
        case Drift():
            index = stability_index(*_mixes(ask, entity, check))
            return (0, 0) if index is None else (int(index > check.limit), 1)


def stability_index(before: Mapping[str, int], now: Mapping[str, int]) -> float | None:
    """Σ (p − q) ln (p / q) over the categories of two samples; None where either is too small to say anything.

    A category that one of them lacks counts as half a record.
    """
    if min(sum(before.values()), sum(now.values())) < LEAST_ROWS:
        return None
    names = sorted({*before, *now})
    p, q = (np.maximum([mix.get(name, 0) for name in names], 0.5) for mix in (now, before))
    p, q = p / p.sum(), q / q.sum()
    return float(((p - q) * np.log(p / q)).sum())


def _newest(ask: Ask, entity: Entity) -> dt.date | None:
    found = ask(f"SELECT max(CAST({ident(entity.event_date or '')} AS DATE)) AS day FROM {ident(entity.name)}")
    return found[0]["day"]


def _last_received(ask: Ask, entity: Entity, zone: dt.tzinfo) -> dt.date | None:
    found = ask(
        f"SELECT max(b.received_at) AS moment FROM ledger.counts c JOIN ledger.batch b USING (batch_id) "
        f"WHERE b.undone IS NULL AND c.entity = {literal(entity.name)}"
    )
    moment = found[0]["moment"]  # UTC
    return moment.replace(tzinfo=dt.UTC).astimezone(zone).date() if moment else None


def _of_deliveries(ask: Ask, entity: Entity) -> list[int]:
    found = ask(
        f"SELECT c.received AS rows FROM ledger.counts c JOIN ledger.batch b USING (batch_id) WHERE b.undone IS NULL "
        f"AND c.entity = {literal(entity.name)} AND NOT contains(b.batch_id, '.') "
        f"ORDER BY b.received_at DESC, b.batch_id LIMIT {JUDGED}"
    )
    return [row["rows"] for row in found]


def _of_days(ask: Ask, entity: Entity) -> list[int]:
    """Records of each of the last working days up to the newest event; a day without any counts as 0."""
    newest = _newest(ask, entity)
    if newest is None:
        return []
    day = f"CAST({ident(entity.event_date or '')} AS DATE)"
    wanted = ", ".join(f"(DATE {literal(each.isoformat())})" for each in workdays().last(JUDGED, newest))
    found = ask(
        f"SELECT d AS day, count(t.{ident(entity.key[0])}) AS rows FROM (VALUES {wanted}) s(d) "
        f"LEFT JOIN {ident(entity.name)} t ON {day} = d GROUP BY ALL ORDER BY day DESC"
    )
    return [row["rows"] for row in found]


def _mixes(ask: Ask, entity: Entity, check: Drift) -> tuple[dict[str, int], dict[str, int]]:
    """Records by category: of the year before the newest days, and of these."""
    newest = _newest(ask, entity)
    if newest is None:
        return {}, {}
    day = f"CAST({ident(entity.event_date or '')} AS DATE)"
    split = newest - dt.timedelta(days=check.days)
    found = ask(
        f"SELECT CAST({ident(check.field)} AS VARCHAR) AS category, "
        f"count(*) FILTER ({day} <= DATE {literal(split.isoformat())}) AS before, "
        f"count(*) FILTER ({day} > DATE {literal(split.isoformat())}) AS now FROM {ident(entity.name)} "
        f"WHERE {ident(check.field)} IS NOT NULL AND {day} > DATE {literal((split - dt.timedelta(days=365)).isoformat())} "
        f"GROUP BY category"
    )
    return {row["category"]: row["before"] for row in found}, {row["category"]: row["now"] for row in found}
