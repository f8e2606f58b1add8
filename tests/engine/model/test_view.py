from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesloop.engine.model.calendar import GRAINS, Calendar
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.view import View

names = st.lists(st.sampled_from(["revenue", "win_rate", "region:2", "channel"]), unique=True, max_size=3).map(tuple)
views = st.builds(
    View,
    metrics=names,
    by=names,
    grain=st.one_of(st.none(), st.sampled_from(GRAINS)),
    period=st.sampled_from(["2026-11", "FY2026-P13", "last-30-days", "2026-01-01..2026-11-21", "this-month"]),
    where=st.lists(
        st.sampled_from(["region=华东", "channel!=直销&代理", "category=A|B", "product=50% off, new", "customer=a+b"]), unique=True
    ).map(lambda texts: tuple(sorted(texts))),
    compare=st.lists(st.sampled_from(["previous", "year", "target"]), unique=True).map(tuple),
    tab=st.sampled_from(["", "rows"]),
    sort=st.sampled_from(["", "-revenue"]),
)  # fmt: skip


@given(views)
def test_a_view_survives_its_address(view: View) -> None:
    assert View.from_query(parse_qs(view.to_query())) == view


@given(views)
def test_the_address_is_canonical(view: View) -> None:
    read = View.from_query(parse_qs(view.to_query()))
    assert read.to_query() == view.to_query()


def test_defaults_are_left_out_and_the_rest_reads_well() -> None:
    view = View(metrics=("revenue", "orders"), by=("region:2",), where=("category=A|B",), compare=("year",))
    assert view.to_query() == "metrics=revenue,orders&by=region:2&where=category%3DA|B&compare=year"
    assert View().to_query() == ""


def test_filters_have_no_order() -> None:
    assert View(where=("b=2", "a=1", "a=1")).to_query() == View(where=("a=1", "b=2")).to_query()


def test_parameters_of_others_and_empty_ones_are_ignored() -> None:
    assert View.from_query({"page": "2", "grain": "", "where": [""], "metrics": "revenue"}) == View(
        metrics=("revenue",)
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("grain", "hour"), ("compare", "yesterday"), ("metrics", "revenue;drop"), ("by", "region:9"), ("period", "soon")],
)
def test_a_wrong_parameter_is_named(name: str, value: str) -> None:
    with pytest.raises(UserError) as refused:
        View.from_query({name: value})
    assert value in refused.value.text("en")


def test_the_days_of_a_view() -> None:
    days = View(period="2026-Q4").range(Calendar(), dt.date(2026, 11, 21))
    assert (days.start, days.end, days.grain) == (dt.date(2026, 10, 1), dt.date(2026, 12, 31), "quarter")


def test_a_link_away_changes_one_thing_and_is_checked() -> None:
    view = View(metrics=("revenue",))
    assert view.changed(grain="month").to_query() == "metrics=revenue&grain=month"
    with pytest.raises(UserError):
        view.changed(period="soon")


def test_numbers_chosen_for_metrics_are_part_of_the_address() -> None:
    view = View.from_query({"params": ["days=60", "churn_days=30"]})
    assert view.params == ("churn_days=30", "days=60")
    assert View.from_query({"params": "days=60"}).to_query() == "params=days%3D60"
    with pytest.raises(UserError, match="days"):
        View.from_query({"params": "days=60;DROP"})
