"""What a plan needs: refusals and inputs of the page, and what marketing brought by last touch, within what a person sees."""

from __future__ import annotations

import pytest

from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace
from tests.app.company import NOW
from tests.app.html import read


@pytest.fixture
def leads(own: Workspace, tmp_path) -> None:
    file = tmp_path / "线索.csv"
    file.write_text(
        "线索编号,创建日期,客户编码,营销活动,来源,负责人工号\n"
        "L1,2025-11-01,C1,秋季展会,展会,E12\nL2,2026-10-01,C1,直播,直播,E12\nL3,2025-01-01,C3,,官网,E13\n",
        "utf-8",
    )
    import_files(own, [ImportRequest(file, entity="lead")], now=NOW)


@pytest.mark.requirement("D26")
def test_sales_go_to_the_last_touch_and_what_nobody_touched_is_shown(as_, leads):
    # November 2025 to October 2026: C1 bought for 8,000 six days after the fair and for 12,000 five days after the stream; the lead
    # of C3 was 313 days old: 26,000, with C4's 9,000, belong to no touch.
    text = read(as_("analyst").get("/targets/resources/marketing/?period=2027")).text.replace("\xa0", " ")
    rows = text[text.index("直播") :]
    assert rows.startswith("直播 活动 1 1 1.20 万元 4,000 元")
    assert "秋季展会 活动 1 1 8,000 元 3,000 元" in rows
    assert "没有触达 2 3.50 万元" in rows
    other = read(as_("other_manager").get("/targets/resources/marketing/?period=2027")).text.replace("\xa0", " ")
    assert "直播 活动" not in other  # what others sold is not theirs to see
    assert "没有触达 1 9,000 元" in other


@pytest.mark.requirement("G13")
def test_the_page_says_what_is_missing_and_what_cannot_be_read(as_):
    assert "没有预测" in read(as_("analyst").get("/targets/resources/")).text  # a company with few months of sales
    answer = as_("analyst").get("/targets/resources/?leaving=很多")
    assert answer.status_code == 422
    assert "读不成" in read(answer).text
    assert as_("rep").get("/targets/resources/").status_code == 403
