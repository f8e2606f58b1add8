"""A proposal for one row's year from its history, its season, the market and the people at hand; every input is shown and kept."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from salesloop.app.metrics.services import ask, rows_of
from salesloop.app.targets.editing import row_name
from salesloop.app.targets.keys import Key
from salesloop.app.targets.outlook import Outlook, last_year_days
from salesloop.app.targets.sheet import Line, Sheet
from salesloop.engine.analyze.planning.chance import Chance, run_growth
from salesloop.engine.analyze.planning.proposal import Inputs, Proposal, good_performance, propose
from salesloop.engine.analyze.planning.season import Season
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.targets")


@dataclass(frozen=True)
class Proposed:
    """The proposal with what it rests on. `sellers`: how many people sold something in the last twelve months."""

    proposal: Proposal
    season: Season
    chance: Chance | None
    sellers: int
    good: Decimal | None
    values: dict[Key, Decimal]


def proposed(
    sheet: Sheet,
    line: Line,
    *,
    market: float | None,
    market_weight: float,
    stretch: float,
    people: int | None,
    step: Decimal,
) -> Proposed:
    """UserError where the row's last twelve months are not known."""
    outlook = Outlook(sheet, line)
    base, season = outlook.last_twelve, outlook.season
    if base is None or season is None or base <= 0:
        raise UserError(_MESSAGES.message("no_base", name=row_name(sheet, line)))
    sold = _by_person(sheet, outlook)
    good = good_performance(sold)
    growth = run_growth(outlook.values, outlook.places[: outlook.finished])
    inputs = Inputs(
        base=base,
        own_growth=growth or 0.0,
        market_growth=market,
        market_weight=market_weight,
        stretch=stretch,
        people=people,
        per_person=good if people is not None else None,
    )
    found = propose(inputs, season, step)
    values = {
        sheet.key_of(line, month): amount
        for month, amount in zip(sheet.months, found.periods, strict=True)
        if sheet.key_of(line, month) not in sheet.held
    }
    sellers = sum(one > 0 for one in sold)
    return Proposed(found, season, outlook.chance(found.total), sellers, good, values)


def market_growth(sheet: Sheet) -> float | None:
    """How the market grew from the year before the last full one to that, from the imported market sizes; None where not known."""
    snapshot = sheet.page.snapshot
    if not snapshot.has("market_size"):
        return None
    rows = snapshot.rows(
        "SELECT year(period_start) AS year, sum(amount) AS amount FROM market_size GROUP BY 1 ORDER BY 1 DESC LIMIT 2"
    )
    if len(rows) != 2 or rows[0]["year"] - rows[1]["year"] != 1 or not rows[1]["amount"]:
        return None
    return float(rows[0]["amount"]) / float(rows[1]["amount"]) - 1


def _by_person(sheet: Sheet, outlook: Outlook) -> list[float]:
    name, page = sheet.metric.metric, sheet.page
    if "employee" not in {dimension.dimension for dimension in page.registry.dimensions_of(name)}:
        return []
    rows = rows_of(ask(page, [name], by=["employee"], days=last_year_days(sheet), where=outlook.where))
    return [float(row[name]) for row in rows if row["employee_id"] and row[name] is not None]
