"""The first proposal: which entity a sheet is, what each column feeds, and how sure that is."""

from __future__ import annotations

import pytest

from salesloop.engine.collect.knowledge import Knowledge
from salesloop.engine.collect.mapping import ColumnMapping, Mapping
from salesloop.engine.collect.propose import ColumnProposal, Proposal, propose
from salesloop.engine.collect.raw import RawTable
from salesloop.engine.collect.table import find_table
from salesloop.engine.model.loader import load_model
from tests.engine.collect.sheets import Rows, grid

MODEL = load_model()


def table(rows: Rows, name: str = "表") -> RawTable:
    found = find_table(grid(rows, name=name))
    assert isinstance(found, RawTable)
    return found


def proposal(rows: Rows, name: str = "表", saved: tuple[Mapping, ...] = (), entity: str | None = None) -> Proposal:
    return propose(table(rows, name), MODEL, Knowledge(saved), entity)


def why(column: ColumnProposal) -> list[str]:
    return [message.key for message in column.evidence]


def fields(found: Proposal) -> dict[str, tuple[str, ...]]:
    return {column.column: column.fields for column in found.columns}


ORDERS = [
    ["订单编号", "下单日期", "客户编码", "客户名称", "客户类型", "省份", "城市", "商品编码", "商品名称", "商品类别", "数量", "单价", "金额（万元）", "业务员", "备注"],
    ["D1", "2024-01-05", "C1", "甲公司", "经销商", "江苏", "南京", "P1", "剪刀", "工具", "2", "5.5", "0.0011", "张三", "急"],
    ["D1", "2024-01-05", "C1", "甲公司", "经销商", "江苏", "南京", "P2", "信封", "纸品", "1", "2.5", "0.0003", "张三", ""],
    ["D2", "2024-02-06", "C2", "乙公司", "终端", "浙江", "杭州", "P1", "剪刀", "工具", "4", "5.5", "0.0022", "李四", ""],
    ["D3", "2024-03-07", "C1", "甲公司", "经销商", "江苏", "南京", "P1", "剪刀", "工具", "3", "5.5", "0.0017", "李四", ""],
]  # fmt: skip


@pytest.mark.requirement("B02", "B04")
def test_a_wide_order_export_feeds_orders_customers_products_regions_and_people() -> None:
    found = proposal(ORDERS)
    assert found.mapping is not None
    assert (found.mapping.entity, found.missing) == ("order_line", ())
    assert fields(found) == {
        "订单编号": ("order_line.order_id",),
        "下单日期": ("order_line.order_date",),
        "客户编码": ("order_line.customer_id", "customer.customer_id"),
        "客户名称": ("customer.name",),
        "客户类型": ("customer.segment",),
        "省份": ("region.path",),
        "城市": ("region.path",),
        "商品编码": ("order_line.product_id", "product.product_id"),
        "商品名称": ("product.name",),
        "商品类别": ("product.category",),
        "数量": ("order_line.quantity",),
        "单价": ("order_line.unit_price",),
        "金额": ("order_line.amount",),
        "业务员": ("order_line.employee_id", "employee.employee_id", "employee.name"),
        "备注": (),
    }
    path = found.mapping.paths[0]
    assert (path.columns, path.feeds) == (("省份", "城市"), ("order_line.region_id", "customer.region_id"))
    assert {c.column: c.unit for c in found.mapping.columns if c.unit} == {"金额": "万元"}


def test_every_column_says_how_sure_it_is_and_why() -> None:
    found = {c.column: c for c in proposal(ORDERS).columns}
    assert (found["订单编号"].confidence, why(found["订单编号"])) == (1.0, ["evidence_exact_alias"])
    assert [reason.text() for reason in found["下单日期"].evidence] == [
        "表头是「订单日期」的常用叫法",
        "100% 的值是日期",
    ]
    assert found["下单日期"].evidence[1].text("en") == "100 % of the values are dates"
    assert found["订单编号"].samples == ("D1", "D2", "D3")
    assert (found["备注"].confidence, found["备注"].evidence) == (0.0, ())


def test_traditional_headers_and_other_spellings_are_known() -> None:
    found = proposal(
        [
            ["訂單編號", "ＯＲＤＥＲ　DATE", "客戶名稱", "銷售額"],
            ["A", "2024-01-01", "甲", "1.5"],
            ["B", "2024-01-02", "乙", "2.5"],
        ]
    )
    assert [c[0] for c in fields(found).values()] == [
        "order_line.order_id", "order_line.order_date", "order_line.customer_id", "order_line.amount",
    ]  # fmt: skip
    assert why(found.columns[0])[0] == "evidence_normalised_alias"


def test_headers_in_pinyin_are_heard() -> None:
    found = proposal(
        [
            ["dingdanbianhao", "xiadanriqi", "khmc", "xiaoshoue"],
            ["A", "2024-01-01", "甲公司", "1.5"],
            ["B", "2024-01-02", "乙公司", "2.5"],
        ],
        entity="order_line",
    )
    assert {c.column: (c.fields[:1], why(c)[0]) for c in found.columns} == {
        "dingdanbianhao": (("order_line.order_id",), "evidence_pinyin"),
        "xiadanriqi": (("order_line.order_date",), "evidence_pinyin"),
        "khmc": (("order_line.customer_id",), "evidence_pinyin"),
        "xiaoshoue": (("order_line.amount",), "evidence_pinyin"),
    }


def test_values_decide_where_a_header_could_be_two_things() -> None:
    """结果 of an opportunity is its status; a column of dates of that name is not."""
    rows = [["商机编号", "阶段", "结果", "金额"], ["O1", "谈判", "赢单", "1.5"], ["O2", "报价", "输单", "2.5"]]
    assert fields(proposal(rows))["结果"] == ("opportunity.status",)
    dated = [[*row[:2], value, *row[3:]] for row, value in zip(rows, ["结果", "2024-01-01", "2024-01-02"], strict=True)]
    assert fields(proposal(dated))["结果"] == ()


def test_values_speak_where_headers_do_not() -> None:
    rows = [
        ["工号", "姓名", "X1", "X2"],
        ["E1", "张三", "zhang@example.com", "甲"],
        ["E2", "李四", "li@example.com", "乙"],
    ]
    found = {c.column: (c.fields, why(c)[:1]) for c in proposal(rows, name="员工").columns}
    assert found["X1"] == (("employee.email",), ["evidence_values"])
    assert found["X2"] == ((), [])


def test_the_region_of_an_address_is_not_the_unit_of_an_employee() -> None:
    rows = [
        ["EmployeeID", "Name", "City", "Region", "Country"],
        ["1", "Nancy", "Seattle", "WA", "USA"],
        ["2", "Andrew", "Tacoma", "WA", "USA"],
    ]
    assert fields(proposal(rows, name="employees"))["Region"] == ()
    assert fields(proposal([["Name", "Region"], ["Nancy", "West"], ["Andrew", "East"]], name="People"))["Region"] == (
        "employee.org_unit_id",
        "org_unit.org_unit_id",
        "org_unit.name",
    )


def test_a_column_of_the_primary_entity_is_not_the_customers() -> None:
    """The same customer appears in two cities: the city belongs to the order."""
    rows = [
        *ORDERS,
        [
            "D4",
            "2024-03-08",
            "C1",
            "甲公司",
            "经销商",
            "江苏",
            "苏州",
            "P1",
            "剪刀",
            "工具",
            "3",
            "5.5",
            "0.0017",
            "李四",
            "",
        ],
    ]
    found = proposal(rows)
    assert found.mapping is not None
    assert found.mapping.paths[0].feeds == ("order_line.region_id",)


def test_a_dimension_that_is_only_named_has_its_name_as_id() -> None:
    found = proposal([["产品", "系列", "标准售价"], ["GTX", "G", "550"], ["MG", "M", "55"]], name="产品")
    assert fields(found)["产品"] == ("product.name", "product.product_id")


def test_first_and_last_name_make_the_name() -> None:
    found = proposal(
        [["EmployeeID", "LastName", "FirstName"], ["1", "Davolio", "Nancy"], ["2", "Fuller", "Andrew"]],
        name="employees",
    )
    assert found.mapping is not None
    assert found.mapping.columns_of("employee.name") == ("LastName", "FirstName")


def test_of_two_keys_the_repeated_one_is_the_parent() -> None:
    rows = [
        ["territoryID", "territoryDescription", "regionID"],
        *([f"T{i}", f"Town {'abcdefgh'[i]}", str(i % 2)] for i in range(8)),
    ]
    assert fields(proposal(rows, name="territories")) == {
        "territoryID": ("region.region_id",),
        "territoryDescription": ("region.name",),
        "regionID": ("region.parent_id",),
    }


def test_quarterly_targets_are_seen_by_their_dates() -> None:
    rows = [
        ["EmployeeKey", "Date", "SalesAmountQuota"],
        *([str(e), f"{y}-{m:02d}-01", "1000"] for e in (1, 2) for y in (2023, 2024) for m in (1, 4, 7, 10)),
    ]
    found = proposal(rows, name="FactSalesQuota")
    assert found.mapping is not None
    assert found.mapping.entity == "target"
    assert found.mapping.constants == {"target.metric": "revenue", "target.period": "quarter"}


def test_paid_orders_feed_payments_too() -> None:
    rows = [
        ["订单编号", "总金额", "买家实际支付金额", "订单创建时间", "订单付款时间"],
        ["1", "9.5", "9.5", "2020-02-20 10:00:00", "2020-02-20 10:00:05"],
        ["2", "8.5", "0.0", "2020-02-21 10:00:00", ""],
    ]
    assert fields(proposal(rows)) == {
        "订单编号": ("order_line.order_id", "payment.order_id"),
        "总金额": ("order_line.amount",),
        "买家实际支付金额": ("payment.amount",),
        "订单创建时间": ("order_line.placed_at",),
        "订单付款时间": ("payment.paid_date",),
    }


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("data_dictionary", [["Table", "Field", "Description"], ["a", "b", "c"], ["d", "e", "f"]]),
        (
            "categories",
            [
                ["categoryID", "categoryName", "description"],
                ["1", "Beverages", "Soft drinks"],
                ["2", "Meat", "Prepared"],
            ],
        ),
        (
            "suppliers",
            [["supplierID", "companyName", "phone"], ["1", "Exotic", "171-555-2222"], ["2", "Grandma", "313-555-5735"]],
        ),
        ("employee-territories", [["employeeID", "territoryID"], ["1", "06897"], ["1", "19713"]]),
    ],
)
def test_a_table_of_something_else_gets_no_mapping(name: str, rows: Rows) -> None:
    found = proposal(rows, name=name)
    assert found.mapping is None
    assert len(found.columns) == len(rows[0])


def test_a_person_may_name_the_entity() -> None:
    found = proposal([["编号", "名称", "额度"], ["1", "甲", "5.5"], ["2", "乙", "6.5"]], entity="payment")
    assert found.mapping is not None
    assert found.mapping.entity == "payment"
    assert "paid_date" in found.missing


def test_the_same_header_gets_the_saved_mapping_with_the_units_of_today() -> None:
    first = proposal(ORDERS)
    assert first.mapping is not None
    corrected = first.mapping.model_copy(
        update={
            "name": "销售日报",
            "columns": (*first.mapping.columns, ColumnMapping(column="备注", field="order_line.store")),
        }
    )
    again = [row[::-1] for row in ORDERS]
    again[0][again[0].index("金额（万元）")] = "金额（元）"
    again[0][again[0].index("订单编号")] = "订单 编号"
    found = proposal(again, saved=(corrected,))
    assert found.saved == "销售日报"
    assert found.mapping is not None
    assert fields(found)["备注"] == ("order_line.store",)
    assert {c.column: c.unit for c in found.mapping.columns if c.unit} == {"金额": "元"}
    assert "订单 编号" in {c.column for c in found.mapping.columns}


def test_a_table_without_a_header_is_mapped_by_position_for_its_own_name_only() -> None:
    rows = [["e1.jpg", "1", "Guy Gilbert"], ["e2.jpg", "2", "Kevin Brown"], ["e3.jpg", "3", "Rob Walters"]]
    by_position = Mapping(
        name="员工",
        entity="employee",
        sheet="DimEmployee",
        header=("列1", "列2", "列3"),
        columns=(
            ColumnMapping(column="列2", field="employee.employee_id"),
            ColumnMapping(column="列3", field="employee.name"),
        ),
    )
    assert proposal(rows, name="DimEmployee", saved=(by_position,)).saved == "员工"
    assert proposal(rows, name="OtherTable", saved=(by_position,)).saved is None


def test_a_column_of_yes_and_no_says_a_state() -> None:
    rows = [["productID", "productName", "discontinued"], ["1", "Chai", "0"], ["2", "Chang", "1"], ["3", "Konbu", "0"]]
    found = proposal(rows, name="products")
    assert fields(found)["discontinued"] == ("product.status",)
    assert found.mapping is not None
    assert found.mapping.values == {"product.status": {"0": "active", "1": "discontinued"}}
    words = [row if n == 0 else [*row[:2], "maybe"] for n, row in enumerate(rows)]
    assert fields(proposal(words, name="products"))["discontinued"] == ()


def test_amounts_without_tax_go_before_those_with_it() -> None:
    rows = [
        ["订单号", "订单日期", "数量", "含税单价", "无税单价", "价税合计", "无税金额", "税额"],
        ["A", "2026-01-05", "2", "113.00", "100.00", "226.00", "200.00", "26.00"],
        ["B", "2026-01-06", "1", "56.50", "50.00", "56.50", "50.00", "6.50"],
    ]
    found = fields(proposal(rows))
    assert (found["无税单价"], found["无税金额"]) == (("order_line.unit_price",), ("order_line.amount",))
    assert (found["含税单价"], found["价税合计"], found["税额"]) == ((), (), ())


def test_an_event_log_is_the_history_of_stages() -> None:
    rows = [
        ["case_id", "activity", "timestamp", "resource"],
        *([f"{n // 3}", stage, f"2026-01-0{n + 1} 10:00:00", f"u{n % 2}"] for n, stage in enumerate(["提交", "审核", "批准", "提交", "审核", "拒绝"])),
    ]  # fmt: skip
    found = proposal(rows, name="events")
    assert found.mapping is not None
    assert found.mapping.entity == "stage_event"


def test_a_year_with_two_decimals_is_an_amount() -> None:
    found = proposal([["订单编号", "下单日期", "金额"], ["A", "2026-01-05", "2000.00"], ["B", "2026-01-06", "1980.00"]])
    assert fields(found)["金额"] == ("order_line.amount",)


@pytest.mark.parametrize(
    ("column", "values", "field", "kind", "good", "odd"),
    [
        ("金额", ["面议", "100", "待定"], "销售额", "数字", 1, "面议"),
        ("订单日期", ["下周", "明天", "待定"], "订单日期", "日期", 0, "下周"),
    ],
)
def test_a_column_that_cannot_be_read_is_named(
    column: str, values: list[str], field: str, kind: str, good: int, odd: str
) -> None:
    whole = {
        "订单号": ["A1", "A2", "A3"],
        "客户": ["甲", "乙", "丙"],
        "订单日期": ["2026-01-02"] * 3,
        "金额": ["1", "2", "3"],
    }
    rows = [list(whole), *zip(*(whole | {column: values}).values(), strict=True)]
    (against,) = next(one for one in proposal(rows, "订单").columns if one.column == column).evidence
    said = against.text("zh-Hans")
    assert all(word in said for word in (field, kind, f"只有 {good} 个", f"「{odd}」"))
    assert fields(proposal([list(whole), *zip(*whole.values(), strict=True)], "订单"))[column]
