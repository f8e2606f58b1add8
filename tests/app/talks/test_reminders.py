"""Who is reminded of what, and how often."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from salesloop.app.accounts.services import User
from salesloop.app.notices.services import notices_of
from salesloop.app.talks.models import Talk
from salesloop.app.talks.services import remind
from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace
from tests.app.company import NOW, TODAY
from tests.app.conftest import People
from tests.app.html import read
from tests.app.talks.conftest import VISIT, Recorder, Window


@pytest.fixture
def planned(own: Workspace, tmp_path: Path) -> Workspace:
    """A calendar was imported: two visits planned for yesterday, one of them written down elsewhere."""
    file = tmp_path / "拜访.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(
            [
                ["拜访编号", "拜访类型", "拜访时间", "计划日期", "客户编码", "业务员工号", "客户反馈"],
                ["V1", "拜访", "2026-11-20 09:00", "2026-11-20", "C1", "E12", ""],
                ["V2", "拜访", "2026-11-20 15:00", "2026-11-20", "C2", "E12", "已谈"],
            ]
        )
    import_files(own, [ImportRequest(file, entity="activity")], now=NOW)
    return own


def told(user: User) -> list[str]:
    return [notice.text % notice.params for notice in notices_of(user)]


@pytest.mark.requirement("B13")
def test_a_due_step_is_reminded_of_once(record: Recorder, people: People) -> None:
    record(next_step="送样品", next_due="2026-11-21")
    record(customer="C2", next_step="报价", next_due="2026-11-24")
    assert remind(TODAY) == 1
    assert remind(TODAY) == 0
    assert told(people.rep) == ["华星电子 的下一步到期：送样品"]
    assert remind(dt.date(2026, 11, 25)) == 1


@pytest.mark.requirement("B13")
def test_a_plan_without_a_record_is_reminded_of_and_the_record_takes_its_place(
    planned: Workspace, people: People, as_: Window
) -> None:
    assert remind(TODAY) == 1
    assert remind(TODAY) == 0
    assert told(people.rep) == ["昨天计划的沟通还没有记录：华星电子"]
    address = notices_of(people.rep).get().url
    assert "华星电子" in read(as_("rep").get("/talks/new/")).text
    assert as_("rep").post(address, VISIT).status_code == 302
    talk = Talk.objects.get()
    assert (talk.activity_id, talk.planned_date) == ("V1", dt.date(2026, 11, 20))
    assert planned.entered.read("activity")["activity_id"].to_pylist() == ["V1"]
    assert as_("rep").get(address).status_code == 404  # it is written down
    assert as_("other_manager").get(address).status_code == 404


def test_a_talk_with_the_customer_since_is_record_enough(planned: Workspace, record: Recorder) -> None:
    record()
    assert remind(TODAY) == 0
