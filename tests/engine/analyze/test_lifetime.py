"""What customers are still to bring: the formulas by hand and by published figures, the truth of a simulation, refusals."""

from __future__ import annotations

import csv
import datetime as dt
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.special import hyp2f1

from salesloop.engine.analyze.predict.lifetime.backtest import back_test
from salesloop.engine.analyze.predict.lifetime.bgnbd import BgNbd, Purchases, fit_purchases
from salesloop.engine.analyze.predict.lifetime.gamma_gamma import GammaGamma, fit_values
from salesloop.engine.analyze.predict.lifetime.history import Histories, histories
from salesloop.engine.analyze.predict.lifetime.model import Lifetime, fit, predict
from salesloop.engine.analyze.predict.lifetime.train import train
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.scope import Scope
from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace
from tests.buyers import BUYING, NOW, SPENDING, TODAY, build_buyers, purchase_weeks

pytestmark = pytest.mark.requirement("D06")
CDNOW = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
"""The estimates that Fader, Hardie and Lee (2005) published for the CDNOW data, in weeks."""


def one(frequency: float, recency: float, age: float) -> Purchases:
    return Purchases(np.array([frequency]), np.array([recency]), np.array([age]))


def test_the_published_example() -> None:
    """The authors' note on the model in a spreadsheet: with x = 2, t_x = 30.43, T = 38.86 they expect 1.226 purchases in 39 weeks."""
    assert CDNOW.expected(one(2, 30.43, 38.86), 39)[0] == pytest.approx(1.226, abs=5e-4)


@pytest.mark.parametrize(("x", "recency", "age"), [(0, 0, 10), (1, 3, 20), (2, 30.43, 38.86), (11, 30, 38.86)])
def test_the_rearranged_expectation_is_that_of_the_paper(x: float, recency: float, age: float) -> None:
    r, alpha, a, b = CDNOW.r, CDNOW.alpha, CDNOW.a, CDNOW.b
    t = 26.0
    series = hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + age + t))
    above = (a + b + x - 1) / (a - 1) * (1 - ((alpha + age) / (alpha + age + t)) ** (r + x) * series)
    below = 1 + (x > 0) * a / (b + x - 1) * ((alpha + age) / (alpha + recency)) ** (r + x)
    assert CDNOW.expected(one(x, recency, age), t)[0] == pytest.approx(above / below, rel=1e-9)


def test_hundreds_of_purchases_stay_within_floating_numbers() -> None:
    """600 in 100 weeks are 6 a week; one who was there last week is expected near that, one silent for 20 weeks not at all."""
    model = BgNbd(r=1.0, alpha=1.0, a=0.1, b=10.0)
    assert model.expected(one(600, 99.9, 100), 10)[0] == pytest.approx(60, rel=0.03)
    assert model.expected(one(600, 80, 100), 10)[0] == pytest.approx(0, abs=1e-3)


def test_the_chance_to_be_alive_by_hand() -> None:
    """With x = 1, a = b = 1, r = 1, α = 10, t_x = 5, T = 10: 1 ÷ (1 + 1/1 · (20/15)²) = 0.36; without a repeat nobody can have left."""
    model = BgNbd(1, 10, 1, 1)
    assert model.alive(one(1, 5, 10))[0] == pytest.approx(0.36)
    assert model.alive(one(0, 0, 10))[0] == 1


def test_the_likelihood_by_hand() -> None:
    """With r = a = b = 1, α = 10: nothing bought in 10 weeks ½; one purchase in week 5 of 10: ½ · 10/20² + ½ · 10/15²."""
    model = BgNbd(1, 10, 1, 1)
    assert model.log_likelihood(one(0, 0, 10)) == pytest.approx(math.log(0.5))
    assert model.log_likelihood(one(1, 5, 10)) == pytest.approx(math.log(0.5 * 10 / 400 + 0.5 * 10 / 225))


def test_a_at_one_is_no_hole() -> None:
    near, at = (BgNbd(0.5, 5, a, 2.5).expected(one(2, 20, 30), 20)[0] for a in (1.0001, 1.0))
    assert at == pytest.approx(near, rel=1e-3)


def test_simulated_buyers_give_their_parameters_back() -> None:
    """20,000 customers who buy by the published parameters, each watched for 27 to 39 weeks, then for 39 more."""
    rng = np.random.default_rng(7)
    ages = rng.uniform(27, 39, 20_000)
    courses = [purchase_weeks(rng, age + 39, CDNOW) for age in ages]
    before = [[week for week in course if week <= age] for course, age in zip(courses, ages, strict=True)]
    seen = Purchases(
        np.array([len(weeks) for weeks in before], dtype=float),
        np.array([max(weeks, default=0.0) for weeks in before]),
        ages,
    )
    model, search = fit_purchases(seen)
    assert search.converged
    assert not search.at_edge
    assert search.log_likelihood >= CDNOW.log_likelihood(seen)
    assert model.r == pytest.approx(CDNOW.r, rel=0.1)
    assert model.alpha == pytest.approx(CDNOW.alpha, rel=0.15)
    assert model.a / (model.a + model.b) == pytest.approx(CDNOW.a / (CDNOW.a + CDNOW.b), rel=0.1)
    after = sum(len(course) - len(weeks) for course, weeks in zip(courses, before, strict=True))
    assert model.expected(seen, 39).sum() == pytest.approx(after, rel=0.05)


def test_the_value_of_a_purchase_by_hand() -> None:
    """With p = 2, q = 3, γ = 50: the mean of all is 2·50/2 = 50; after 4 purchases of 80: 2·(50 + 320)/(8 + 2) = 74."""
    model = GammaGamma(2, 3, 50)
    assert model.mean == 50
    assert model.expected(np.array([0.0, 4.0]), np.array([0.0, 80.0])).tolist() == [50, 74]


def test_simulated_spending_gives_its_parameters_back() -> None:
    rng = np.random.default_rng(11)
    truth = GammaGamma(6.25, 3.74, 15.44)
    counts = rng.integers(1, 9, 20_000).astype(float)
    means = rng.gamma(truth.p * counts) / rng.gamma(truth.q, 1 / truth.gamma, 20_000) / counts
    model, settled = fit_values(counts, means)
    assert settled
    assert model.p == pytest.approx(truth.p, rel=0.1)
    assert model.q == pytest.approx(truth.q, rel=0.1)
    assert model.mean == pytest.approx(truth.mean, rel=0.02)


def known(frequency: list[float], recency: list[float], age: list[float], **more: list[float]) -> Histories:
    zero = np.zeros(len(frequency))
    columns = {name: np.array(more.get(name, zero), dtype=float) for name in (
        "value", "spent", "earned", "costed", "before", "before_value", "after", "after_value")}  # fmt: skip
    purchases = Purchases(np.array(frequency, dtype=float), np.array(recency, dtype=float), np.array(age, dtype=float))
    return Histories(TODAY, TODAY, tuple(map(str, range(len(frequency)))), purchases, **columns)


def test_value_is_margin_discounted_by_the_quarter() -> None:
    """One year at 21 % a year: each of the four quarters' purchases × 74 × 0.4, divided by 1.21^(k/4)."""
    model = Lifetime(CDNOW, GammaGamma(2, 3, 50), 0.4, 0.21, 1.0)
    customer = known([4], [30], [40], value=[80], spent=[500], earned=[100], costed=[300])
    found = predict(model, customer)
    quarter = 365.25 / 7 / 4
    until = [float(CDNOW.expected(customer.purchases, k * quarter)[0]) for k in range(5)]
    by_hand = sum((until[k] - until[k - 1]) * 74 * 0.4 / 1.21 ** (k / 4) for k in range(1, 5))
    assert found.coming[0] == pytest.approx(by_hand)
    assert found.purchases[0] == pytest.approx(until[4])
    assert found.past[0] == pytest.approx(100 + 0.4 * 200)  # what has no cost earns the usual margin
    assert found.total[0] == pytest.approx(by_hand + 180)


def test_without_any_cost_values_are_sales() -> None:
    model = Lifetime(CDNOW, GammaGamma(2, 3, 50), None, 0.0, 1.0)
    found = predict(model, known([4], [30], [40], value=[80], spent=[500]))
    assert found.past[0] == 500
    assert found.coming[0] == pytest.approx(74 * found.purchases[0])


def test_the_back_test_is_held_against_the_same_as_before() -> None:
    """Two customers; actual 3 and 0, as before 1 and 2: the naive error is (2 + 2) ÷ 2 = 2, in money (250 + 90) ÷ 2 = 170."""
    model = Lifetime(CDNOW, GammaGamma(2, 3, 50), 0.4, 0.1, 1.0)
    calibration = known([4, 0], [30, 0], [40, 40], value=[80, 0], after=[3, 0], after_value=[300, 0], before=[1, 2], before_value=[50, 90])  # fmt: skip
    found = back_test(model, calibration, TODAY + dt.timedelta(weeks=20))
    expected = CDNOW.expected(calibration.purchases, 20)
    assert (found.purchases.actual, found.purchases.naive, found.purchases.naive_error) == (3, 3, 2)
    assert found.purchases.predicted == pytest.approx(expected.sum())
    assert found.purchases.error == pytest.approx((abs(3 - expected[0]) + expected[1]) / 2)
    assert (found.value.actual, found.value.naive_error) == (300, 170)
    assert found.value.predicted == pytest.approx(74 * expected[0] + 50 * expected[1])
    assert [(one.low, one.high, one.customers, one.actual) for one in found.buckets] == [(0, 0, 1, 0), (3, 4, 1, 3)]


@pytest.fixture(scope="module")
def buyers(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return build_buyers(tmp_path_factory.mktemp("buyers"))


def test_training_finds_the_truth_behind_the_orders(buyers: Workspace) -> None:
    found = train(buyers.current(), buyers.model, TODAY)
    assert found.quality.purchases.converged
    assert found.model.margin == pytest.approx(0.4, abs=1e-4)
    assert found.model.spend.mean == pytest.approx(SPENDING.mean, rel=0.1)
    assert found.model.purchases.r / found.model.purchases.alpha == pytest.approx(BUYING.r / BUYING.alpha, rel=0.25)
    test = found.back_test
    assert (found.until - test.split).days == 26 * 7
    assert test.purchases.predicted == pytest.approx(test.purchases.actual, rel=0.15)
    assert test.purchases.error < test.purchases.naive_error


def test_a_scope_hides_the_orders_of_others(buyers: Workspace) -> None:
    east = Scope(False, frozenset(), frozenset({"E12"}))
    mine = histories(buyers.current(), buyers.model, east, TODAY)
    assert mine.customers == tuple(f"K{number:03}" for number in range(200))
    assert len(histories(buyers.current(), buyers.model, Scope.none(), TODAY)) == 0


def small(folder: Path, rows: list[list[object]]) -> Workspace:
    workspace = Workspace.create(folder / "small", name="小样")
    with (folder / "orders.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["order_id", "order_date", "customer_id", "amount", "cost", "status"], *rows])
    import_files(workspace, [ImportRequest(folder / "orders.csv", entity="order_line")], now=NOW)
    return Workspace.open(workspace.path)


def test_what_counts_as_a_purchase(tmp_path: Path) -> None:
    """A day counts once; cancelled orders and days that come to nothing do not; the window after the day is apart."""
    workspace = small(
        tmp_path,
        [
            ["1", "2026-01-01", "A", 100, 60, "completed"],
            ["2", "2026-01-29", "A", 50, 30, "completed"],
            ["3", "2026-01-29", "A", 30, "", "completed"],
            ["4", "2026-02-05", "A", 500, 10, "cancelled"],
            ["5", "2026-02-12", "A", 200, 100, "completed"],
            ["6", "2026-02-12", "A", -200, -100, "completed"],
            ["7", "2026-03-19", "A", 70, 40, "completed"],
            ["8", "2026-03-19", "B", 70, 40, "completed"],
        ],
    )
    found = histories(workspace.current(), workspace.model, Scope.all(), dt.date(2026, 3, 5), window=35)
    assert found.customers == ("A",)
    assert (found.purchases.frequency[0], found.purchases.recency[0], found.purchases.age[0]) == (1, 4, 9)
    assert (found.value[0], found.spent[0], found.earned[0], found.costed[0]) == (80, 180, 60, 150)
    assert (found.before[0], found.before_value[0], found.after[0], found.after_value[0]) == (0, 0, 1, 70)
    assert found.margin == pytest.approx(60 / 150)


def test_it_is_refused_with_the_reason(tmp_path: Path, buyers: Workspace) -> None:
    few = small(
        tmp_path, [[n, dt.date(2025, 1, 1) + dt.timedelta(days=20 * n), "A", 10, 5, "completed"] for n in range(30)]
    )
    with pytest.raises(UserError) as error:
        train(few.current(), few.model, TODAY)
    assert error.value.key == "too_few"
    assert "1 个" in error.value.text("zh-Hans")
    with pytest.raises(UserError) as error:
        train(few.current(), few.model, dt.date(2025, 6, 1))
    assert (error.value.key, error.value.params["weeks"]) == ("too_short", 21)
    with pytest.raises(UserError) as error:
        train(few.current(), few.model, dt.date(2024, 6, 1))
    assert error.value.key == "no_orders"


def test_values_without_a_mean_are_refused() -> None:
    """Values of purchases with so heavy a tail that no mean exists: q below 1."""
    rng = np.random.default_rng(3)
    counts = rng.integers(1, 6, 400)
    means = rng.gamma(4.0 * counts) / rng.gamma(0.6, 1.0, 400) / counts
    weeks = np.sort(rng.uniform(1, 50, 400))
    of = known(counts.tolist(), weeks.tolist(), [52.0] * 400, value=means.tolist())
    with pytest.raises(UserError) as error:
        fit(of, yearly_discount=0.1, years=3)
    assert error.value.key == "no_mean"
