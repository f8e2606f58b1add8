"""A correction made on the page is right in the next, different file, and the page says from where it knows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from salesloop.app.data.models import Draft
from salesloop.engine.store import Workspace
from tests.app.data.conftest import HEADER, ORDERS, csv_file, page, upload
from tests.app.data.test_import import answers

Window = Callable[[str], Client]
Work = Callable[[], None]


@pytest.mark.requirement("B01")
def test_a_correction_on_the_page_holds_for_another_header(as_: Window, own: Workspace, work: Work) -> None:
    client = as_("analyst")
    address = upload(client, csv_file("补录.csv", [HEADER, *ORDERS]))
    work()
    corrected = answers(Draft.objects.get(), 备用="order_line.cost") | {"name": "补录订单"}
    client.post(f"{address}tables/0/", corrected)
    for step in ("preview", "run"):
        client.post(f"{address}{step}/")
        work()
    other = [HEADER[0], "备用", *(name for name in HEADER[1:] if name != "备用"), "摘要"]
    rows = [[{**dict(zip(HEADER, row, strict=True)), "摘要": "无"}[name] for name in other] for row in ORDERS]
    address = upload(client, csv_file("另一份导出.csv", [other, *rows]))
    work()
    draft = Draft.objects.latest("pk")
    column = next(one for one in draft.tables[0]["columns"] if one["name"] == "备用")
    assert (column["fields"], draft.tables[0]["saved"]) == (["order_line.cost"], None)
    assert "从人工更正中学到（补录订单 · " in page(client, address)
    assert (own.path / "sources" / "learnt" / "order_line.yaml").is_file()


def test_totals_by_month_that_may_be_anything_are_explained(as_: Window, work: Work) -> None:
    client = as_("analyst")
    months = [f"{month}月" for month in range(1, 13)]
    rows = [[area, *map(str, range(12))] for area in ("华东", "华南", "华北")]
    address = upload(client, csv_file("各区域销售额2025.csv", [["区域", *months], *rows]))
    work()
    assert Draft.objects.latest("pk").tables[0]["choice"] == "skip"
    assert "不是逐笔记录" in page(client, address)
