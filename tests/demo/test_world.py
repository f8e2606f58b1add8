"""The demo company is the same every time, of the promised size, and holds its stories."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest

from salesloop.demo.world import build_world

TODAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def world():
    return build_world(TODAY)


def one(world, sql: str):
    tables, _ = world
    with duckdb.connect() as con:
        for name, table in tables.items():
            con.register(name, table)
        return con.execute(sql).fetchone()


def test_the_same_seed_gives_the_same_company(world):
    again, _ = build_world(TODAY)
    assert all(again[name].equals(table) for name, table in world[0].items())
    other, _ = build_world(TODAY, seed=21)
    assert not other["orders"].equals(world[0]["orders"])


def test_it_has_the_promised_size(world):
    tables, _ = world
    assert 190_000 < tables["orders"].num_rows < 210_000
    assert tables["employees"].num_rows == 60
    assert one(world, "SELECT count(DISTINCT level) FROM org_units") == (3,)
    first, last = one(world, "SELECT min(order_date)::DATE, max(order_date)::DATE FROM orders")
    assert first == dt.date(2023, 11, 1)
    assert TODAY - dt.timedelta(days=2) <= last <= TODAY


def test_the_shortage_empties_one_cell_only(world):
    sold = """
        SELECT count(*) FILTER (order_date >= '2026-11-01'), count(*) FILTER (order_date BETWEEN '2025-11-01' AND '2025-11-21')
        FROM orders o JOIN products p ON p.pos = o.product WHERE {where}
    """
    now, before = one(world, sold.format(where="region = '华东' AND channel = '分销' AND category = '打印设备'"))
    assert now < 0.35 * before
    now, before = one(world, sold.format(where="region = '华南' AND channel = '分销' AND category = '打印设备'"))
    assert now > 0.8 * before


def test_the_backlog_is_one_team(world):
    late = """
        SELECT avg((entry_time - event_time > INTERVAL 24 HOUR)::INT) FROM activities a JOIN employees e USING (employee_id)
        JOIN org_units u USING (org_unit_id) WHERE event_time >= '2026-11-12' AND u.name {sign} '上海二部'
    """
    assert one(world, late.format(sign="="))[0] > 0.5
    assert one(world, late.format(sign="<>"))[0] < 0.1


def test_targets_add_up(world):
    gap = """
        SELECT abs(sum(value) FILTER (org_unit_id = 'D00') - sum(value) FILTER (employee_id <> ''))
        FROM targets WHERE period_start = '2026-11-01'
    """
    assert one(world, gap)[0] < 0.01


def test_references_hold(world):
    assert one(world, "SELECT count(*) FROM orders WHERE employee_id NOT IN (SELECT employee_id FROM employees)") == (
        0,
    )
    assert one(world, "SELECT count(*) - count(DISTINCT (order_id, line_no)) FROM orders") == (0,)


def test_complaints_about_supply_are_heard_online_while_it_is_short(world):
    share = "SELECT count(*) FILTER (topic = '供货' AND tone = '负面') / count(*) FROM mentions WHERE published_at"
    (short,), (before,) = (
        one(world, f"{share} >= '{world[1].shortage_start}'"),
        one(world, f"{share} < '{world[1].shortage_start}'"),
    )
    assert short > 0.15 > 0.05 > before
    assert one(world, "SELECT max(published_at) < TIMESTAMP '2026-11-22', count(*) > 500 FROM mentions") == (True, True)


@pytest.mark.requirement("B17")
def test_customers_say_things_and_those_who_miss_goods_speak_of_it(world):
    assert one(world, "SELECT count(DISTINCT feedback) > 1000 FROM activities") == (True,)
    said = "count(*) FILTER (contains(feedback, '断货') OR contains(feedback, '供不上') OR contains(feedback, '没有现货') OR contains(feedback, '缺货'))"
    share = f"SELECT {said} / count(*) > 0.3 FROM activities a JOIN customers c ON c.pos = a.customer WHERE event_time >= '2026-11-01'"
    assert one(world, f"{share} AND region = '华东' AND channel = '分销'") == (True,)
    assert one(world, f"{share} AND region <> '华东'") == (False,)
    assert one(world, "SELECT count(*) FROM tickets WHERE description IS NULL") == (0,)


@pytest.mark.requirement("E13")
def test_colleagues_help_to_win_deals_and_everybody_who_sells_is_taught(world):
    others = """
        SELECT count(DISTINCT opportunity_id) FROM activities a JOIN opportunities o USING (opportunity_id)
        WHERE o.stage = '赢单' AND a.employee_id {sign} o.employee_id
    """
    shared, own = one(world, others.format(sign="<>"))[0], one(world, others.format(sign="="))[0]
    assert 0.1 * own < shared < own
    assert one(
        world,
        "SELECT count(DISTINCT employee_id) = (SELECT count(DISTINCT employee_id) FROM activities) FROM trainings",
    ) == (True,)
