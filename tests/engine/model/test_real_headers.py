"""The headers of exports that nobody of this project wrote are known, at the entity where they belong."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from salesloop.engine.collect.normal import normal
from salesloop.engine.model.loader import load_model

MODEL = load_model()

# file (and sheet) → header → the field that it is
EXPORTS: dict[str, dict[str, str]] = {
    "superstore_cn/示例-超市.xls#订单": {
        "订单 ID": "order_line.order_id", "订单日期": "order_line.order_date", "发货日期": "order_line.shipped_at",
        "邮寄方式": "order_line.ship_mode", "客户 ID": "customer.customer_id", "客户名称": "customer.name",
        "细分": "customer.segment", "产品 ID": "product.product_id", "类别": "product.category",
        "子类别": "product.subcategory", "产品名称": "product.name", "销售额": "order_line.amount",
        "数量": "order_line.quantity", "折扣": "order_line.discount", "利润": "order_line.profit",
        "地区": "region.region", "省/自治区": "region.province", "城市": "region.city", "国家": "region.country",
    },
    "superstore_cn/示例-超市.xls#退货": {"订单 ID": "return_line.order_id"},
    "superstore_cn/示例-超市.xls#销售人员": {"地区": "region.name", "地区经理": "employee.name"},
    "superstore_en/sample_superstore.xls#Orders": {
        "Order ID": "order_line.order_id", "Ship Date": "order_line.shipped_at", "Sales": "order_line.amount",
        "Sub-Category": "product.subcategory", "Segment": "customer.segment", "State": "region.province",
    },
    "cn_orders_gbk/orders.csv": {
        "商品ID": "product.product_id", "门店编号": "order_line.store", "单价": "order_line.unit_price",
        "销量": "order_line.quantity", "成交时间": "order_line.placed_at", "订单ID": "order_line.order_id",
        "类别ID": "product.category",
    },
    "cn_logistics_gbk/data_wuliu.csv": {
        "订单号": "order_line.order_id", "订单行": "order_line.line_no", "销售时间": "order_line.placed_at",
        "货品": "product.name", "销售区域": "order_line.region_id", "销售金额": "order_line.amount",
        "交货时间": "order_line.completed_at",
    },
    "cn_tmall_orders/tmall_order_report.csv": {
        "订单编号": "order_line.order_id", "总金额": "order_line.amount", "买家实际支付金额": "payment.amount",
        "收货地址 ": "region.name", "订单创建时间": "order_line.placed_at", "订单付款时间 ": "payment.paid_date",
        "退款金额": "return_line.amount",
    },
    "crm_sales_opportunities/sales_pipeline.csv": {
        "opportunity_id": "opportunity.opportunity_id", "sales_agent": "opportunity.employee_id",
        "product": "opportunity.product_id", "account": "opportunity.customer_id", "deal_stage": "opportunity.stage",
        "engage_date": "opportunity.created_date", "close_date": "opportunity.close_date", "close_value": "opportunity.amount",
    },
    "crm_sales_opportunities/accounts.csv": {
        "account": "customer.name", "sector": "customer.industry", "revenue": "customer.annual_revenue",
        "employees": "customer.headcount", "subsidiary_of": "customer.parent_customer_id",
    },
    "crm_sales_opportunities/products.csv": {
        "product": "product.name", "series": "product.category", "sales_price": "product.list_price",
    },
    "crm_sales_opportunities/sales_teams.csv": {
        "sales_agent": "employee.name", "manager": "employee.manager_id", "regional_office": "employee.org_unit_id",
    },
    "northwind/orders.csv": {
        "orderID": "order_line.order_id", "customerID": "customer.customer_id", "employeeID": "employee.employee_id",
        "orderDate": "order_line.order_date", "requiredDate": "order_line.due_date",
        "shippedDate": "order_line.shipped_at", "shipVia": "order_line.ship_mode", "freight": "order_line.freight",
        "shipName": "order_line.contact_name", "shipCountry": "region.country",
    },
    "northwind/order-details.csv": {
        "productID": "product.product_id", "unitPrice": "order_line.unit_price", "discount": "order_line.discount",
    },
    "northwind/customers.csv": {"companyName": "customer.name", "phone": "customer.phone", "country": "region.country"},
    "northwind/employees.csv": {"reportsTo": "employee.manager_id", "hireDate": "employee.hire_date"},
    "accounts_receivable/WA_Fn-UseC_-Accounts-Receivable.csv": {
        "customerID": "customer.customer_id", "invoiceNumber": "receivable.invoice_id",
        "InvoiceDate": "receivable.invoice_date", "DueDate": "receivable.due_date",
        "InvoiceAmount": "receivable.amount", "Disputed": "receivable.disputed", "SettledDate": "receivable.settled_date",
    },
    "online_retail/online_retail.parquet": {
        "InvoiceNo": "order_line.order_id", "StockCode": "product.product_id", "InvoiceDate": "order_line.order_date",
        "Country": "region.country",
    },
    "adventureworks_dw/FactResellerSales.parquet": {
        "SalesOrderNumber": "order_line.order_id", "SalesOrderLineNumber": "order_line.line_no",
        "ProductKey": "order_line.product_id", "ResellerKey": "order_line.customer_id",
        "EmployeeKey": "order_line.employee_id", "SalesTerritoryKey": "order_line.region_id",
        "OrderQuantity": "order_line.quantity", "UnitPriceDiscountPct": "order_line.discount",
        "TotalProductCost": "order_line.cost", "SalesAmount": "order_line.amount", "Freight": "order_line.freight",
        "OrderDate": "order_line.order_date", "DueDate": "order_line.due_date", "ShipDate": "order_line.shipped_at",
    },
    "adventureworks_dw/FactSalesQuota.parquet": {
        "EmployeeKey": "target.employee_id", "SalesAmountQuota": "target.value", "Date": "target.period_start",
    },
    "adventureworks_dw/FactProductInventory.parquet": {
        "ProductKey": "inventory_snapshot.product_id", "MovementDate": "inventory_snapshot.snapshot_date",
        "UnitCost": "inventory_snapshot.unit_cost", "UnitsBalance": "inventory_snapshot.quantity",
    },
    "olist/olist_marketing_qualified_leads_dataset.csv": {
        "mql_id": "lead.lead_id", "first_contact_date": "lead.created_date", "origin": "lead.source",
    },
    "olist/olist_order_payments_dataset.parquet": {
        "order_id": "payment.order_id", "payment_type": "payment.method", "payment_value": "payment.amount",
    },
    "marketing/KAG_conversion_data.csv": {
        "Impressions": "marketing_spend.impressions", "Clicks": "marketing_spend.clicks",
        "Spent": "marketing_spend.amount", "Total_Conversion": "marketing_spend.conversions",
    },
}  # fmt: skip


@pytest.mark.requirement("B02", "B04", "B05", "B07")
@pytest.mark.parametrize("export", EXPORTS)
def test_headers_of_real_exports_are_known(export: str, real_data: Path) -> None:
    file, _, sheet = export.partition("#")
    headers = _headers(real_data / file, sheet)
    for header, target in EXPORTS[export].items():
        assert header in headers
        assert normal(header) in _words(target), f"{header} is not known as {target}"


def _words(target: str) -> set[str]:
    """The headers to which a field answers: its name, its label, its aliases."""
    entity, name = target.split(".")
    found = MODEL.entity(entity)
    if not found.has(name):
        level = next(level for level in found.levels if level.name == name)
        return {normal(word) for word in (level.label.zh_hans, *level.aliases)}
    field = found.field(name)
    return {normal(word) for word in (name, field.label.zh_hans, field.label.en, *field.aliases)}


def _headers(path: Path, sheet: str) -> list[str]:
    if path.suffix == ".xls":
        return [str(cell) for cell in CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()[0]]
    if path.suffix == ".parquet":
        return [row[0] for row in duckdb.execute("DESCRIBE SELECT * FROM read_parquet($1)", [str(path)]).fetchall()]
    raw = path.read_bytes().splitlines()[0]
    try:
        line = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        line = raw.decode("gb18030")
    return next(csv.reader([line]))
