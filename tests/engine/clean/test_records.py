"""One wide table becomes records of its own entity and of everything that it mentions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesloop.engine.model.errors import UserError
from tests.engine.clean.tables import MODEL, cleaned, mapping, raw_table

ORDERS = {
    "订单号": ["A1", "A1", "A2", "A3"],
    "日期": ["2025-03-05", "2025-03-05", "2025/3/6", "2025年3月7日"],
    "客户编号": ["C1", "C1", "C2", "C1"],
    "客户名称": ["华为", "", "中兴", "华为技术"],
    "行业": ["", "通信", "通信", ""],
    "金额": ["100", "200", "300", "400"],
}
HOW = mapping(
    "order_line",
    {
        "订单号": "order_id",
        "日期": "order_date",
        "客户编号": ["customer_id", "customer.customer_id"],
        "客户名称": "customer.name",
        "行业": "customer.industry",
        "金额": "amount",
    },
)


@pytest.mark.requirement("B02", "B04", "C04")
def test_rows_become_lines_and_what_they_mention_becomes_records() -> None:
    with cleaned(raw_table(ORDERS), HOW) as out:
        lines = out.records("order_line")
        assert [line["order_date"] for line in lines] == [dt.date(2025, 3, d) for d in (5, 5, 6, 7)]
        assert [line["amount"] for line in lines] == [100, 200, 300, 400]
        assert [line["customer_id"] for line in lines] == ["C1", "C1", "C2", "C1"]
        assert out.entity("order_line").primary
        assert not out.entity("customer").primary


def test_mentions_complete_one_another_and_the_later_of_two_values_wins() -> None:
    """Row 3 has no customer name, so is no mention; of row 2 and row 5 the later name holds, and the conflict is counted."""
    with cleaned(raw_table(ORDERS), HOW) as out:
        customers = {c["customer_id"]: c for c in out.records("customer")}
        assert customers["C1"]["name"] == "华为技术"
        assert customers["C2"] == {"customer_id": "C2", "name": "中兴", "industry": "通信", "_row": 4}
        assert out.entity("customer").conflicts == 1
        assert (out.entity("customer").rows, out.entity("customer").received) == (2, 2)


def test_a_blank_in_a_later_mention_hides_nothing() -> None:
    table = ORDERS | {"客户名称": ["华为", "华为", "中兴", "华为"]}
    with cleaned(raw_table(table), HOW) as out:
        assert {c["customer_id"]: c["industry"] for c in out.records("customer")} == {"C1": "通信", "C2": "通信"}
        assert out.entity("customer").conflicts == 0


def test_lines_are_numbered_within_their_order_as_they_stand_in_the_file() -> None:
    with cleaned(raw_table(ORDERS | {"订单号": ["A1", "A2", "A1", "A1"]}), HOW) as out:
        assert out.column("order_line", "line_no") == [1, 1, 2, 3]


def test_a_line_keeps_its_number_when_a_neighbour_waits_in_quarantine() -> None:
    table = ORDERS | {"订单号": ["A1", "A1", "A1", "A1"], "金额": ["100", "面议", "300", "400"]}
    with cleaned(raw_table(table), HOW) as out:
        assert out.column("order_line", "line_no") == [1, 3, 4]


def test_amounts_and_costs_are_derived_where_they_were_not_delivered() -> None:
    table = {
        "单": ["1", "2"],
        "日": ["2025-1-1"] * 2,
        "数量": ["3", "2"],
        "单价": ["10.5", "7"],
        "折扣": ["10%", ""],
        "成本价": ["4", "5"],
    }
    how = mapping(
        "order_line",
        {
            "单": "order_id",
            "日": "order_date",
            "数量": "quantity",
            "单价": "unit_price",
            "折扣": "discount",
            "成本价": "unit_cost",
        },
    )
    with cleaned(raw_table(table), how) as out:
        assert out.column("order_line", "amount") == [Decimal("28.35"), Decimal(14)]
        assert out.column("order_line", "cost") == [12, 10]
        assert "profit" not in out.entity("order_line").fields


def test_a_delivered_amount_is_not_computed_over() -> None:
    table = ORDERS | {"数量": ["7"] * 4, "单价": ["9"] * 4}
    how = HOW.model_copy(
        update={"columns": (*HOW.columns, *mapping("order_line", {"数量": "quantity", "单价": "unit_price"}).columns)}
    )
    with cleaned(raw_table(table), how) as out:
        assert out.column("order_line", "amount") == [100, 200, 300, 400]


def test_the_stage_tells_the_status_of_an_opportunity() -> None:
    table = {"编号": ["1", "2", "3", "4"], "阶段": ["赢单", "Closed Lost", "报价", "won"], "创建": ["2025-1-1"] * 4}
    how = mapping("opportunity", {"编号": "opportunity_id", "阶段": "stage", "创建": "created_date"})
    with cleaned(raw_table(table), how) as out:
        assert out.column("opportunity", "status") == ["won", "lost", "open", "won"]


def test_levels_become_a_tree_and_lines_refer_to_the_deepest() -> None:
    table = {
        "单": ["1", "2", "3", "4"],
        "日": ["2025-1-1"] * 4,
        "额": ["1"] * 4,
        "大区": ["华东", "华东", "华北", ""],
        "省": ["江苏", "江苏", "北京", ""],
        "市": ["南京", "苏/州", "", ""],
    }
    path = {"entity": "region", "columns": ["大区", "省", "市"], "feeds": ["order_line.region_id"]}
    how = mapping("order_line", {"单": "order_id", "日": "order_date", "额": "amount"}, paths=[path])
    with cleaned(raw_table(table), how) as out:
        assert out.column("order_line", "region_id") == ["华东/江苏/南京", "华东/江苏/苏／州", "华北/北京", None]
        regions = {r["region_id"]: (r["name"], r["parent_id"], r["level"]) for r in out.records("region")}
        assert regions == {
            "华东": ("华东", None, 1),
            "华东/江苏": ("江苏", "华东", 2),
            "华东/江苏/南京": ("南京", "华东/江苏", 3),
            "华东/江苏/苏／州": ("苏／州", "华东/江苏", 3),
            "华北": ("华北", None, 1),
            "华北/北京": ("北京", "华北", 2),
        }


def test_a_code_beside_the_levels_is_the_key_of_the_deepest_node() -> None:
    table = {
        "单": ["1", "2"],
        "日": ["2025-1-1"] * 2,
        "额": ["1"] * 2,
        "编码": ["320100", ""],
        "省": ["江苏"] * 2,
        "市": ["南京", "苏州"],
    }
    path = {"entity": "region", "columns": ["省", "市"], "feeds": ["order_line.region_id"]}
    columns = {"单": "order_id", "日": "order_date", "额": "amount", "编码": "region.region_id"}
    with cleaned(raw_table(table), mapping("order_line", columns, paths=[path])) as out:
        assert out.column("order_line", "region_id") == ["320100", "江苏/苏州"]
        assert {r["region_id"] for r in out.records("region")} == {"江苏", "320100", "江苏/苏州"}


def test_two_trees_of_one_entity_give_one_set_of_nodes() -> None:
    table = {"单": ["1"], "日": ["2025-1-1"], "额": ["1"], "客户": ["甲"], "发货省": ["江苏"], "客户省": ["浙江"]}
    paths = [
        {"entity": "region", "columns": ["发货省"], "feeds": ["order_line.region_id"]},
        {"entity": "region", "columns": ["客户省"], "feeds": ["customer.region_id"]},
    ]
    columns = {
        "单": "order_id",
        "日": "order_date",
        "额": "amount",
        "客户": ["customer_id", "customer.customer_id", "customer.name"],
    }
    with cleaned(raw_table(table), mapping("order_line", columns, paths=paths)) as out:
        assert out.column("order_line", "region_id") == ["江苏"]
        assert out.column("customer", "region_id") == ["浙江"]
        assert {r["region_id"] for r in out.records("region")} == {"江苏", "浙江"}


def test_a_table_of_the_tree_itself_places_its_rows() -> None:
    table = {"编码": ["1", "2"], "国家": ["中国", "中国"], "大区": ["华东", "华北"]}
    with_names = mapping(
        "region", {"编码": "region_id", "大区": "name"}, paths=[{"entity": "region", "columns": ["国家"]}]
    )
    with cleaned(raw_table(table), with_names) as out:
        assert [
            (r["region_id"], r["name"], r["parent_id"], r["level"]) for r in out.records("region", primary=True)
        ] == [
            ("1", "华东", "中国", 2),
            ("2", "华北", "中国", 2),
        ]
        assert [r["region_id"] for r in out.records("region", primary=False)] == ["中国"]
    only_levels = mapping("region", {"编码": "region_id"}, paths=[{"entity": "region", "columns": ["国家", "大区"]}])
    with cleaned(raw_table(table), only_levels) as out:
        assert [(r["region_id"], r["name"], r["parent_id"]) for r in out.records("region", primary=True)] == [
            ("1", "华东", "中国"),
            ("2", "华北", "中国"),
        ]
        assert [r["region_id"] for r in out.records("region", primary=False)] == ["中国"]


def test_constants_and_value_maps_are_read_like_cells() -> None:
    table = ORDERS | {"渠道": ["线下", "线上 ", "直销", ""], "状态": ["交易成功", "05", "05", ""]}
    columns = {
        "订单号": "order_id",
        "日期": "order_date",
        "金额": "amount",
        "渠道": ["channel_id", "channel.channel_id", "channel.name"],
        "状态": "status",
    }
    how = mapping(
        "order_line",
        columns,
        constants={"order_line.currency": "人民币", "order_line.store": "一店"},
        values={
            "order_line.channel_id": {"线下": "门店", "线上": "电商"},
            "channel.channel_id": {"线下": "门店", "线上": "电商"},
            "channel.name": {"线下": "门店", "线上": "电商"},
            "order_line.status": {"05": "cancelled"},
        },
    )
    with cleaned(raw_table(table), how) as out:
        assert out.column("order_line", "channel_id") == ["门店", "电商", "直销", None]
        assert out.column("order_line", "status") == ["completed", "cancelled", "cancelled", None]
        assert out.column("order_line", "currency") == ["CNY"] * 4
        assert out.column("order_line", "store") == ["一店"] * 4
        assert {c["channel_id"] for c in out.records("channel")} == {"门店", "电商", "直销"}


def test_columns_for_one_field_are_joined_by_a_blank() -> None:
    table = {"工号": ["1", "2", "3"], "First": ["Nancy", "NULL", " Li "], "Last": ["Davolio", "Fuller", "Wei"]}
    how = mapping("employee", {"工号": "employee_id", "First": "name", "Last": "name"})
    with cleaned(raw_table(table), how) as out:
        assert out.column("employee", "name") == ["Nancy Davolio", "Fuller", "Li Wei"]
        assert out.column("employee", "valid_from") == [dt.date(1900, 1, 1)] * 3


def test_things_without_numbers_are_known_by_their_names_and_the_other_way_round() -> None:
    with cleaned(raw_table({"客户": ["甲", "乙"]}), mapping("customer", {"客户": "name"})) as out:
        assert out.column("customer", "customer_id") == ["甲", "乙"]
    with cleaned(raw_table({"编号": ["1"]}), mapping("customer", {"编号": "customer_id"})) as out:
        assert out.column("customer", "name") == ["1"]
    table = {"单": ["1"], "日": ["2025-1-1"], "额": ["1"], "品类": ["食品"], "品号": ["P1"]}
    how = mapping(
        "order_line",
        {
            "单": "order_id",
            "日": "order_date",
            "额": "amount",
            "品号": "product.product_id",
            "品类": "product.category",
        },
    )
    with cleaned(raw_table(table), how) as out:
        assert out.column("order_line", "product_id") == ["P1"]
        assert out.records("product") == [{"product_id": "P1", "name": "P1", "category": "食品", "_row": 2}]


def test_a_row_without_the_key_of_a_mention_mentions_nothing() -> None:
    table = ORDERS | {"客户编号": ["C1", "NULL", "", "-"], "客户名称": ["华为", "乙", "丙", "丁"]}
    with cleaned(raw_table(table), HOW) as out:
        assert [c["customer_id"] for c in out.records("customer")] == ["C1"]
        assert out.column("order_line", "customer_id") == ["C1", None, None, None]
        assert out.quarantine() == []


def test_payments_in_an_order_sheet_belong_to_its_orders_and_unpaid_orders_have_none() -> None:
    table = ORDERS | {"付款时间": ["2025-03-05 10:00", "", "2025-03-06 11:00", ""], "实付": ["100", "0", "300", "0"]}
    columns = {
        "订单号": "order_id",
        "日期": "order_date",
        "金额": "amount",
        "付款时间": "payment.paid_date",
        "实付": "payment.amount",
    }
    with cleaned(raw_table(table), mapping("order_line", columns)) as out:
        payments = out.records("payment")
        assert [(p["order_id"], p["paid_date"], p["amount"]) for p in payments] == [
            ("A1", dt.date(2025, 3, 5), 100),
            ("A2", dt.date(2025, 3, 6), 300),
        ]
        assert len({p["payment_id"] for p in payments}) == 2
        assert out.entity("payment").received == 2


def test_a_refund_of_nothing_is_no_return() -> None:
    table = ORDERS | {"退款": ["0.0", "", "30", "0"]}
    columns = {"订单号": "order_id", "日期": "order_date", "金额": "amount", "退款": "return_line.amount"}
    with cleaned(raw_table(table), mapping("order_line", columns)) as out:
        assert [(r["order_id"], r["amount"]) for r in out.records("return_line")] == [("A2", 30)]


def test_contacts_beside_orders_belong_to_the_customer_of_the_row() -> None:
    table = ORDERS | {"联系人": ["张三", "张三", "李四", ""]}
    columns = {
        "订单号": "order_id",
        "日期": "order_date",
        "金额": "amount",
        "客户编号": "customer_id",
        "联系人": "contact.name",
    }
    with cleaned(raw_table(table), mapping("order_line", columns)) as out:
        contacts = [(c["contact_id"], c["customer_id"], c["name"]) for c in out.records("contact")]
        assert contacts == [("C1|张三", "C1", "张三"), ("C2|李四", "C2", "李四")]


def test_amounts_in_a_foreign_currency_say_so() -> None:
    table = ORDERS | {"金额": ["USD 100", "200", "HK$300", "￥400"]}
    with cleaned(raw_table(table), HOW) as out:
        assert out.column("order_line", "currency") == ["USD", None, "HKD", None]
    with cleaned(raw_table(ORDERS, units={"金额": "万美元"}), HOW) as out:
        assert out.column("order_line", "currency") == ["USD"] * 4
        assert out.column("order_line", "amount") == [1_000_000, 2_000_000, 3_000_000, 4_000_000]
    with cleaned(raw_table(ORDERS), HOW) as out:
        assert "currency" not in out.entity("order_line").fields


def test_units_come_from_the_mapping_the_header_or_the_sheet() -> None:
    with cleaned(raw_table(ORDERS, sheet_unit="万元"), HOW) as out:
        assert out.column("order_line", "amount")[0] == 1_000_000
    with cleaned(raw_table(ORDERS, sheet_unit="万元", units={"金额": "千元"}), HOW) as out:
        assert out.column("order_line", "amount")[0] == 100_000
    stated = HOW.model_copy(
        update={"columns": tuple(c.model_copy(update={"unit": "元"}) if c.column == "金额" else c for c in HOW.columns)}
    )
    with cleaned(raw_table(ORDERS, units={"金额": "千元"}), stated) as out:
        assert out.column("order_line", "amount")[0] == 100


def test_another_date_column_of_the_file_tells_the_order_of_day_and_month() -> None:
    table = {"单": ["1", "2"], "下单": ["3/5/2025", "4/5/2025"], "交货": ["25/5/2025", "6/5/2025"], "额": ["1", "1"]}
    how = mapping("order_line", {"单": "order_id", "下单": "order_date", "交货": "due_date", "额": "amount"})
    with cleaned(raw_table(table), how) as out:
        assert out.column("order_line", "order_date") == [dt.date(2025, 5, 3), dt.date(2025, 5, 4)]


def test_headers_that_differ_only_in_case_are_two_columns() -> None:
    table = {"Order": ["1"], "order": ["x"], "日": ["2025-1-1"], "Amount": ["面议"], "amount": ["7"], 'A "b"': ["9"]}
    how = mapping("order_line", {"Order": "order_id", "日": "order_date", "amount": "amount", 'A "b"': "quantity"})
    with cleaned(raw_table(table), how) as out:
        assert (out.column("order_line", "amount"), out.column("order_line", "quantity")) == ([7], [9])
    with cleaned(
        raw_table(table), mapping("order_line", {"order": "order_id", "日": "order_date", "Amount": "amount"})
    ) as out:
        (row,) = out.quarantine()
        assert (row["column_name"], row["value"]) == ("Amount", "面议")
        assert row["raw"] == {name: cells[0] for name, cells in table.items()}


def test_a_table_without_rows_gives_no_records() -> None:
    with cleaned(raw_table({name: [] for name in ORDERS}), HOW) as out:
        assert [(e.entity, e.rows, e.quarantined) for e in out.cleaned.entities] == [
            ("order_line", 0, 0),
            ("customer", 0, 0),
        ]


def test_a_mapping_that_does_not_fit_is_refused_with_what_to_do() -> None:
    with pytest.raises(UserError) as missing, cleaned(raw_table({"单": ["1"]}), HOW):
        pass
    assert missing.value.key == "column_missing"
    assert "订单号" in str(missing.value)
    lacking = mapping("order_line", {"订单号": "order_id", "金额": "amount"})
    with pytest.raises(UserError) as required, cleaned(raw_table(ORDERS), lacking):
        pass
    assert required.value.key == "required_not_mapped"
    assert "订单日期" in str(required.value)
    underivable = mapping("order_line", {"订单号": "order_id", "日期": "order_date", "金额": "quantity"})
    with pytest.raises(UserError) as computed, cleaned(raw_table(ORDERS), underivable):
        pass
    assert str(MODEL.entity("order_line").field("amount").label) in str(computed.value)


def test_columns_of_something_that_the_table_does_not_identify_are_noted() -> None:
    table = ORDERS | {"电话": ["13812345678"] * 4}
    columns = {"订单号": "order_id", "日期": "order_date", "金额": "amount", "电话": "customer.phone"}
    with cleaned(raw_table(table), mapping("order_line", columns)) as out:
        assert [note.key for note in out.cleaned.notes] == ["incomplete"]
        assert "电话" in str(out.cleaned.notes[0])
        assert [e.entity for e in out.cleaned.entities] == ["order_line"]


def test_dropping_leaves_nothing_behind() -> None:
    with cleaned(raw_table(ORDERS | {"金额": ["壹佰", "2", "3", "4"]}), HOW) as out:
        out.cleaned.drop(out.con)
        left = "SELECT table_name FROM duckdb_tables() WHERE temporary UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal"
        assert out.con.execute(left).fetchall() == []


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(st.sampled_from("ABC"), st.sampled_from(["", "华为", "中兴"]), st.sampled_from(["", "通信", "金融"])),
        min_size=12,
        max_size=40,
    )
)
def test_of_many_mentions_the_first_and_the_last_of_each_tell_all(said: list[tuple[str, str, str]]) -> None:
    """Where texts repeat, few rows stand for all: what they tell is what all rows tell, worked out row by row here."""
    repeated = said * 4
    table: dict[str, list[str | None]] = {
        "订单号": [f"A{n}" for n in range(len(repeated))],
        "日期": ["2025-03-05"] * len(repeated),
        "客户编号": [customer for customer, _, _ in repeated],
        "客户名称": [name for _, name, _ in repeated],
        "行业": [industry for _, _, industry in repeated],
        "金额": ["100"] * len(repeated),
    }
    mentioned = [(row, *one) for row, one in enumerate(repeated, 2) if one[1]]
    expected: dict[str, dict[str, object]] = {}
    for row, customer, name, industry in mentioned:
        record = expected.setdefault(customer, {"customer_id": customer, "industry": None, "_row": row})
        record |= {"name": name} | ({"industry": industry} if industry else {})
    differ = sum(
        any(len({one[place] for one in mentioned if one[1] == customer and one[place]}) > 1 for place in (2, 3))
        for customer in expected
    )
    with cleaned(raw_table(table), HOW) as out:
        found = {record["customer_id"]: {"industry": None, **record} for record in out.records("customer")}
        assert found == expected
        assert out.entity("customer").conflicts == differ
