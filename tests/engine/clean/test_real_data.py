"""Real exports come out with the figures that are known of them (README of the data sets), to the cent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salesloop.engine.collect.join import complete
from salesloop.engine.collect.raw import RawTable
from salesloop.engine.collect.read import read_file
from tests.engine.clean.tables import Outcome, cleaned, mapping


def table_of(path: Path, sheet: str | None = None) -> RawTable:
    return read_file(path, sheet=sheet).tables[0]


@contextmanager
def figures(raw: RawTable, entity: str, columns: dict[str, Any], **parts: Any) -> Iterator[Outcome]:
    with cleaned(raw, mapping(entity, columns, **parts)) as out:
        yield out


def one(out: Outcome, sql: str, entity: str | None = None) -> tuple[Any, ...]:
    """`sql` are the columns of a SELECT over the records of an entity."""
    relation = out.cleaned.primary.relation if entity is None else out.entity(entity).relation
    found: tuple[Any, ...] = out.con.execute(f"SELECT {sql} FROM {relation}").fetchall()[0]
    return found


@pytest.mark.requirement("B04", "C03")
def test_chinese_logistics_amounts_with_decimal_commas(real_data: Path) -> None:
    columns = {
        "订单号": "order_id",
        "订单行": "line_no",
        "销售时间": "order_date",
        "数量": "quantity",
        "销售金额": "amount",
        "货品交货状况": "status",
    }
    with figures(table_of(real_data / "cn_logistics_gbk/data_wuliu.csv"), "order_line", columns) as out:
        lines = {(r["order_id"], r["line_no"]): r for r in out.records("order_line")}
        assert lines["P096826", 10]["amount"] == 115_000  # "11,50万元"
        assert lines["P096311", 10]["amount"] == Decimal("1052.75")  # "1052,75元"
        assert lines["P096311", 10]["status"] == "completed"
        # Two cells of the order number were left blank by unmerging.
        assert [(w["row"], w["reason"]) for w in out.quarantine()] == [
            (4, "missing_required"),
            (13, "missing_required"),
        ]
        assert out.cells() == []
        assert one(out, "count(*) FILTER (quantity IS NULL)") == (4,)
        rules = out.con.execute(
            f"SELECT rule, count(*) FROM {out.cleaned.repairs} GROUP BY rule ORDER BY rule"
        ).fetchall()
        assert rules == [("currency", 1159), ("decimal_comma", 1159), ("scale", 2)]


def test_chinese_orders_with_blank_tail_rows(real_data: Path) -> None:
    columns = {
        "商品ID": "product_id",
        "门店编号": "store",
        "单价": "unit_price",
        "销量": "quantity",
        "成交时间": "order_date",
        "订单ID": "order_id",
    }
    raw = table_of(real_data / "cn_orders_gbk/orders.csv")
    assert raw.skipped == {"blank": 266}
    with figures(raw, "order_line", columns) as out:
        assert one(out, "count(*), count(DISTINCT order_id), count(DISTINCT store)") == (3478, 918, 3)
        by_month = out.con.execute(
            "SELECT date_trunc('month', order_date)::DATE, round(sum(quantity * unit_price), 2), count(DISTINCT order_id) "
            f"FROM {out.cleaned.primary.relation} GROUP BY 1"
        ).fetchall()
        assert {m: (s, n) for m, s, n in by_month} == {
            dt.date(2018, 2, 1): (Decimal("10412.78"), 343),
            dt.date(2018, 1, 1): (Decimal("9940.97"), 315),
            dt.date(2017, 2, 1): (Decimal("8596.31"), 262),
        }


def test_superstore_in_chinese(real_data: Path) -> None:
    columns = {
        "订单 ID": "order_id",
        "订单日期": "order_date",
        "发货日期": "shipped_at",
        "客户 ID": ["customer_id", "customer.customer_id"],
        "客户名称": "customer.name",
        "细分": "customer.segment",
        "产品 ID": ["product_id", "product.product_id"],
        "产品名称": "product.name",
        "类别": "product.category",
        "销售额": "amount",
        "数量": "quantity",
        "折扣": "discount",
        "利润": "profit",
    }
    path = {"entity": "region", "columns": ["国家", "地区", "省/自治区", "城市"], "feeds": ["order_line.region_id"]}
    raw = table_of(real_data / "superstore_cn/示例-超市.xls", "订单")
    with figures(raw, "order_line", columns, paths=[path]) as out:
        sums = one(
            out, "count(*), sum(amount), sum(profit), sum(quantity), count(DISTINCT order_id), sum(amount - cost)"
        )
        assert sums == (10_000, Decimal("16117548.237"), Decimal("2156559.517"), 37_675, 2_773, Decimal("2156559.517"))
        assert (out.entity("customer").rows, out.entity("product").rows) == (790, 1_955)
        assert out.entity("product").conflicts == 22  # product ids with two names
        east = one(out, "sum(amount) FILTER (starts_with(region_id, '中国/华东/'))")
        assert round(east[0], 2) == Decimal("4692464.99")
        assert (out.quarantine(), out.cells(), out.repairs()) == ([], [], [])


def test_superstore_in_english(real_data: Path) -> None:
    columns = {
        "Order ID": "order_id",
        "Order Date": "order_date",
        "Customer ID": ["customer_id", "customer.customer_id"],
        "Customer Name": "customer.name",
        "Product ID": ["product_id", "product.product_id"],
        "Product Name": "product.name",
        "Sales": "amount",
        "Profit": "profit",
    }
    with figures(table_of(real_data / "superstore_en/sample_superstore.xls", "Orders"), "order_line", columns) as out:
        assert one(out, "sum(amount), sum(profit), count(DISTINCT order_id)") == (
            Decimal("2297200.8603"),
            Decimal("286397.0217"),
            5_009,
        )
        assert out.entity("product").conflicts == 32


def test_northwind_lines_completed_from_their_orders(real_data: Path) -> None:
    columns = {
        "orderID": "order_id",
        "productID": "product_id",
        "unitPrice": "unit_price",
        "quantity": "quantity",
        "discount": "discount",
        "orderDate": "order_date",
        "requiredDate": "due_date",
        "shippedDate": "shipped_at",
    }
    how = mapping("order_line", columns, joins=[{"table": "orders", "match": {"orderID": "orderID"}}])
    orders = table_of(real_data / "northwind/orders.csv")
    raw = complete(table_of(real_data / "northwind/order-details.csv"), how, {"orders": orders})
    with cleaned(raw, how) as out:
        assert one(out, "sum(amount), sum(quantity * unit_price), count(DISTINCT order_id)") == (
            Decimal("1265793.0395"),
            Decimal("1354458.59"),
            830,
        )
        unshipped = "count(DISTINCT order_id) FILTER (shipped_at IS NULL)"  # the file writes NULL
        late = "count(DISTINCT order_id) FILTER (CAST(shipped_at AS DATE) > due_date)"
        assert one(out, f"{unshipped}, {late}") == (21, 37)


def test_receivables_with_american_dates(real_data: Path) -> None:
    columns = {
        "customerID": "customer_id",
        "invoiceNumber": "invoice_id",
        "InvoiceDate": "invoice_date",
        "DueDate": "due_date",
        "InvoiceAmount": "amount",
        "SettledDate": "settled_date",
        "Disputed": "disputed",
    }
    raw = table_of(real_data / "accounts_receivable/WA_Fn-UseC_-Accounts-Receivable.csv")
    with figures(raw, "receivable", columns) as out:
        late, disputed = "count(*) FILTER (settled_date > due_date)", "count(*) FILTER (disputed)"
        assert one(out, f"count(*), sum(amount), {late}, {disputed}, sum(amount) FILTER (disputed)") == (
            2_466,
            Decimal("147703.18"),
            877,
            561,
            Decimal("36746.12"),
        )
        assert round(one(out, "avg(settled_date - invoice_date)")[0], 2) == 26.44


def test_a_pipeline_tells_its_outcomes(real_data: Path) -> None:
    columns = {
        "opportunity_id": "opportunity_id",
        "sales_agent": "employee_id",
        "product": "product_id",
        "account": "customer_id",
        "deal_stage": "stage",
        "engage_date": "created_date",
        "close_date": "close_date",
        "close_value": "amount",
    }
    with figures(table_of(real_data / "crm_sales_opportunities/sales_pipeline.csv"), "opportunity", columns) as out:
        by_status = out.con.execute(
            f"SELECT status, count(*), sum(amount) FILTER (amount > 0) FROM {out.cleaned.primary.relation} GROUP BY status"
        ).fetchall()
        assert sorted(by_status) == [("lost", 2_473, None), ("open", 2_089, None), ("won", 4_238, 10_005_534)]
        assert one(out, "count(*) - count(customer_id), count(*) - count(created_date)") == (1_425, 500)


def test_an_online_shop_with_codes_that_were_floats(real_data: Path) -> None:
    columns = {
        "InvoiceNo": "order_id",
        "StockCode": ["product_id", "product.product_id"],
        "Description": "product.name",
        "Quantity": "quantity",
        "InvoiceDate": "placed_at",
        "UnitPrice": "unit_price",
        "CustomerID": ["customer_id", "customer.customer_id", "customer.name"],
    }
    with figures(table_of(real_data / "online_retail/online_retail.parquet"), "order_line", columns) as out:
        counts = "count(*), sum(amount), count(DISTINCT order_id), count(*) - count(customer_id)"
        assert one(out, counts) == (541_909, Decimal("9747747.934"), 25_900, 135_080)
        assert out.entity("customer").rows == 4_372
        assert one(out, "bool_and(regexp_full_match(customer_id, '\\d{5}'))") == (True,)


def test_orders_payments_and_refunds_of_one_web_shop_sheet(real_data: Path) -> None:
    columns = {
        "订单编号": "order_id",
        "总金额": "amount",
        "订单创建时间": "placed_at",
        "订单付款时间": "payment.paid_date",
        "买家实际支付金额": "payment.amount",
        "退款金额": "return_line.amount",
    }
    with figures(table_of(real_data / "cn_tmall_orders/tmall_order_report.csv"), "order_line", columns) as out:
        assert one(out, "count(*), sum(amount)") == (28_010, Decimal("2995760.61"))
        assert one(out, "count(*), sum(amount)", "payment") == (24_087, Decimal("1902487.15"))
        assert one(out, "count(*), sum(amount)", "return_line") == (5_646, Decimal("572335.92"))
