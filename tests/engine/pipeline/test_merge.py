"""Records that people call the same become one: distinct counts fall, sums stay, undoing leaves no trace."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesloop.engine.metrics import Query, load_registry, run
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.scope import Scope
from salesloop.engine.pipeline import undo_import
from salesloop.engine.pipeline.identity.deciding import decide, keep, publish, take_back
from salesloop.engine.pipeline.identity.decision import Decision, groups
from salesloop.engine.store import Workspace
from tests.engine.pipeline.conftest import NOW, Company

DAY = dt.date(2026, 3, 1)
HUAXIN = {"customer_id": "C1", "name": "上海华信贸易有限公司", "industry": "贸易", "phone": None, "tier": "B"}
HUAXIN_AGAIN = {"customer_id": "C7", "name": "华信贸易", "industry": None, "phone": "021-5555", "tier": "A"}
OTHER = {"customer_id": "C2", "name": "北京东方机械厂", "industry": "机械", "phone": None, "tier": "C"}


def order(number: int, customer: str | None, amount: int = 10, **more: object) -> dict[str, object]:
    row = {"order_id": f"O{number}", "line_no": 1, "order_date": DAY, "customer_id": customer, "amount": amount}
    return row | more


def same(company: Company, *ids: str, entity: str = "customer", **more: Any) -> str:
    decision = decide(company.workspace, entity, "same", ids, by="li", now=NOW, **more)
    keep(company.workspace, [decision])
    publish(company.workspace, NOW)
    return decision.decision_id


def undo(company: Company, decision: str) -> None:
    take_back(company.workspace, decision, by="li", now=NOW)
    publish(company.workspace, NOW)


@pytest.fixture
def huaxin(company: Company) -> Company:
    company.deliver("a-1", "customer", [HUAXIN, HUAXIN_AGAIN, OTHER])
    company.deliver(
        "b-1", "order_line", [order(1, "C1"), order(2, "C7", 20), order(3, "华信贸易", 5), order(4, "C2", 7)]
    )
    return company


@pytest.mark.requirement("C02", "B20")
def test_facts_of_both_belong_to_the_one_that_lives_on(huaxin: Company) -> None:
    same(huaxin, "C1", "C7", survivor="C1")
    assert huaxin.rows("order_line", "order_id", "customer_id", "_given_customer_id") == [
        ("O1", "C1", "C1"),
        ("O2", "C1", "C7"),
        ("O3", "C1", "华信贸易"),
        ("O4", "C2", "C2"),
    ]
    assert huaxin.rows("customer", "customer_id", "name", "industry", "phone") == [
        ("C1", "上海华信贸易有限公司", "贸易", "021-5555"),
        ("C2", "北京东方机械厂", "机械", None),
    ]


@pytest.mark.requirement("C02")
def test_distinct_customers_fall_and_sums_stay(huaxin: Company) -> None:
    registry = load_registry(huaxin.workspace.path)
    query = Query(("revenue", "orders", "active_customers"))

    def totals() -> dict[str, Any]:
        (row,) = run(huaxin.workspace, registry, query, Scope.all(), today=NOW.date()).table.to_pylist()
        return dict(row)

    before = totals()
    same(huaxin, "C1", "C7")
    after = totals()
    assert (before["active_customers"], after["active_customers"]) == (3, 2)
    assert (after["revenue"], after["orders"]) == (before["revenue"], before["orders"]) == (Decimal(42), 4)


@pytest.mark.requirement("C02")
def test_undoing_leaves_exactly_what_was_there(huaxin: Company) -> None:
    before = huaxin.tables()
    decision = same(huaxin, "C1", "C7")
    assert huaxin.tables() != before
    undo(huaxin, decision)
    assert huaxin.tables() == before


@pytest.mark.requirement("B20")
def test_every_later_import_uses_the_decision(company: Company) -> None:
    company.deliver("p-1", "product", [{"product_id": "GTX Pro", "name": "GTX Pro"}])
    mention = {"product_id": "GTXPro", "name": "GTXPro"}
    company.deliver("m-1", "product", [mention], primary=False)
    same(company, "GTXPro", "GTX Pro", entity="product", survivor="GTX Pro")
    company.deliver("o-1", "order_line", [order(1, None, product_id="GTXPro"), order(2, None, product_id="GTX Pro")])
    company.deliver("m-2", "product", [mention], primary=False)
    assert company.rows("order_line", "product_id") == [("GTX Pro",), ("GTX Pro",)]
    assert company.rows("product", "product_id") == [("GTX Pro",)]


def test_a_record_that_is_delivered_again_stays_merged_and_its_news_arrive(huaxin: Company) -> None:
    same(huaxin, "C1", "C7", survivor="C1")
    counts = huaxin.deliver("c-1", "customer", [HUAXIN_AGAIN | {"phone": "021-6666"}])
    assert counts.replaced == 1
    assert huaxin.rows("customer", "customer_id", "phone") == [("C1", "021-6666"), ("C2", None)]


def test_undoing_an_import_and_then_the_merge_leaves_what_the_others_delivered(huaxin: Company) -> None:
    undo_import(huaxin.workspace, "b-1", NOW)
    before = huaxin.tables()
    huaxin.deliver("b-1.2", "order_line", [order(1, "C1"), order(2, "C7", 20)])
    decision = same(huaxin, "C1", "C7")
    undo_import(huaxin.workspace, "b-1.2", NOW)
    assert len(huaxin.rows("customer", "customer_id")) == 2
    undo(huaxin, decision)
    assert huaxin.tables() == before


def test_undoing_the_import_of_the_survivor_leaves_the_other(company: Company) -> None:
    company.deliver("a-1", "customer", [HUAXIN])
    company.deliver("b-1", "customer", [HUAXIN_AGAIN])
    company.deliver("c-1", "order_line", [order(1, "C1"), order(2, "C7")])
    same(company, "C1", "C7", survivor="C1")
    undo_import(company.workspace, "a-1", NOW)
    assert company.rows("customer", "customer_id", "name") == [("C7", "华信贸易")]
    assert company.rows("order_line", "customer_id") == [("C7",), ("C7",)]


def test_a_stand_in_that_was_merged_keeps_its_place_when_the_real_record_comes(company: Company) -> None:
    company.deliver("m-1", "customer", [{"customer_id": n, "name": n} for n in ("华信", "华信贸易")], primary=False)
    company.deliver("o-1", "order_line", [order(1, "华信"), order(2, "华信贸易")])
    same(company, "华信", "华信贸易", survivor="华信贸易")
    company.deliver("a-1", "customer", [HUAXIN_AGAIN])
    assert company.rows("customer", "customer_id") == [("C7",)]
    assert company.rows("order_line", "customer_id") == [("C7",), ("C7",)]


def test_a_name_that_two_shared_is_that_of_the_one_they_became(company: Company) -> None:
    company.deliver("a-1", "customer", [HUAXIN, HUAXIN_AGAIN | {"name": HUAXIN["name"]}])
    company.deliver("m-1", "customer", [{"customer_id": HUAXIN["name"], "name": HUAXIN["name"]}], primary=False)
    company.deliver("o-1", "order_line", [order(1, str(HUAXIN["name"]))])
    assert company.rows("order_line", "customer_id") == [(HUAXIN["name"],)]
    same(company, "C1", "C7", survivor="C1")
    assert company.rows("order_line", "customer_id") == [("C1",)]
    assert company.rows("customer", "customer_id") == [("C1",)]


def test_merged_contacts_follow_their_merged_customers(company: Company) -> None:
    company.deliver("a-1", "customer", [HUAXIN, HUAXIN_AGAIN])
    contacts: list[dict[str, object]] = [
        {"contact_id": "K1", "customer_id": "C1", "name": "李强", "phone": None},
        {"contact_id": "K2", "customer_id": "C7", "name": "李 强", "phone": "138"},
    ]
    company.deliver("k-1", "contact", contacts)
    same(company, "C1", "C7", survivor="C1")
    same(company, "K2", "K1", entity="contact", survivor="K2")
    assert company.rows("contact", "contact_id", "customer_id", "name", "phone") == [("K2", "C1", "李 强", "138")]


def test_merged_employees_keep_the_versions_of_the_one_that_lives_on(company: Company) -> None:
    people: list[dict[str, object]] = [
        {"employee_id": "E1", "valid_from": dt.date(2020, 1, 1), "name": "李强", "org_unit_id": "U1"},
        {"employee_id": "E1", "valid_from": dt.date(2026, 1, 1), "name": "李强", "org_unit_id": "U2"},
        {"employee_id": "E9", "valid_from": dt.date(2020, 1, 1), "name": "LI Qiang", "org_unit_id": "U9"},
    ]
    company.deliver("e-1", "employee", people)
    company.deliver("o-1", "order_line", [order(1, None, employee_id="E9"), order(2, None, employee_id="li qiang")])
    before = company.tables()
    decision = same(company, "E1", "E9", entity="employee", survivor="E1")
    assert company.rows("employee", "employee_id", "org_unit_id") == [("E1", "U1"), ("E1", "U2")]
    assert company.rows("order_line", "employee_id", "org_unit_id") == [("E1", "U2"), ("E1", "U2")]
    undo(company, decision)
    assert company.tables() == before


def test_what_is_the_same_already_or_unknown_is_refused(huaxin: Company) -> None:
    same(huaxin, "C1", "C7")
    for ids, verdict, key in [
        (("C7", "C1"), "same", "same_already"),
        (("C1", "C7"), "different", "same_now"),
        (("C1", "C99"), "same", "no_such_record"),
        (("C1", "C1"), "same", "two_records"),
    ]:
        with pytest.raises(UserError) as refused:
            keep(huaxin.workspace, [decide(huaxin.workspace, "customer", verdict, ids, by="li", now=NOW)])  # type: ignore[arg-type]
        assert refused.value.message.key == key
    with pytest.raises(UserError) as refused:
        decide(huaxin.workspace, "order_line", "same", ("O1", "O2"), by="li", now=NOW)
    assert refused.value.message.key == "not_mergeable"


def test_going_back_to_an_older_snapshot_takes_no_decision_back(huaxin: Company) -> None:
    before = huaxin.workspace.current().number
    same(huaxin, "C1", "C7", survivor="C1")
    huaxin.workspace.rollback(before)
    assert len(huaxin.rows("customer", "customer_id")) == 3
    publish(huaxin.workspace, NOW)
    assert len(huaxin.rows("customer", "customer_id")) == 2


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Six customers with orders that name them by id and by name. Every example leaves it as it was."""
    company = Company(Workspace.create(tmp_path_factory.mktemp("company") / "ws"))
    customers = [{"customer_id": one, "name": f"客户{one[1:]}", "tier": f"T{one[1:]}"} for one in IDS]
    owners = [*IDS, "客户0", "客户3", "客户3", "C3", None, "C9"]
    lines = [order(n, owner, 10 + n) for n, owner in enumerate(owners)]
    company.deliver_all("a-1", {"customer": customers, "order_line": lines})
    return company


IDS = [f"C{n}" for n in range(6)]
merges = st.tuples(st.lists(st.sampled_from(IDS), min_size=2, max_size=3, unique=True), st.booleans())


@pytest.mark.requirement("C02")
@settings(max_examples=3)
@given(steps=st.lists(merges, min_size=1, max_size=4))
def test_any_merges_keep_the_sums_and_undoing_them_is_the_identity(
    many: Company, steps: list[tuple[list[str], bool]]
) -> None:
    before = many.tables()
    total = sum(amount for (amount,) in many.rows("order_line", "amount"))
    made: list[Decision] = []
    for ids, backwards in steps:
        if any(set(ids) <= set(group) for group in groups(one.ids for one in made)):
            continue  # they are one already, and saying so again is refused
        made.append(decide(many.workspace, "customer", "same", ids, by="li", now=NOW, survivor=ids[-backwards]))
        keep(many.workspace, made[-1:])
    publish(many.workspace, NOW)
    customers = {one for (one,) in many.rows("customer", "customer_id")}
    together = groups(ids for ids, _ in steps)
    assert len(customers) == len(IDS) - sum(len(group) - 1 for group in together)
    assert sum(amount for (amount,) in many.rows("order_line", "amount")) == total
    assert {owner for (owner,) in many.rows("order_line", "customer_id")} == customers | {None, "C9"}
    for one in made[::2] + made[1::2]:
        take_back(many.workspace, one.decision_id, by="li", now=NOW)
    publish(many.workspace, NOW)
    assert many.tables() == before
