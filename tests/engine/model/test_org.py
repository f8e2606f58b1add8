from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesloop.engine.model.org import OrgTree
from salesloop.engine.model.scope import Scope

D = dt.date
UNITS = ["u0", "u1", "u2", "u3", "u4"]
PEOPLE = ["p0", "p1", "p2", "p3", "p4", "p5"]
maybe_unit = st.one_of(st.none(), st.sampled_from(UNITS), st.just("unknown"))
maybe_person = st.one_of(st.none(), st.sampled_from(PEOPLE), st.just("unknown"))
organisations = st.builds(
    lambda units, people: OrgTree(
        pa.table({"org_unit_id": UNITS, "parent_id": [u[0] for u in units], "manager_id": [u[1] for u in units]}),
        pa.table({"employee_id": PEOPLE, "org_unit_id": [p[0] for p in people], "manager_id": [p[1] for p in people]}),
    ),
    st.lists(st.tuples(maybe_unit, maybe_person), min_size=5, max_size=5),
    st.lists(st.tuples(maybe_unit, maybe_person), min_size=6, max_size=6),
)


def company() -> OrgTree:
    """华东 and its team 上海 under the company; 王 heads 华东, 李 heads 上海 until June and 赵 from July."""
    units = [
        ("hq", None, None, "总公司", None, "zhou"),
        ("east", None, None, "华东", "hq", "wang"),
        ("north", None, None, "华北", "hq", "qian"),
        ("shanghai", None, D(2026, 6, 30), "上海", "east", "li"),
        ("shanghai", D(2026, 7, 1), None, "上海", "east", "zhao"),
    ]
    people = [
        ("zhou", None, None, "周", "hq", None),
        ("wang", None, None, "王", "east", "zhou"),
        ("qian", None, None, "钱", "north", "zhou"),
        ("li", None, None, "李", "shanghai", "wang"),
        ("zhao", None, None, "赵", "shanghai", "wang"),
        ("sun", None, D(2026, 3, 31), "孙", "shanghai", "li"),
        ("sun", D(2026, 4, 1), None, "孙", "north", "qian"),
    ]
    names = ["valid_from", "valid_to", "name"]
    return OrgTree(
        pa.Table.from_pylist([dict(zip(["org_unit_id", *names, "parent_id", "manager_id"], u, strict=True)) for u in units]),
        pa.Table.from_pylist([dict(zip(["employee_id", *names, "org_unit_id", "manager_id"], p, strict=True)) for p in people]),
    )  # fmt: skip


def test_the_unit_tree() -> None:
    tree = company()
    assert tree.descendants("hq") == {"east", "north", "shanghai"}
    assert tree.ancestors("shanghai") == ("east", "hq")
    assert tree.descendants("shanghai") == frozenset()


def test_people_move_between_units() -> None:
    tree = company()
    assert (tree.unit_of("sun", D(2026, 3, 31)), tree.unit_of("sun", D(2026, 4, 1))) == ("shanghai", "north")
    assert tree.members("east", D(2026, 3, 1)) == {"wang", "li", "zhao", "sun"}
    assert tree.members("east", D(2026, 5, 1)) == {"wang", "li", "zhao"}


def test_the_reporting_line_is_transitive_and_dated() -> None:
    tree = company()
    assert tree.reports("wang", D(2026, 3, 1)) == {"li", "zhao", "sun"}
    assert tree.reports("wang", D(2026, 5, 1)) == {"li", "zhao"}
    assert tree.reports("sun") == frozenset()


@pytest.mark.requirement("A04")
def test_a_manager_sees_people_below_and_the_units_they_manage() -> None:
    tree = company()
    assert tree.scope_of_employee("sun") == Scope(employees=frozenset({"sun"}))
    assert tree.scope_of_manager("sun") == Scope(employees=frozenset({"sun"}))
    assert tree.scope_of_manager("li", D(2026, 5, 1)) == Scope(
        org_units=frozenset({"shanghai"}), employees=frozenset({"li", "zhao"})
    )
    assert tree.scope_of_manager("li", D(2026, 7, 1)) == Scope(employees=frozenset({"li"}))
    assert tree.scope_of_manager("wang", D(2026, 7, 1)) == Scope(
        org_units=frozenset({"east", "shanghai"}), employees=frozenset({"wang", "li", "zhao"})
    )
    assert tree.scope_of_manager("zhou").employees == {"zhou", "wang", "qian", "li", "zhao", "sun"}


def test_an_acting_head_of_a_small_team_stays_above_the_manager_around_it() -> None:
    tree = OrgTree(
        pa.table({"org_unit_id": ["hq", "a", "a1"], "parent_id": [None, "hq", "a"], "manager_id": ["ceo", "m", "ceo"]}),
        pa.table(
            {
                "employee_id": ["ceo", "m", "rep"],
                "org_unit_id": ["hq", "a", "a1"],
                "manager_id": pa.array([None, "ceo", None], pa.string()),
            }
        ),
    )
    assert "ceo" not in tree.scope_of_manager("m").employees
    assert tree.scope_of_manager("m").within(tree.scope_of_manager("ceo"))
    assert tree.warnings() == ()


@given(organisations)
def test_what_a_person_sees_lies_within_what_each_of_their_managers_sees(tree: OrgTree) -> None:
    for person in PEOPLE:
        own = tree.scope_of_manager(person)
        assert tree.scope_of_employee(person).within(own)
        for manager in tree.managers_of(person):
            assert own.within(tree.scope_of_manager(manager))


@given(organisations)
def test_nobody_stands_above_themselves_whatever_the_data_say(tree: OrgTree) -> None:
    assert all(unit not in tree.descendants(unit) and unit not in tree.ancestors(unit) for unit in UNITS)
    assert all(person not in tree.reports(person) for person in PEOPLE)


@given(organisations)
def test_the_ancestors_of_a_unit_are_those_whose_descendant_it_is(tree: OrgTree) -> None:
    for unit in UNITS:
        assert {above for above in UNITS if unit in tree.descendants(above)} == set(tree.ancestors(unit)) & set(UNITS)


def test_circles_in_the_data_are_broken_and_told() -> None:
    tree = OrgTree(
        pa.table({"org_unit_id": ["a", "b"], "name": ["甲部", "乙部"], "parent_id": ["b", "a"]}),
        pa.table({"employee_id": ["x", "y"], "name": ["张", "王"], "manager_id": ["y", "x"]}),
    )
    assert tree.ancestors("a") == ("b",)
    assert tree.reports("y") == {"x"}
    assert [message.key for message in tree.warnings()] == ["org_unit_circle", "reporting_circle"]
    assert "乙部" in tree.warnings()[0].text("zh-Hans")


def test_an_organisation_of_nobody() -> None:
    tree = OrgTree(None, None)
    assert tree.scope_of_manager("x") == Scope(employees=frozenset({"x"}))
    assert tree.unit_of("x") is None
    assert tree.members("u") == frozenset()
