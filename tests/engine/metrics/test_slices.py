"""Dimensions and filters: trees and their levels, names and ids, what is unassigned, what cannot be asked."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from salesloop.engine.metrics import format_filter, parse_filter
from salesloop.engine.metrics.query import Filter
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.scope import Scope
from tests.engine.metrics.world import World

Make = Callable[..., World]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """全国 → 华东 (上海 → 浦东), 华北. Amounts are powers of two, so that every sum names its rows."""
    regions = [
        ("cn", "全国", None),
        ("e", "华东", "cn"),
        ("sh", "上海", "e"),
        ("pd", "浦东", "sh"),
        ("n", "华北", "cn"),
    ]
    customers = [("C1", "同名", "pd", "大客户"), ("C2", "同名", "n", None), ("C3", "丙", None, "小客户")]
    lines = [
        ("1", 1, "C1", None),  # by its customer: 浦东
        ("2", 2, "C1", "n"),  # its own region counts before the customer's
        ("3", 4, "C2", None),  # 华北
        ("4", 8, "C3", None),  # nowhere
        ("5", 16, None, "cn"),  # booked at the top
        ("6", 32, None, "e"),  # booked at 华东 itself
    ]
    return World(
        Path(tmp_path_factory.mktemp("slices")) / "w",
        region=[{"region_id": i, "name": n, "parent_id": p} for i, n, p in regions],
        customer=[{"customer_id": i, "name": n, "region_id": r, "segment": s} for i, n, r, s in customers],
        order_line=[
            {"order_id": n, "line_no": 1, "order_date": "2026-11-01", "amount": a, "customer_id": c, "region_id": r}
            for n, a, c, r in lines
        ],
        opportunity=[
            {"opportunity_id": "1", "stage": "签约", "status": "won", "amount": 1, "created_date": "2026-11-01",
             "close_date": "2026-11-02", "customer_id": "C1"},
            {"opportunity_id": "2", "stage": "丢单", "status": "lost", "amount": 1, "created_date": "2026-11-01",
             "close_date": "2026-11-02", "customer_id": "C2"},
        ],
        stage_event=[
            {"opportunity_id": "1", "stage": "报价", "entered_at": "2026-11-01 09:00"},
            {"opportunity_id": "1", "stage": "签约", "entered_at": "2026-11-02 09:00"},
        ],
    )  # fmt: skip


@pytest.mark.requirement("D23")
def test_the_default_level_is_the_one_below_a_single_root(world: World) -> None:
    assert world.values("revenue", by="region") == {
        "华东": Decimal(33),
        "全国": Decimal(16),  # booked at the root itself: its own group, so that the groups add up
        None: Decimal(8),
        "华北": Decimal(6),
    }


@pytest.mark.requirement("D23")
@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (1, {"全国": 55, None: 8}),
        (3, {"全国": 16, "华东": 32, "上海": 1, "华北": 6, None: 8}),
        (4, {"全国": 16, "华东": 32, "浦东": 1, "华北": 6, None: 8}),
        (6, {"全国": 16, "华东": 32, "浦东": 1, "华北": 6, None: 8}),
    ],
)
def test_any_level_adds_up_to_the_total(world: World, level: int, expected: dict[str | None, int]) -> None:
    assert world.values("revenue", by=f"region:{level}") == expected
    assert sum(expected.values()) == 63


def test_several_roots_are_the_default_level(tmp_path: Path) -> None:
    two = World(
        tmp_path / "w",
        region=[{"region_id": "a", "name": "A"}, {"region_id": "b", "name": "B"}, {"region_id": "c", "name": "C", "parent_id": "a"}],
        order_line=[{"order_id": "1", "line_no": 1, "order_date": "2026-11-01", "amount": 1, "region_id": "c"}],
    )  # fmt: skip
    assert two.values("revenue", by="region") == {"A": Decimal(1)}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("region=华东", 33),  # the whole subtree, by name
        ("region=e", 33),  # by id
        ("region=上海", 1),
        ("region=华东|华北", 39),
        ("region=全国", 55),
        ("region=", 8),  # unassigned
        ("region=|华北", 14),
        ("region!=华东", 30),  # what is unassigned is not 华东 either
        ("region!=", 55),
        ("customer=同名", 7),  # a name of two customers means both
        ("customer=C1", 3),
        ("segment=大客户", 3),
        ("segment!=大客户", 60),
    ],
)
def test_filters_by_name_id_and_absence(world: World, where: str, expected: int) -> None:
    assert world.value("revenue", where=[where]) == expected


@pytest.mark.parametrize("condition", ["region=华东", "region=", "customer=同名", "segment=大客户|小客户"])
def test_a_filter_and_its_opposite_make_the_whole(world: World, condition: str) -> None:
    opposite = condition.replace("=", "!=")
    assert world.value("revenue", where=[condition]) + world.value("revenue", where=[opposite]) == 63


def test_filters_are_joined_by_and(world: World) -> None:
    assert world.value("revenue", where=["region=华北", "customer=C1"]) == 2


def test_same_names_stay_apart(world: World) -> None:
    rows = world.ask("revenue", by="customer", where=["customer=同名"]).to_pylist()
    assert [(r["customer"], r["customer_id"], r["revenue"]) for r in rows] == [("同名", "C2", 4), ("同名", "C1", 3)]


def test_choices_are_known_by_their_words_in_any_language(world: World) -> None:
    for word in ("won", "赢单", "贏單", "Won", "成交"):
        assert world.value("deals_closed", where=[f"outcome={word}"]) == 1


def test_steps_of_a_deal_are_sliced_by_its_customer(world: World) -> None:
    assert world.values("stage_entries", by="segment") == {"大客户": 2}
    assert world.value("stage_conversion", where=["region=上海"]) == 1.0


@pytest.mark.parametrize(
    ("how", "key", "part"),
    [
        ({"metrics": "revenu"}, "unknown_metric", "revenue"),
        ({"metrics": "销售"}, "unknown_metric", "revenue"),
        ({"metrics": "revenue", "by": "regoin"}, "unknown_dimension", "region"),
        ({"metrics": "revenue", "where": ["region=华冬"]}, "unknown_value", "华东"),
        ({"metrics": "revenue", "where": ["segment=大客"]}, "unknown_value", "大客户"),
        ({"metrics": "revenue", "where": ["region"]}, "bad_filter", "region"),
        ({"metrics": "revenue", "by": "region:7"}, "bad_level", "region:7"),
        ({"metrics": "revenue", "by": "region:x"}, "bad_level", "region:x"),
        ({"metrics": "revenue", "by": "customer:2"}, "no_tree", "customer:2"),
        ({"metrics": "revenue", "by": "region,region:3"}, "twice", "region"),
        ({"metrics": "revenue,revenue"}, "twice", "revenue"),
        ({"metrics": "stage_conversion", "by": "store"}, "cannot_slice", "阶段变更"),
        ({"metrics": "channel_profit", "where": ["category=x"]}, "cannot_slice", "销售费用"),
        ({"metrics": "revenue", "grain": "hour"}, "bad_grain", "hour"),
        ({"metrics": "revenue", "compare": "budget"}, "bad_compare", "budget"),
        ({"metrics": "revenue", "compare": "year"}, "compare_needs_period", ""),
        ({"metrics": "revenue", "period": "2026-02-01..2026-01-01"}, "range_backwards", "2026-02-01"),
        ({"metrics": "revenue", "order": "profit"}, "bad_order", "profit"),
        ({"metrics": "revenue", "limit": 0}, "bad_limit", "0"),
        ({"metrics": "revenue", "grain": "day", "period": "1900-01-01..2026-01-01"}, "too_many_periods", "46022"),
        ({"metrics": "revenue", "where": ["metric=orders"]}, "metric_filter_alone", ""),
    ],
)
def test_what_cannot_be_answered_says_why(world: World, how: dict[str, object], key: str, part: str) -> None:
    with pytest.raises(UserError) as raised:
        world.ask(**how)  # type: ignore[arg-type]
    assert raised.value.key == key
    for lang in ("zh-Hans", "zh-Hant", "en"):
        assert raised.value.text(lang)
    assert part in raised.value.text("zh-Hans")


def test_an_unknown_name_tells_nothing_beyond_the_scope(world: World) -> None:
    # Customers have owners: to somebody with a limited scope an unknown one and an unseen one look the same.
    mine = Scope(employees=frozenset({"E1"}))
    for name in ("C1", "没有的客户"):
        assert world.value("revenue", where=[f"customer={name}"], scope=mine) == 0
    with pytest.raises(UserError):
        world.value("revenue", where=["customer=没有的客户"])
    with pytest.raises(UserError):  # regions are everybody's
        world.value("revenue", where=["region=没有的区域"], scope=mine)


@pytest.mark.parametrize("values", [("华东",), ("A", "B"), (None,), (None, "x"), ("a|b", "c"), ("a=b",)])
@pytest.mark.parametrize("negated", [False, True])
def test_filters_are_read_back_as_written(values: tuple[str | None, ...], negated: bool) -> None:
    text = format_filter("region", values, negated=negated)
    assert parse_filter(text) == Filter("region", values, negated)


def test_ids_that_only_rows_know_can_be_drilled_into(tmp_path: Path) -> None:
    rows = [("1", "P9", "X1"), ("2", None, None)]
    small = World(
        tmp_path / "w",
        order_line=[
            {"order_id": n, "line_no": 1, "order_date": "2026-11-01", "amount": 1, "product_id": p, "region_id": r}
            for n, p, r in rows
        ],
    )
    assert small.values("revenue", by="region") == {"X1": 1, None: 1}
    assert small.value("revenue", where=["region=X1", "product=P9"]) == 1
    assert small.value("revenue", where=["region!=X1"]) == 1
    with pytest.raises(UserError):
        small.value("revenue", where=["product=P8"])
