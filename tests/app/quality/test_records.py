"""The history of one record: deliveries, changes, repairs, corrections, verdicts, samples; and what the audit log says of it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from salesloop.app.quality.models import Audit
from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.pipeline.retry import retry_quarantine
from salesloop.engine.store import Workspace
from tests.app.company import NOW
from tests.app.html import read

Window = Callable[[str], Client]
K3 = "/quality/records/customer/?key=%7B%22customer_id%22%3A%20%22K3%22%7D"
HEAD = ["客户编码", "客户名称", "业务员工号", "电话", "年营业额"]


@pytest.fixture(scope="module")
def lived(flawed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """K3 comes again with another name and a turnover that nobody can read; somebody then puts it right."""
    folder = Path(shutil.copytree(flawed, tmp_path_factory.mktemp("lived") / "company"))
    workspace = Workspace.open(folder)
    file = folder.parent / "客户更新.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        others = [[f"K{n}", f"客户{n}号", "E13", "", f"{n}0万"] for n in range(5, 12)]
        csv.writer(out).writerows([HEAD, ["K3", "独一无二商行（新）", "E12", "13800138003", "很多"], *others])
    report = import_files(workspace, [ImportRequest(file, entity="customer")], now=NOW)
    corrections = {2: {"年营业额": "120万"}}
    retry_quarantine(workspace, report.batches[0].batch_id, now=NOW, corrections=corrections)
    return folder


@pytest.fixture(autouse=True)
def _lived(lived: Path, _flawed: None, settings: LazySettings) -> None:
    settings.WORKSPACE = lived


@pytest.mark.requirement("B21", "C03")
def test_everything_known_of_a_record_stands_on_one_page(as_: Window) -> None:
    window = as_("admin")
    window.post("/quality/audits/new/", {"entity": "customer", "size": "100", "stratum": ""})
    audit = Audit.objects.get()
    sample = audit.samples.get(key={"customer_id": "K3"})
    form = {f"true:{name}": value for name, value in (sample.values | {"phone": "13900139000"}).items()}
    window.post(f"/quality/audits/{audit.pk}/compare/{sample.place}/", form)
    page = read(window.get(K3))
    steps = [step.text for step in page.one("ol", class_="record-steps").all("li")]
    told = "\n".join(steps)
    assert "与证据不同 电话：13900139000" in told
    assert "被抽查 孙浩" in told
    assert "年营业额 人工改正 很多 → 120万" in told
    assert "年营业额 读不懂 「很多」" in told
    assert "客户名称 改变 独一无二商行 → 独一无二商行(新)" in told
    assert any(step.startswith("送达 客户.csv · 第 4 行") for step in steps)
    assert steps.index(next(s for s in steps if "人工改正" in s)) < steps.index(
        next(s for s in steps if "客户.csv" in s)
    )
    (trail,) = (link.attributes["href"] for link in page.all("a") if link.text == "操作记录里与它有关的")
    log = read(window.get(trail))
    assert "抽查了记录" in log.text
    assert "登录" not in log.one("table").text


@pytest.mark.requirement("B21")
def test_the_audit_log_can_be_narrowed_to_one_object(as_: Window) -> None:
    window = as_("admin")
    for _ in range(2):
        window.post("/quality/audits/new/", {"entity": "customer", "size": "1", "stratum": ""})
    first, second = Audit.objects.order_by("id")
    rows = read(window.get(f"/admin/audit/?object=quality.audit:{first.pk}")).one("table").rows[1:]
    assert [row[3] for row in rows] == [f"customer #{first.pk}"]
    assert f"customer #{second.pk}" not in str(rows)
    assert "没有符合条件" in read(window.get("/admin/audit/?object=quality.audit:0")).text


def test_the_page_of_a_customer_leads_to_its_history(as_: Window) -> None:
    links = [link for link in read(as_("rep").get("/customers/of/K3/")).all("a") if link.text == "记录的来龙去脉"]
    assert as_("rep").get(links[0].attributes["href"]).status_code == 200


def test_only_whoever_answers_for_a_record_sees_its_history(as_: Window) -> None:
    assert as_("rep").get(K3).status_code == 200, "张伟 owns it"
    assert as_("other_manager").get(K3).status_code == 404
    assert as_("outsider").get(K3).status_code == 404
    assert as_("nobody").get(K3).status_code == 302
    assert as_("steward").post(K3).status_code == 405


@pytest.mark.parametrize(
    "address", ["customer/", "customer/?key=K3", "customer/?key={}", "customer/?key=[1]", "nonsense/?key={}"]
)
def test_no_such_record(as_: Window, address: str) -> None:
    assert as_("steward").get(f"/quality/records/{address}").status_code == 404
