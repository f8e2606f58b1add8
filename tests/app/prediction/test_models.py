"""Saved models: every version with its back-test, who trains, which version counts, and what refuses to be learnt."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client

from salesloop.app.accounts.services import User
from salesloop.app.audit.models import Entry
from salesloop.app.jobs.worker import work_off
from salesloop.app.prediction.services import Kind, LifetimeInForce, SavedModel, lifetime_in_force, train
from salesloop.engine.model.errors import UserError
from salesloop.engine.store import Workspace
from tests.app.conftest import People
from tests.app.html import read
from tests.app.prediction.conftest import CHOICES
from tests.buyers import NOW

Window = Callable[[str], Client]
SEES = {"analyst", "steward", "executive", "admin"}
pytestmark = pytest.mark.requirement("I15")


def in_force() -> LifetimeInForce:
    found = lifetime_in_force()
    assert found is not None
    return found


@pytest.mark.parametrize("who", ["rep", "manager", *sorted(SEES), "nobody"])
def test_who_sees_models_and_who_trains(as_: Window, model: SavedModel, who: str) -> None:
    """What a model says of the whole company is for those who see the whole company."""
    window = as_(who)
    for path in ("/prediction/", f"/prediction/{model.pk}/"):
        assert window.get(path).status_code == (200 if who in SEES else 302 if who == "nobody" else 403), path
    denied = 302 if who == "nobody" else 403
    trains = who in {"analyst", "admin"}
    assert window.post(f"/prediction/{model.pk}/use/").status_code == (302 if trains else denied)
    assert window.get("/prediction/work/999/").status_code == (404 if trains else denied)
    window.post("/prediction/train/", {"kind": "lifetime", "years": "2", "yearly_discount": "8"})
    assert SavedModel.objects.count() == 1  # nothing runs before the worker takes it


def test_training_by_the_page_makes_the_next_version(
    buyers: Workspace, settings: LazySettings, transactional_db: None, as_: Window
) -> None:
    settings.WORKSPACE = buyers.path
    window = as_("analyst")
    began = window.post("/prediction/train/", {"kind": "lifetime", "years": "2", "yearly_discount": "8"})
    assert window.get(began["Location"]).status_code == 200
    work_off()
    done = window.get(began["Location"])
    saved = SavedModel.objects.get()
    assert done["Location"] == f"/prediction/{saved.pk}/"
    assert (saved.version, saved.in_force, saved.choices) == (1, True, {"years": 2.0, "yearly_discount": 0.08})
    assert (saved.snapshot, saved.trained_by) == (1, User.objects.get(login="linxiao"))
    page = read(window.get(f"/prediction/{saved.pk}/"))
    assert "模型更准" in page.text
    assert "收敛" in page.text
    assert as_("manager").get(began["Location"]).status_code == 403


@pytest.mark.parametrize("wrong", [{"years": "0"}, {"years": "abc"}, {"yearly_discount": "101"}, {"years": ""}])
def test_a_wrong_choice_is_said_beside_its_field(as_: Window, at_buyers: None, wrong: dict[str, str]) -> None:
    data = {"kind": "lifetime", "years": "3", "yearly_discount": "10"} | wrong
    answer = as_("analyst").post("/prediction/train/", data)
    assert answer.status_code == 422
    answer = as_("analyst").post("/prediction/train/", {"kind": "forecast", "metric": "no_such"})
    assert answer.status_code == 422


def test_the_newest_version_counts_until_somebody_chooses_another(
    as_: Window, people: People, model: SavedModel
) -> None:
    second = train(people.analyst, Kind.LIFETIME, "", CHOICES | {"years": 1.0}, NOW)
    model.refresh_from_db()
    assert (second.version, second.in_force, model.in_force) == (2, True, False)
    assert in_force().trained.model.years == 1.0
    answer = as_("analyst").post(f"/prediction/{model.pk}/use/", follow=True)
    assert "从现在起用第 1 版" in answer.content.decode()
    assert f"/prediction/{second.pk}/use/" in answer.content.decode()  # the way back
    assert in_force().saved == model
    entry = Entry.objects.filter(code="model.put_in_force").get()
    assert (entry.data["version"], entry.data["before"], entry.actor) == (1, 2, people.analyst)
    as_("analyst").post(f"/prediction/{model.pk}/use/")
    assert Entry.objects.filter(code="model.put_in_force").count() == 1  # it counted already
    rows = read(as_("analyst").get("/prediction/")).all("tbody")[0].rows
    assert [row[0] for row in rows] == ["v2", "v1 在用"]


def test_too_few_customers_are_refused_and_the_old_version_stays(
    as_: Window, model: SavedModel, company: Workspace, settings: LazySettings
) -> None:
    """The company of the other tests has ten orders."""
    settings.WORKSPACE = company.path
    with pytest.raises(UserError) as error:
        train(None, Kind.LIFETIME, "", CHOICES, NOW)
    assert error.value.key in ("too_few", "too_short")
    assert SavedModel.objects.get().in_force


def test_a_refusal_is_told_on_the_page(as_: Window, transactional_db: None) -> None:
    window = as_("analyst")
    began = window.post("/prediction/train/", {"kind": "forecast", "metric": "revenue"})
    work_off()
    answer = window.get(began["Location"])
    assert answer.status_code == 422
    assert "至少要 25 个" in answer.content.decode()
    assert not SavedModel.objects.exists()


def test_a_metric_is_forecast_with_its_back_test(as_: Window, model: SavedModel, people: People) -> None:
    with pytest.raises(UserError) as error:  # the buyers' orders begin two years ago: no second year to check against
        train(people.analyst, Kind.FORECAST, "revenue", {}, NOW)
    assert error.value.key == "too_few_months"


def test_the_api_gives_models_to_those_who_may_see_them(as_: Window, model: SavedModel) -> None:
    found = as_("analyst").get("/api/v1/models").json()["items"]
    assert [(one["kind"], one["version"], one["in_force"], one["trained_by"]) for one in found] == [
        ("lifetime", 1, True, None)
    ]
    assert found[0]["document"]["back_test"]["purchases"]["error"] == model.error
    assert as_("manager").get("/api/v1/models").status_code == 403
    assert as_("nobody").get("/api/v1/models").status_code == 401
