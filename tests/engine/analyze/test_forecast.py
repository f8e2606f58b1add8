"""Six months ahead: the method that missed least, an honest back-test, ranges from what was missed, and refusal."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.predict.forecast import ahead, history, train
from salesloop.engine.metrics import load_registry
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.scope import Scope
from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace
from tests.buyers import NOW

pytestmark = pytest.mark.requirement("I15")
TODAY = dt.date(2026, 11, 21)
SEASON = (90, 60, 110, 100, 105, 120, 95, 90, 115, 100, 150, 140)


def month(number: int) -> dt.date:
    """The months 0 … 35 are 2023-11 … 2026-10."""
    return dt.date(2023 + (10 + number) // 12, (10 + number) % 12 + 1, 10)


def asking(folder: Path, values: list[float], first: int = 0) -> Asking:
    workspace = Workspace.create(folder / "w", name="季节样例")
    with (folder / "o.csv").open("w", encoding="utf-8", newline="") as out:
        rows = [[f"S{n}", month(first + n), "A", value] for n, value in enumerate(values)]
        csv.writer(out).writerows([["order_id", "order_date", "customer_id", "amount"], *rows])
    import_files(workspace, [ImportRequest(folder / "o.csv", entity="order_line")], now=NOW)
    workspace = Workspace.open(workspace.path)
    return Asking(workspace, load_registry(workspace.path), Scope.all(), TODAY)


def growing() -> list[float]:
    """Each year 20 % above the one before, same season: as a year ago always misses by a fifth."""
    return [SEASON[month(n).month - 1] * 1.2 ** (n // 12) for n in range(36)]


def test_a_growing_season_is_foretold_exactly(tmp_path: Path) -> None:
    asked = asking(tmp_path, growing())
    found = train(asked, "revenue")
    assert found.method == "season"
    assert found.errors["season"] == pytest.approx(0, abs=1e-2)
    assert found.checks == 12 * 6 - 15  # the last five origins have 5, 4, 3, 2 and 1 months to be held against
    third_year = [SEASON[month(n).month - 1] * 1.2**2 for n in range(24, 36)]
    # Of each month, how often it is foretold: once from its own month's start, and from each of five before, if in the year.
    times = [min(n + 1, 6) for n in range(12)]
    missed = sum(count * value / 6 for count, value in zip(times, third_year, strict=True)) / sum(times)
    assert found.errors["last_year"] == pytest.approx(missed, rel=1e-3)
    points = ahead(found, history(asked, "revenue"))
    assert [point.month.start for point in points][:2] == [dt.date(2026, 11, 1), dt.date(2026, 12, 1)]
    assert [point.expected for point in points] == pytest.approx(
        [SEASON[point.month.start.month - 1] * 1.2**3 for point in points], rel=1e-3
    )


def test_the_back_test_never_looks_ahead(tmp_path: Path) -> None:
    """Whatever the last month brought, what was foretold of it stays."""
    values = growing()
    one = train(asking(tmp_path, values), "revenue").held[-1]
    (tmp_path / "b").mkdir()
    other = train(asking(tmp_path / "b", [*values[:-1], 999.0]), "revenue").held[-1]
    assert one.predicted == pytest.approx(other.predicted)
    assert one.naive == pytest.approx(other.naive)
    assert other.actual == 999


def test_the_range_holds_four_fifths_of_what_was_missed(tmp_path: Path) -> None:
    """A level without season or growth, with errors: its range is around 1 and as wide as they are."""
    rng = np.random.default_rng(5)
    values = [round(float(100 * np.exp(rng.normal(0, 0.1))), 2) for _ in range(36)]
    asked = asking(tmp_path, values)
    found = train(asked, "revenue")
    assert found.method == "recent"
    for point in ahead(found, history(asked, "revenue")):
        assert 0.8 * point.expected < point.low < point.expected < point.high < 1.25 * point.expected


def test_two_years_and_a_month_are_the_least(tmp_path: Path) -> None:
    assert train(asking(tmp_path, growing()[11:], first=11), "revenue").method
    (tmp_path / "b").mkdir()
    with pytest.raises(UserError) as error:
        train(asking(tmp_path / "b", growing()[12:], first=12), "revenue")
    assert (error.value.key, error.value.params["found"]) == ("too_few_months", 24)
