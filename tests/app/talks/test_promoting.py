"""A chance that was heard of becomes an opportunity, and both know of each other."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from salesloop.app.talks.models import Deal
from salesloop.engine.metrics import Query, load_registry, run
from salesloop.engine.model.scope import Scope
from salesloop.engine.store import Workspace
from tests.app.company import TODAY
from tests.app.html import read
from tests.app.talks.conftest import Recorder, Window

WANTED = {"name": "门店扩建", "amount": "60000", "stage": "方案报价", "expected_close": "2026-12-20"}


def pipeline(workspace: Workspace, **how: object) -> object:
    query = Query(("open_pipeline",), start=dt.date(2026, 11, 1), end=dt.date(2026, 11, 30), **how)  # type: ignore[arg-type]
    return run(workspace, load_registry(workspace.path), query, Scope.all(), today=TODAY).one("open_pipeline")


@pytest.mark.requirement("B15")
def test_it_stands_in_the_pipeline_and_the_talk_says_what_became_of_it(
    record: Recorder, as_: Window, own: Workspace
) -> None:
    talk = record(chance="门店扩建", chance_amount="50000", chance_close="2026-12-20")
    assert pipeline(own) == 80000  # OP-4
    form = read(as_("rep").get(f"/talks/{talk.pk}/promote/"))
    assert form.one("input", name="name").attributes["value"] == "门店扩建"
    assert [option.text for option in form.one("select", name="stage").all("option")] == ["方案报价"]
    assert as_("rep").post(f"/talks/{talk.pk}/promote/", WANTED).status_code == 302
    assert pipeline(own) == 140000
    assert pipeline(own, where=("employee=E12",)) == 60000
    deal = Deal.objects.get()
    (activity,) = own.entered.read("activity").to_pylist()
    (opportunity,) = own.entered.read("opportunity").to_pylist()
    assert activity["opportunity_id"] == opportunity["opportunity_id"] == deal.opportunity_id
    assert (opportunity["source"], opportunity["created_date"]) == ("客户沟通", dt.date(2026, 11, 20))
    assert "门店扩建" in read(as_("manager").get("/customers/timeline/C1/")).text

    lost = WANTED | {"status": "lost", "closed_on": "2026-11-21", "lost_reason": "价格"}
    assert as_("rep").post(f"/talks/{talk.pk}/deal/", lost).status_code == 302
    assert pipeline(own) == 80000
    assert "输单 2026-11-21 · 价格" in read(as_("manager").get(f"/talks/{talk.pk}/")).text


def test_it_is_promoted_once(record: Recorder, as_: Window) -> None:
    talk = record()
    as_("rep").post(f"/talks/{talk.pk}/promote/", WANTED)
    again = as_("rep").post(f"/talks/{talk.pk}/promote/", WANTED)
    assert again.status_code == 302
    assert again["Location"] == f"/talks/{talk.pk}/deal/"
    assert Deal.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"status": "won", "closed_on": ""}, "请写赢单或输单的日期"),
        ({"status": "lost", "closed_on": "2026-11-21"}, "请写为什么没有赢"),
        ({"status": "won", "closed_on": "2026-11-01"}, "不能早于商机建立的日期"),
    ],
)
def test_an_end_needs_a_date_and_a_loss_its_reason(
    record: Recorder, as_: Window, changed: dict[str, str], said: str
) -> None:
    talk = record()
    as_("rep").post(f"/talks/{talk.pk}/promote/", WANTED)
    answer = as_("rep").post(f"/talks/{talk.pk}/deal/", WANTED | changed)
    assert answer.status_code == 422
    assert said in read(answer).text
    assert Deal.objects.get().status == "open"
    assert Deal.objects.get().amount == Decimal(60000)
