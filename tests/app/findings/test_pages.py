"""What the pages of findings show."""

from __future__ import annotations

import pytest

from salesloop.app.findings import services
from salesloop.app.findings.models import Finding
from salesloop.app.jobs.models import Job, State
from salesloop.app.jobs.worker import work_off
from tests.app.findings.drafts import EAST, SOUTH, draft, raised


def test_the_sentence_the_cause_and_the_numbers(as_):
    (finding,) = raised(draft(EAST))
    page = as_("manager").get(f"/findings/{finding.pk}/").content.decode()
    assert "华东大区销售额比预期低 20.0%" in page
    assert "分销" in page
    assert "80.0%" in page
    assert 'href="/metrics/revenue/?metrics=revenue&amp;period=2026-11&amp;where=org_unit%3DD1"' in page
    assert "核对供货" in page


@pytest.mark.parametrize(
    ("code", "words"), [("en", "Revenue of 华东大区 is 20.0% below"), ("zh-hant", "華東大區" and "比預期低 20.0%")]
)
def test_other_languages(as_, people, code, words):
    raised(draft(EAST))
    people.manager.language = code
    people.manager.save()
    assert words in as_("manager").get("/findings/").content.decode()


def test_three_kinds_of_nothing(as_, people):
    assert "还没有发现" in as_("analyst").get("/findings/").content.decode()
    raised(draft(EAST))
    assert "没有符合条件的发现" in as_("analyst").get("/findings/?severity=info").content.decode()
    assert "这里没有待办" in as_("analyst").get("/findings/?state=closed").content.decode()


def test_assigning_tells_the_owner(as_, people):
    (finding,) = raised(draft(EAST))
    as_("analyst").post(f"/findings/{finding.pk}/assign/", {"owner": people.manager.pk})
    finding.refresh_from_db()
    assert finding.owner == people.manager
    assert "请处理：华东大区销售额比预期低 20.0%" in [str(notice) for notice in people.manager.notices.all()]


def test_the_badge_counts_what_waits(people):
    east, _ = raised(draft(EAST), draft(SOUTH))
    assert services.waiting_for(people.manager) == 1
    assert services.waiting_for(people.analyst) == 2
    assert services.waiting_for(people.rep) == 0
    services.act_on(east)
    assert services.waiting_for(people.manager) == 0


def test_running_the_rules_names_what_is_off(transactional_db, as_, company):
    """The small company has customers without more: its rules run, and those that cannot are named."""
    begun = as_("analyst").post("/findings/run/")["Location"]
    assert begun in as_("analyst").get("/findings/").content.decode(), "whoever has left the page finds it again"
    assert as_("analyst").post("/findings/run/")["Location"] == begun, "one at a time"
    work_off()
    assert "检查完成" in as_("analyst").get(begun, follow=True).content.decode()


def test_a_stopped_run_of_the_rules_records_nothing(transactional_db, as_, company):
    begun = as_("analyst").post("/findings/run/")["Location"]
    Job.objects.filter(kind="findings").update(cancel_requested=True)  # asked between the start and the first rule
    work_off()
    assert Job.objects.get(kind="findings").state == State.CANCELLED
    assert "没有记录任何发现" in as_("analyst").get(begun, follow=True).content.decode()
    assert not Finding.objects.exists()
