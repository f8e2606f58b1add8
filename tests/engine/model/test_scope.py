from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesloop.engine.model.scope import Scope

names = st.frozensets(st.sampled_from("abcd"))
scopes = st.builds(Scope, st.booleans(), names, names)
owners = st.one_of(st.none(), st.sampled_from("abcde"))


@pytest.mark.requirement("A04")
@given(scopes, scopes, owners, owners)
def test_what_lies_within_shows_no_row_more(a: Scope, b: Scope, employee: str | None, unit: str | None) -> None:
    if a.within(b) and a.sees(employee, unit):
        assert b.sees(employee, unit)


@given(scopes, scopes, scopes)
def test_within_is_an_order(a: Scope, b: Scope, c: Scope) -> None:
    assert a.within(a)
    if a.within(b) and b.within(c):
        assert a.within(c)


@given(scopes)
def test_none_is_least_and_all_is_greatest(a: Scope) -> None:
    assert Scope.none().within(a)
    assert a.within(Scope.all())
    assert Scope.all().within(a) == a.everything


@given(scopes, scopes, owners, owners)
def test_a_union_shows_what_either_shows(a: Scope, b: Scope, employee: str | None, unit: str | None) -> None:
    both = a.union(b)
    assert a.within(both)
    assert b.within(both)
    assert both.sees(employee, unit) == (a.sees(employee, unit) or b.sees(employee, unit))


def test_a_row_without_owner_is_for_those_who_see_everything() -> None:
    assert not Scope(employees=frozenset({"a"}), org_units=frozenset({"b"})).sees(None, None)
    assert Scope.all().sees(None, None)
