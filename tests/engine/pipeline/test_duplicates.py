"""The queue of possible duplicates: found after an import, asked about once, never again after a no."""

from __future__ import annotations

import datetime as dt

import pytest

from salesloop.engine.model.errors import UserError
from salesloop.engine.pipeline import undo_import
from salesloop.engine.pipeline.identity.automatic import look_and_merge
from salesloop.engine.pipeline.identity.compare import lines, side_by_side
from salesloop.engine.pipeline.identity.deciding import decide, keep, publish, take_back
from salesloop.engine.pipeline.identity.journal import FOLDER, read_history
from salesloop.engine.pipeline.identity.queue import cases_in, look, open_cases, open_table
from salesloop.engine.pipeline.quality import run_quality
from tests.engine.pipeline.conftest import NOW, Company

LATER = NOW + dt.timedelta(days=1)
CODE = "91310000MA1FL4B24E"


def customer(id_: str, name: str, **more: object) -> dict[str, object]:
    return {"customer_id": id_, "name": name, "credit_code": None, "phone": None} | more


@pytest.fixture
def found(company: Company) -> Company:
    rows = [
        customer("C1", "上海华信机械设备有限公司", phone="13800000001"),
        customer("C2", "上海華信机械设备有限公司", phone="13800000001"),
        customer("C3", "北京东方电子有限公司"),
        customer("C4", "广州南方食品股份有限公司"),
    ]
    company.deliver("a-1", "customer", rows)
    look(company.workspace, now=NOW)
    return company


def cases(company: Company) -> list[tuple[str, ...]]:
    return [case.ids for case in open_cases(company.workspace, "customer")]


def say(company: Company, verdict: str, *ids: str) -> str:
    one = decide(company.workspace, "customer", verdict, ids, by="li", now=NOW)  # type: ignore[arg-type]
    keep(company.workspace, [one])
    return one.decision_id


@pytest.mark.requirement("C02")
def test_doubles_are_found_with_their_evidence(found: Company) -> None:
    (case,) = open_cases(found.workspace, "customer")
    assert case.ids == ("C1", "C2")
    assert {(piece["field"], piece["agreement"]) for piece in case.evidence} >= {("phone", "same")}


def test_nothing_is_looked_at_twice_and_new_records_meet_the_known_ones(found: Company) -> None:
    assert look(found.workspace, now=LATER) == {}
    found.deliver("b-1", "customer", [customer("C9", "北京东方电子有限公司")])
    looked = look(found.workspace, now=LATER)["customer"]
    assert (looked.records, looked.merge + looked.ask) == (1, 1)
    assert sorted(cases(found)) == [("C1", "C2"), ("C3", "C9")]


@pytest.mark.requirement("C02")
def test_a_pair_that_was_rejected_is_never_asked_again(found: Company) -> None:
    rejected = say(found, "different", "C1", "C2")
    assert cases(found) == []
    found.deliver("b-1", "customer", [customer("C2", "上海華信机械设备有限公司", phone="13800000001", tier="A")])
    look(found.workspace, now=LATER)
    look(found.workspace, now=LATER, everything=True)
    assert cases(found) == []
    take_back(found.workspace, rejected, by="li", now=LATER)
    assert cases(found) == [("C1", "C2")]


def test_an_accepted_pair_leaves_the_queue_at_once_and_undone_it_is_back(found: Company) -> None:
    accepted = say(found, "same", "C1", "C2")
    assert cases(found) == []  # though nothing is published yet
    publish(found.workspace, NOW)
    assert cases(found) == []
    take_back(found.workspace, accepted, by="li", now=LATER)
    publish(found.workspace, LATER)
    assert cases(found) == [("C1", "C2")]


@pytest.mark.requirement("C02")
def test_equal_registration_numbers_merge_by_themselves_and_can_be_undone(company: Company) -> None:
    company.deliver(
        "a-1",
        "customer",
        [
            customer("C1", "上海华信机械设备有限公司", credit_code=CODE),
            customer("C2", "上海华信机械有限公司", credit_code=CODE),
        ],
    )
    _, merged = look_and_merge(company.workspace, now=NOW)
    assert (merged, len(company.rows("customer", "customer_id"))) == (1, 1)
    (decision,) = read_history(company.workspace).decisions
    assert (decision.automatic, decision.ids) == (True, ("C1", "C2"))
    take_back(company.workspace, decision.decision_id, by="li", now=LATER)
    publish(company.workspace, LATER)
    assert len(company.rows("customer", "customer_id")) == 2
    assert (
        look_and_merge(company.workspace, now=LATER, everything=True)[1] == 0
    )  # taken back by a person: it is not merged again


@pytest.mark.requirement("C02")
def test_merged_records_no_longer_fail_the_check_of_repeated_numbers(company: Company) -> None:
    company.deliver("a-1", "customer", [customer(n, f"客户{n}", credit_code=CODE) for n in ("C1", "C2")])
    run_quality(company.workspace, NOW)

    def repeated() -> int:
        (row,) = company.workspace.current().rows(
            "SELECT arg_max(failed, checked_at) AS failed FROM ledger.quality "
            "WHERE entity = 'customer' AND check_name = 'credit_code_unique'"
        )
        return int(row["failed"])

    assert repeated() == 1
    decision = say(company, "same", "C1", "C2")
    publish(company.workspace, NOW + dt.timedelta(hours=1))
    assert repeated() == 0
    take_back(company.workspace, decision, by="li", now=LATER)
    publish(company.workspace, LATER)
    assert repeated() == 1


def test_a_company_may_forbid_automatic_merges(company: Company) -> None:
    (company.workspace.path / "standards" / "identity.yaml").write_text("automatic: never\n")
    company.deliver(
        "a-1", "customer", [customer(n, "上海华信机械设备有限公司", credit_code=CODE) for n in ("C1", "C2")]
    )
    assert look_and_merge(company.workspace, now=NOW)[1] == 0
    assert cases(company) == [("C1", "C2")]


def test_rules_of_survivorship_are_the_companys_own(company: Company) -> None:
    company.deliver("a-1", "customer", [customer("C1", "华信机械", phone="1", tier="A")], primary=True)
    company.deliver_all("b-1", {"customer": [customer("C2", "华信机械设备", phone="2", tier="B")]}, received=LATER)
    say(company, "same", "C1", "C2")
    publish(company.workspace, NOW)
    assert company.rows("customer", "name", "phone", "tier") == [("华信机械", "2", "B")]
    (company.workspace.path / "standards" / "identity.yaml").write_text(
        "fields: {name: [longest], phone: [survivor]}\n", encoding="utf-8"
    )
    company.deliver("c-1", "product", [{"product_id": "P1", "name": "扳手"}])  # no change of customers
    undo_import(company.workspace, "c-1", LATER)
    assert company.rows("customer", "name", "phone", "tier") == [("华信机械设备", "1", "B")]


def test_wrong_rules_are_refused_by_name(company: Company) -> None:
    (company.workspace.path / "standards" / "identity.yaml").write_text("rules: [newest]\n")
    company.deliver("a-1", "customer", [customer("C1", "甲")])
    with pytest.raises(UserError, match=r"standards/identity.yaml"):
        look_and_merge(company.workspace, now=NOW)


def test_records_stand_side_by_side_with_what_they_gave(found: Company) -> None:
    found.deliver("b-1", "customer", [customer("C2", "上海華信机械设备有限公司", phone="13800000002", tier="A")])
    order = {"order_id": "O1", "line_no": 1, "order_date": NOW.date(), "customer_id": "C2", "amount": 5}
    found.deliver("o-1", "order_line", [order])
    sides = side_by_side(found.workspace, "customer", ["C2", "C1"])
    assert [(side.id, side.file, dict(side.used)) for side in sides] == [
        ("C2", "b-1.csv", {"order_line": 1}),
        ("C1", "a-1.csv", {}),
    ]
    entity = found.workspace.model.entity("customer")
    assert {line.field for line in lines(entity, sides) if line.differs} == {"name", "phone"}
    say(found, "same", "C1", "C2")
    publish(found.workspace, NOW)
    merged = {side.id: side for side in side_by_side(found.workspace, "customer", ["C1", "C2"])}
    assert merged["C2"].canonical_id == "C1"
    assert {"phone", "tier"} <= set(merged["C2"].gave)
    assert "name" in merged["C1"].gave


def test_a_torn_line_of_the_journal_was_never_said(found: Company) -> None:
    say(found, "same", "C1", "C2")
    journal = found.workspace.state / FOLDER / "decisions.jsonl"
    with journal.open("ab") as file:
        file.write(b'{"entity": "customer", "verdi')
    assert len(read_history(found.workspace).decisions) == 1
    say(found, "different", "C3", "C4")
    assert [one.verdict for one in read_history(found.workspace).decisions] == ["same", "different"]


def standard(company: Company, text: str) -> None:
    folder = company.workspace.path / "standards"
    folder.mkdir(exist_ok=True)
    (folder / "identity.yaml").write_text(text, "utf-8")


@pytest.mark.requirement("C02")
def test_thresholds_of_the_workspace_hold_from_the_next_look_on(found: Company) -> None:
    (case,) = open_cases(found.workspace, "customer")
    assert case.asked == "merge"
    standard(found, f"thresholds: {{customer: {{merge: 1.0, ask: {case.score - 0.001:.6f}}}}}")
    assert look(found.workspace, now=LATER)["customer"].records == 4, "all records are matched anew"
    assert [(each.ids, each.asked) for each in open_cases(found.workspace, "customer")] == [(("C1", "C2"), "ask")]
    assert look(found.workspace, now=LATER) == {}, "once"


@pytest.mark.parametrize(
    "text",
    [
        "thresholds: {customer: {merge: 0.2, ask: 0.9}}",
        "thresholds: {customer: {merge: 3}}",
        "thresholds: {customer: {sure: 0.9}}",
        "thresholds: {nonsense: {merge: 0.9}}",
        "thresholds: [0.9]",
        "thresholds: {customer: 0.9}",
        "- thresholds",
    ],
)
def test_thresholds_that_make_no_sense_are_refused(found: Company, text: str) -> None:
    standard(found, text)
    with pytest.raises(UserError, match="合并规则文件有错"):
        look(found.workspace, now=LATER)


def test_cases_of_many_pairs_are_grouped_and_ordered(company: Company) -> None:
    """Three branches with one registration number are one group; a pair that only may be the same is asked about after it."""
    rows = [customer(f"C{n}", "上海华信机械设备有限公司", phone=f"1380000000{n}", credit_code=CODE) for n in (1, 2, 3)]
    rows += [customer("D1", "成都天府软件有限公司"), customer("D2", "成都天府软件技术有限公司")]
    company.deliver("a-1", "customer", rows)
    look(company.workspace, now=NOW)
    found = open_cases(company.workspace, "customer")
    assert found[0].ids == ("C1", "C2", "C3")
    assert [case.asked for case in found] == ["merge", *["ask"] * (len(found) - 1)]
    assert found[0].evidence
    table = open_table(company.workspace, "customer")
    assert cases_in(table.slice(0, 1), "customer") == found[:1]
