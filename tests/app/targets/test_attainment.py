"""The attainment page: figures that can be added up by hand, and care with small samples."""

from __future__ import annotations

import pytest

from tests.app.html import read


@pytest.mark.requirement("E11", "G11")
def test_attainment_pace_and_what_is_needed_a_day(as_):
    text = read(as_("analyst").get("/targets/attainment/?period=2026-11")).text
    # 42,000 of 55,000; by 21 November 21 of 30 days: 38,500 were due. 13,000 are missing, 6 weekdays are left.
    assert "达成 76.4" in text
    assert "109" in text
    assert "应达 3.85 万元" in text
    assert "还有 6 个工作日" in text
    assert "2,166" in text or "2,167" in text


@pytest.mark.requirement("E11", "E09")
def test_rows_are_ranked_with_care_and_people_can_be_chosen(as_):
    teams = read(as_("analyst").get("/targets/attainment/rows/?period=2026-11"))
    names = [link.text for link in teams.all("a", class_="row-link")]
    assert names == ["华东大区", "华南大区"]  # 35,000 of 45,000 and 7,000 of 10,000
    assert "77.8%" in teams.text
    assert teams.text.count("样本太少") == 2
    people = read(as_("analyst").get("/targets/attainment/rows/?period=2026-11&by=employee"))
    assert [link.text for link in people.all("a", class_="row-link")] == ["王芳", "张伟", "刘洋"]  # 80, 75, 70 %
    own = read(as_("rep").get("/targets/attainment/rows/?period=2026-11"))
    assert [link.text for link in own.all("a", class_="row-link")] == ["张伟"]


@pytest.mark.requirement("G12")
def test_the_gap_is_told_by_drivers_that_add_up(as_):
    text = read(as_("analyst").get("/targets/attainment/gap/?period=2026-11")).text
    # Due 38,500; actual 42,000. A year ago 24,000 of C1 and C3; now C1 10,000, C3 20,000, new: C2 5,000 and C4 7,000.
    # 2 + 4 = 6 printers at 4,000 became 2 + 4 at 5,000: volume 0, mix 0, price 6,000.
    assert "截至今日 +3,500 元" in text
    for words in ("新客户", "新客户 12,000.00", "价格 6,000.00", "目标要求的增长 −14,500.00"):
        assert words in text, (words, text)


@pytest.mark.requirement("E14")
def test_why_people_differ_adds_up_and_win_rates_say_too_few(as_):
    page = read(as_("manager").get("/targets/attainment/people/?period=2026-11"))
    assert "王芳" in page.text
    assert "刘洋" not in page.text
    assert "样本太少" in page.text


@pytest.mark.requirement("E11")
def test_without_a_target_the_page_says_what_to_do(as_):
    text = read(as_("analyst").get("/targets/attainment/?period=2020")).text
    assert "这个期间没有设目标" in text
    assert "去设目标" in text
    assert as_("analyst").get("/targets/attainment/?metrics=no_such").status_code == 404
    assert "历史太短" in read(as_("analyst").get("/targets/attainment/outlook/?period=2026")).text
