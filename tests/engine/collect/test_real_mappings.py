"""The first proposal on real files, against what a person who knows the business would answer."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from salesloop.engine.collect.knowledge import Knowledge
from salesloop.engine.collect.mapping import ColumnMapping, Mapping
from salesloop.engine.collect.propose import propose
from salesloop.engine.collect.read import read_file
from salesloop.engine.model.loader import load_model
from tests.engine.collect.mapping_score import Score, scores

AT_LEAST = {
    "crm_sales_opportunities": 1.0,
    "superstore_cn": 1.0,
    "superstore_en": 1.0,
    "northwind": 1.0,
    "cn_orders_gbk": 1.0,
    "cn_logistics_gbk": 1.0,
    "cn_tmall_orders": 0.85,
    "accounts_receivable": 1.0,
    "online_retail": 1.0,
    "olist": 1.0,
    "adventureworks_dw": 1.0,
    "cn_nbs": 1.0,
    "cn_companies": 1.0,
    "bank_marketing": 1.0,
    "walmart": 1.0,
    "marketing": 1.0,
    "telco_churn": 1.0,
    "bpi2012": 1.0,
    "basket": 1.0,
    "nab_ad_exchange": 1.0,
    "matching": 1.0,
    "causal": 1.0,
    "forecast": 1.0,
    "root_cause_rs": 1.0,
}


@pytest.mark.requirement("B01", "B04", "AC03")
def test_columns_are_right_on_the_first_proposal(real_data: Path) -> None:
    found: dict[str, list[Score]] = defaultdict(list)
    for score in scores(real_data, load_model()):
        found[score.delivery.split("/")[0]].append(score)
    shares = {name: sum(s.right for s in group) / sum(len(s.columns) for s in group) for name, group in found.items()}
    wrong = [f"{s.table.name}: {mistake}" for group in found.values() for s in group for mistake in s.wrong]
    assert {name for name, share in shares.items() if share < AT_LEAST[name]} == set(), wrong
    assert set(shares) == set(AT_LEAST)


def test_the_employees_without_a_header_are_mapped_by_position(real_data: Path) -> None:
    table = read_file(real_data / "adventureworks_dw" / "DimEmployee_dnoeth.csv").tables[0]
    assert (table.is_headerless, len(table.columns), table.data.num_rows) == (True, 31, 296)
    positions = {
        2: "employee_id",
        3: "manager_id",
        11: "title",
        12: "hire_date",
        15: "email",
        18: "name",
        28: "org_unit_id",
    }
    columns = tuple(ColumnMapping(column=f"列{n}", field=f"employee.{field}") for n, field in positions.items())
    by_hand = Mapping(name="员工", entity="employee", sheet=table.name, header=table.columns, columns=columns)
    by_hand.check(table, load_model())
    proposal = propose(table, load_model(), Knowledge((by_hand,)))
    assert proposal.saved == "员工"
    first = table.data.to_pylist()[0]
    assert [first[c.column] for c in columns] == [
        "1", "18", "Production Technician - WC60", "2006-01-28", "guy1@adventure-works.com", "Guy Gilbert", "Production",
    ]  # fmt: skip
