"""`salesloop.open(DIR)`: a workspace for programs and notebooks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict, Unpack

import pyarrow as pa

from salesloop.engine.governance.numbering import numbered_registry
from salesloop.engine.metrics import Query, Result, run
from salesloop.engine.model.calendar import Grain
from salesloop.engine.model.periods import parse_period
from salesloop.engine.model.scope import Scope
from salesloop.engine.store import Workspace

Names = str | Iterable[str]


class Asked(TypedDict, total=False):
    """What narrows a question. One name may stand for a list of one.

    `start` and `end` are inclusive days, or periods as text (`2026-Q1`); with a start and no end, up to today. `where`
    holds filters such as `region=华东`. `compare`: previous, year, festival, target, plan, share, contribution, or a period as
    text; `params` are numbers such as `churn_days=60`. `scope` is everything where absent. `today` is a business day of the company, by
    default today's in its time zone.
    """

    by: Names
    grain: Grain | None
    start: dt.date | str | None
    end: dt.date | str | None
    where: Names
    compare: str | Iterable[str]
    params: Names
    limit: int | None
    order: str | None
    scope: Scope
    today: dt.date


class Company:
    """One workspace. Every question is answered from the snapshot that is current at that moment."""

    def __init__(self, folder: str | Path) -> None:
        self.workspace = Workspace.open(folder)

    def query(self, metrics: Names, **asked: Unpack[Asked]) -> pa.Table:
        """The answer as an Arrow table, with the columns of `engine.metrics.run`. UserError says what cannot be answered."""
        return self.ask(metrics, **asked).table

    def ask(self, metrics: Names, **asked: Unpack[Asked]) -> Result:
        """The answer with what explains it: definitions, snapshot, freshness, SQL in named steps."""
        config = self.workspace.config
        today = asked.get("today") or config.day_of(dt.datetime.now(dt.UTC))  # noqa: TID251 - programs ask now
        calendar = config.calendar_of_company
        start, end = asked.get("start"), asked.get("end")
        if isinstance(start, str):
            start = parse_period(start, calendar, today).start
        if isinstance(end, str):
            end = parse_period(end, calendar, today).end
        compare = asked.get("compare", ())
        question = Query(
            _names(metrics),
            by=_names(asked.get("by", ())),
            grain=asked.get("grain"),
            start=start,
            end=max(today, start) if start and end is None else end,
            where=_names(asked.get("where", ())),
            compare=(compare,) if isinstance(compare, str) else tuple(compare),
            limit=asked.get("limit"),
            order=asked.get("order"),
            params=_names(asked.get("params", ())),
        )
        registry = numbered_registry(self.workspace)
        return run(self.workspace, registry, question, asked.get("scope", Scope.all()), today=today)


def _names(value: Names) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
