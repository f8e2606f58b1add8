"""Which driver holds revenue back, and which stage of the funnel leaks more than it used to."""

from __future__ import annotations

import csv
import datetime as dt

import pytest

from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.diagnose.bottleneck import Loss, bottleneck, find_losses
from salesloop.engine.analyze.diagnose.leak import Leak, leaks
from salesloop.engine.metrics import load_registry
from salesloop.engine.model.calendar import Period
from salesloop.engine.model.periods import DateRange
from salesloop.engine.model.scope import Scope
from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace

TODAY = dt.date(2026, 11, 5)
OCTOBER = Period("month", dt.date(2026, 10, 1), dt.date(2026, 10, 31))
TREE = {"revenue": ("orders", "average_order_value", "active_customers"), "orders": ("win_rate",)}


def short(metric: str, loss: float, *, beyond: bool = True) -> Loss:
    return Loss(metric, OCTOBER, 1 - loss, 1, None, None, "history", loss, beyond)


def named(*losses: Loss) -> tuple[str, ...] | None:
    found = bottleneck("revenue", TREE, {loss.metric: loss for loss in losses})
    return found.path if found else None


@pytest.mark.requirement("F06")
def test_the_largest_loss_below_the_result_is_named() -> None:
    assert named(short("average_order_value", 0.1), short("active_customers", 0.3)) == ("revenue", "active_customers")
    assert named(short("revenue", 0.4)) is None, "the result is no driver of itself"


def test_it_is_followed_down_to_what_drives_it() -> None:
    assert named(short("orders", 0.3), short("win_rate", 0.1)) == ("revenue", "orders", "win_rate")
    assert named(short("orders", 0.3), short("win_rate", 0.1, beyond=False)) == ("revenue", "orders")


def test_usual_ups_and_downs_come_after_what_is_beyond_them() -> None:
    assert named(short("orders", 0.1), short("active_customers", 0.5, beyond=False)) == ("revenue", "orders")


def test_drivers_in_a_circle_end() -> None:
    tree = {"revenue": ("orders",), "orders": ("revenue",)}
    found = bottleneck("revenue", tree, {"orders": short("orders", 0.2), "revenue": short("revenue", 0.2)})
    assert found is not None
    assert found.path == ("revenue", "orders")


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Asking:
    """Ten customers with two orders of 1,000 a month for three years; in October 2026 with one each."""
    folder = tmp_path_factory.mktemp("bottleneck")
    file = folder / "订单.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        write = csv.writer(out)
        write.writerow(["订单编号", "订单日期", "客户编码", "金额"])
        for month in range(36):
            year, number = 2023 + (10 + month) // 12, (10 + month) % 12 + 1
            for customer in range(10):
                for order in range(1 if (year, number) == (2026, 10) else 2):
                    day = dt.date(year, number, 5 + order * 10)
                    # a little unsteady, as all business is
                    write.writerow([f"S{month}-{customer}-{order}", day, f"C{customer}", 1000 + month % 5 * 10])
    workspace = Workspace.create(folder / "ws")
    now = dt.datetime(2026, 11, 5, 9, tzinfo=dt.UTC)
    import_files(workspace, [ImportRequest(file, entity="order_line")], now=now)
    return Asking(workspace, load_registry(), Scope.all(), TODAY)


@pytest.mark.requirement("F06", "I07")
def test_a_driver_is_held_against_its_own_history(asking: Asking) -> None:
    losses = find_losses(asking, ["revenue", "orders", "average_order_value", "active_customers", "win_rate"])
    found = bottleneck("revenue", TREE, losses)
    assert found is not None
    assert found.path == ("revenue", "orders")
    assert found.loss.period == OCTOBER
    assert (found.loss.observed, round(found.loss.expected), found.loss.beyond) == (10, 20, True)
    assert found.loss.loss == pytest.approx(0.5, abs=0.01)
    assert "active_customers" not in losses


def test_what_cannot_be_filtered_so_is_passed_over(asking: Asking) -> None:
    assert "inventory_turnover" not in find_losses(asking, ["inventory_turnover"], ["region=华东"])


def test_a_stage_costs_what_would_have_been_won() -> None:
    usual = {"接洽": (1000, 0.5), "报价": (500, 0.4), "谈判": (200, 0.5)}
    now = {"接洽": (100, 0.5), "报价": (100, 0.2), "谈判": (20, 0.5)}
    found = Leak(DateRange(dt.date(2026, 6, 1), dt.date(2026, 8, 31)), leaks(("接洽", "报价", "谈判"), now, usual))
    # 100 deals × (0.4 − 0.2) × 0.5 of the negotiations that are won
    assert found.worst is not None
    assert found.worst.name == "报价"
    assert found.worst.lost == pytest.approx(10)


def test_a_difference_within_chance_is_no_leak() -> None:
    usual, now = {"报价": (500, 0.4)}, {"报价": (30, 0.35)}
    assert Leak(DateRange(OCTOBER.start, OCTOBER.end), leaks(("报价",), now, usual)).worst is None
