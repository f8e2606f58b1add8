"""Tables of targets: turned months, the metric in the name of a column, a further dimension, dates that are no quarters."""

from __future__ import annotations

import pytest

from salesloop.engine.collect.periods import period_of_targets
from salesloop.engine.collect.propose import Proposal, propose
from salesloop.engine.collect.sheet import find_tables
from salesloop.engine.model.loader import load_model
from tests.engine.collect.sheets import Rows, grid

MODEL = load_model()
MONTHS = [f"{month}月" for month in range(1, 13)]


def proposal(rows: Rows, name: str = "Sheet1") -> Proposal:
    tables, _refused = find_tables(grid(rows, name=name), "f.xlsx")
    return propose(tables[0], MODEL)


def by_month(title: str, head: str, names: list[str]) -> list[list[object]]:
    return [[title, *[None] * 12], [head, *MONTHS], *([name, *range(10, 22)] for name in names)]


def fields(found: Proposal) -> dict[str, str]:
    return {column.column: column.fields[0] for column in found.columns if column.fields}


@pytest.mark.requirement("E11")
def test_months_under_a_title_of_targets_are_targets_of_people() -> None:
    found = proposal(by_month("2026年销售目标（万元）", "姓名", ["张三", "李四"]))
    assert found.mapping is not None
    assert (found.mapping.entity, found.missing) == ("target", ())
    assert found.mapping.constants == {"target.metric": "revenue", "target.period": "month"}
    assert fields(found) == {"姓名": "target.employee_id", "月份": "target.period_start", "销售目标": "target.value"}
    assert {column.unit for column in found.mapping.columns if column.field == "target.value"} == {"万元"}


def test_great_regions_are_units_and_the_word_before_the_target_is_its_metric() -> None:
    found = proposal(by_month("2026年各大区回款目标", "大区", ["华东", "华南"]))
    assert found.mapping is not None
    assert found.mapping.constants == {"target.metric": "payments", "target.period": "month"}
    assert fields(found)["大区"] == "target.org_unit_id"


def test_targets_of_products_have_a_further_dimension() -> None:
    found = proposal(by_month("2026年销售任务", "产品名称", ["剪刀", "信封"]))
    assert found.mapping is not None
    assert found.mapping.constants["target.dimension"] == "product"
    assert fields(found)["产品名称"] == "target.dimension_value"


def test_a_metric_that_nobody_knows_is_asked_for_instead_of_taken_for_revenue() -> None:
    found = proposal(by_month("2026年转介绍目标", "姓名", ["张三", "李四"]))
    assert found.missing == ("metric",)


@pytest.mark.requirement("B06")
def test_market_figures_by_year_are_the_size_of_a_market() -> None:
    rows = [["省份", "2022年", "2023年", "2024年"], ["广东", "120.5", "130", "141"], ["浙江", "88", "90", "95"]]
    found = proposal(rows, name="市场规模（亿元）")
    assert found.mapping is not None
    assert found.mapping.entity == "market_size"
    assert fields(found) == {
        "省份": "region.path",
        "年份": "market_size.period_start",
        "市场规模": "market_size.amount",
    }


@pytest.mark.parametrize("title", ["2025年各区域销售额", "2025年"])
def test_totals_by_month_that_may_be_anything_are_left_to_a_person_with_the_reason(title: str) -> None:
    found = proposal(by_month(title, "区域", ["华东", "华南"]))
    assert found.mapping is None
    assert found.why is not None
    assert "不是逐笔记录" in found.why.text()
    assert "totals by period" in found.why.text("en")


@pytest.mark.parametrize(
    ("days", "period"),
    [
        (["2024-01-01", "2024-04-01", "2024-07-01", "2024-10-01"], "quarter"),
        (["2024-02-01", "2024-05-01", "2024-08-01"], "quarter"),  # a fiscal year from February
        (["2011-03-31", "2011-07-01", "2011-09-29", "2011-12-29", "2012-03-30"], "day"),
        (["2024-01", "2024-02", "2024-03"], "month"),
        (["2023", "2024", "2025"], "year"),
        (["2024-01-03", "2024-01-10", "2024-01-17"], "week"),
        (["2024-01-01"], None),
    ],
)
def test_how_long_targets_hold(days: list[str], period: str | None) -> None:
    assert period_of_targets(days) == period
