"""A seeded company as large as asked, written straight into a snapshot: 60 months of order lines by 100,000 customers.

Customers have one region and one main channel (85 % of their orders), orders fall to few customers (the busiest tenth has
half of them), an order has one to seven lines of one day, lines come in the order of their days.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb

from salesloop.engine.pipeline.roll_up import roll_up
from salesloop.engine.store import Workspace

NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC)
FIRST, LAST, TODAY = dt.date(2021, 12, 1), dt.date(2026, 11, 21), dt.date(2026, 11, 21)
CUSTOMERS, EMPLOYEES, UNITS, PRODUCTS, CATEGORIES, CHANNELS = 100_000, 300, 24, 800, 12, 6
REGIONS = ("华东", "华南", "华北", "华中", "西南", "西北", "东北", "港澳")
LINES_AN_ORDER = 4

_TREES = f"""
    INSERT INTO region (region_id, name) SELECT 'R' || n, name FROM (VALUES {", ".join(f"({n}, '{name}')" for n, name in enumerate(REGIONS))}) t(n, name);
    INSERT INTO channel (channel_id, name) SELECT 'CH' || n, '渠道' || n FROM range({CHANNELS}) t(n);
    INSERT INTO org_unit (org_unit_id, valid_from, name) SELECT 'U' || n, DATE '1900-01-01', '部门' || n FROM range({UNITS}) t(n);
    INSERT INTO employee (employee_id, valid_from, name, org_unit_id)
        SELECT 'E' || n, DATE '1900-01-01', '员工' || n, 'U' || (n % {UNITS}) FROM range({EMPLOYEES}) t(n);
    INSERT INTO product (product_id, name, category) SELECT 'P' || n, '产品' || n, '品类' || (n % {CATEGORIES}) FROM range({PRODUCTS}) t(n);
    INSERT INTO customer (customer_id, name, region_id, channel_id, employee_id, segment)
        SELECT 'C' || n, '客户' || n, 'R' || (n * 7919 % {len(REGIONS)}), 'CH' || (n * 104729 % {CHANNELS}),
            'E' || (n * 31 % {EMPLOYEES}), ['大客户', '中客户', '小客户'][n % 3 + 1] FROM range({CUSTOMERS}) t(n);
    UPDATE employee SET _given_org_unit_id = org_unit_id;
    UPDATE customer SET _given_region_id = region_id, _given_channel_id = channel_id, _given_employee_id = employee_id;
    INSERT INTO region_flat BY NAME SELECT region_id AS id, 1 AS depth, region_id AS l1_id, name AS l1_name FROM region;
    INSERT INTO channel_flat BY NAME SELECT channel_id AS id, 1 AS depth, channel_id AS l1_id, name AS l1_name FROM channel;
    INSERT INTO org_unit_flat BY NAME SELECT org_unit_id AS id, 1 AS depth, org_unit_id AS l1_id, name AS l1_name FROM org_unit;
"""


def write_company(folder: Path, lines: int) -> None:
    """A workspace with one published snapshot, roll-ups included."""
    workspace = Workspace.create(folder)
    with workspace.writing(NOW, "fill") as building:
        building.con.execute(_TREES)
        insert_lines(building.con, lines)
    with workspace.writing(NOW, "fill") as building:
        roll_up(workspace, building)


def insert_lines(con: duckdb.DuckDBPyConnection, lines: int) -> None:
    """In pieces, so that memory stays small."""
    orders = lines // LINES_AN_ORDER
    days = (LAST - FIRST).days + 1
    piece = 500_000
    for start in range(0, orders, piece):
        con.execute(
            f"""
            INSERT INTO order_line BY NAME
            WITH bought AS (
                SELECT n, DATE '{FIRST}' + CAST(n * {days} // {orders} AS INTEGER) AS day,
                    CAST(floor({CUSTOMERS} * pow(hash(n) % 1000003 / 1000003, 3)) AS BIGINT) AS who,
                    hash(n + 7) AS luck
                FROM range({start}, {min(start + piece, orders)}) t(n)
            )
            SELECT *, customer_id AS _given_customer_id, product_id AS _given_product_id, employee_id AS _given_employee_id,
                org_unit_id AS _given_org_unit_id, region_id AS _given_region_id, channel_id AS _given_channel_id FROM (
            SELECT 'SO' || b.n AS order_id, line_no, b.day AS order_date, 'C' || who AS customer_id,
                'P' || (hash(b.n * 8 + line_no) % {PRODUCTS}) AS product_id, 'E' || (who * 31 % {EMPLOYEES}) AS employee_id,
                'U' || (who * 31 % {EMPLOYEES} % {UNITS}) AS org_unit_id, 'R' || (who * 7919 % {len(REGIONS)}) AS region_id,
                CASE WHEN luck % 100 < 85 THEN 'CH' || (who * 104729 % {CHANNELS}) ELSE 'CH' || (luck % {CHANNELS}) END AS channel_id,
                1 + (luck + line_no) % 9 AS quantity, CAST(5 + hash(b.n, line_no) % 99999 / 100 AS DECIMAL(18,4)) AS unit_price,
                quantity * unit_price AS amount, CAST(amount * (0.55 + who % 30 / 100) AS DECIMAL(18,4)) AS cost,
                CASE WHEN luck % 33 = 0 THEN 'cancelled' WHEN b.day > DATE '{LAST}' - 14 THEN 'open' ELSE 'completed' END AS status,
                CASE WHEN b.day <= DATE '{LAST}' - 14 THEN b.day + CAST(3 + luck % 7 AS INTEGER) END AS shipped_at, b.day + 7 AS due_date,
                CAST(1 AS DECIMAL(18,8)) AS fx_rate, true AS _primary
            FROM bought b, range(1, 8) l(line_no) WHERE line_no <= 1 + luck % {2 * LINES_AN_ORDER - 1})
            """
        )
