"""A seeded export of dirty order lines, as large as asked: the same bytes on every machine."""

from __future__ import annotations

from pathlib import Path

from salesloop.engine.store.engines.quiet import connect

DIRT = (
    "dates in four spellings, a fifth of the amounts with ￥ or thousands separators, 3 % in 万, 3 % full-width; "
    "3 % of the rows broken (no such date, no amount, an order number that Excel has rounded)"
)


def write_orders(path: Path, lines: int, *, first: int = 0, changed: int = 0) -> None:
    """`lines` lines from number `first` on, in UTF-8; one in `changed` has another quantity and amount than without."""
    bump = f"(CASE WHEN n % {changed} = 7 THEN 1 ELSE 0 END)" if changed else "0"
    day = "(DATE '2023-01-01' + CAST(n * 7919 % 1000 AS INTEGER))"
    con = connect()
    con.execute(
        f"CREATE VIEW line AS SELECT n, {day} AS day, n % 9 + 1 + {bump} AS pieces, n % 100 AS kind, "
        f"CAST(10 + n * 7368787 % 999983 / 100 AS DECIMAL(12,2)) AS price FROM range({first}, {first + lines}) t(n)"
    )
    con.execute(
        f"COPY (SELECT CASE kind WHEN 42 THEN '1.00021E+11' ELSE 'SO' || lpad((n // 4)::VARCHAR, 9, '0') END AS 订单号, "
        f"n % 4 + 1 AS 行号, CASE WHEN kind = 17 THEN '2024-02-30' ELSE CASE n // 7 % 10 WHEN 6 THEN strftime(day, '%Y/%-m/%-d') "
        f"WHEN 7 THEN strftime(day, '%Y/%m/%d') WHEN 8 THEN strftime(day, '%Y年%-m月%-d日') "
        f"WHEN 9 THEN strftime(day, '%Y%m%d') ELSE strftime(day, '%Y-%m-%d') END END AS 订单日期, "
        f"'C' || lpad((n * 7919 % 15000)::VARCHAR, 6, '0') AS 客户编码, "
        f"'江苏第' || (n * 7919 % 15000) || '贸易（集团）有限公司' AS 客户名称, 'P' || (n * 31 % 800) AS 产品编码, "
        f"'激光打印机 ' || (n * 31 % 800) AS 产品名称, "
        f"['华东', '华南', '华北', '西南', '东北'][n % 5 + 1] AS 地区, '员工' || (n % 120) AS 业务员, "
        f"CASE WHEN n // 3 % 33 = 0 THEN translate(pieces::VARCHAR, '0123456789', '０１２３４５６７８９') ELSE pieces::VARCHAR END AS 数量, "
        f"price AS 单价, CASE WHEN kind = 77 THEN '待定' WHEN kind < 10 THEN '￥' || format('{{:,.2f}}', (pieces * price)::DOUBLE) "
        f"WHEN kind < 20 THEN format('{{:,.2f}}', (pieces * price)::DOUBLE) WHEN kind < 23 THEN (pieces * price / 10000)::DECIMAL(12,6) || '万' "
        f"WHEN kind < 26 THEN translate((pieces * price)::VARCHAR, '0123456789.', '０１２３４５６７８９．') "
        f"ELSE (pieces * price)::VARCHAR END AS 金额, ['已完成', '已发货', '进行中'][n % 3 + 1] AS 订单状态 FROM line) "
        f"TO '{path}' (HEADER)"
    )
    con.close()
