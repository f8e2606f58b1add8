"""What each department supplies and uses, and which keys do not join; counted by hand from the small company.

Its orders name five customers and two products, of which no list was delivered but the four customers K1 to K4; all its people are
listed. 上海一部 (of 华东大区) has the orders of 张伟 and 王芳, 华南大区 those of 刘洋.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from salesloop.app.quality.departments import Sharing
from tests.app.html import read

Window = Callable[[str], Client]


def page(window: Client, query: str = "") -> Sharing:
    answer = window.get(f"/quality/sharing/{query}")
    assert answer.status_code == 200
    found = answer.context["sharing"]
    assert isinstance(found, Sharing)
    return found


@pytest.mark.requirement("B20")
def test_departments_with_what_they_supply_and_use(as_: Window) -> None:
    found = page(as_("analyst"))
    names = {one.name: one for one in found.departments}
    assert next(one.name for one in found.departments) == "全国"
    assert names["全国"].records == names["华东大区"].records + names["华南大区"].records
    orders = {one.source: one for one in found.supplied if one.entity == "订单明细"}
    assert orders["订单"].records == 10
    assert names["上海一部"].used == [0.0, 0.0, 1.0], "customers and products are only mentioned, people are listed"


@pytest.mark.requirement("B20")
def test_keys_that_lead_to_no_delivered_record_are_named(as_: Window) -> None:
    found = {(one.entity, one.target): one for one in page(as_("analyst")).joined}
    customers = found["订单明细", "customer"]
    assert (customers.given, customers.share, customers.mentioned, customers.lost) == (10, 0.0, 10, 0)
    assert customers.lacking[0] == ("C1", 3)
    assert found["订单明细", "employee"].share == 1.0
    shown = read(as_("steward").get("/quality/sharing/"))
    assert "10 条只在单据里提到" in shown.text
    assert [link.attributes["href"] for link in shown.all("a") if link.text == "重复记录"] == ["/data/duplicates/"]


@pytest.mark.requirement("B20")
def test_one_department_alone(as_: Window) -> None:
    found = page(as_("analyst"), "?unit=D2")
    assert found.chosen is not None
    assert found.chosen.name == "华南大区"
    assert [one.records for one in found.supplied if one.entity == "订单明细"] == [2]
    assert as_("analyst").get("/quality/sharing/?unit=nowhere").status_code == 404


def test_a_manager_sees_their_own_departments_alone(as_: Window) -> None:
    found = page(as_("other_manager"))
    assert [one.name for one in found.departments] == ["华南大区"]
    assert [one.records for one in found.supplied if one.entity == "订单明细"] == [2]
    assert as_("other_manager").get("/quality/sharing/?unit=D1").status_code == 404
    shown = read(as_("other_manager").get("/quality/sharing/"))
    assert [link for link in shown.all("a") if link.text == "重复记录"] == []
