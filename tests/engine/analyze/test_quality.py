"""What people mend, how sources, departments and people score, samples, and coverage: of a company counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesloop.engine.analyze.quality import Judged, judged
from salesloop.engine.analyze.quality.coverage import coverage_rate, field_coverage, metric_coverage
from salesloop.engine.analyze.quality.mend import Chosen, count_to_mend, to_mend, total_to_mend
from salesloop.engine.analyze.quality.sampling import accuracy, draw, needed
from salesloop.engine.analyze.quality.scores import Tally, overall, scores
from salesloop.engine.analyze.quality.standing import standing
from salesloop.engine.metrics.registry import load_registry
from salesloop.engine.model.scope import Scope
from salesloop.engine.store import Workspace
from tests.engine.analyze.judged_company import AT, make

ALL = Scope.all()


def rep(*employees: str) -> Scope:
    return Scope(employees=frozenset(employees))


def manager(*units: str, people: tuple[str, ...] = ()) -> Scope:
    return Scope(org_units=frozenset(units), employees=frozenset(people))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make(tmp_path_factory.mktemp("judged") / "company")


EVERY = Chosen()


def orders(of: Judged, chosen: Chosen = EVERY, **page: int) -> dict[str, set[str]]:
    return {row.key["order_id"]: set(row.checks) for row in to_mend(of, chosen, **page) if row.entity == "order_line"}


@pytest.mark.requirement("C07")
def test_each_person_has_a_list_of_their_own_records_to_mend(workspace: Workspace) -> None:
    assert orders(judged(workspace, rep("E1"))) == {"2": {"entered_in_time"}, "3": {"customer_id_known"}}
    assert orders(judged(workspace, rep("E2"))) == {"4": {"discount_in_range"}, "5": {"quantity_present"}}
    assert set(orders(judged(workspace, manager("S", people=("E3",))))) == {"7", "9"}
    assert orders(judged(workspace, Scope.none())) == {}
    everything = orders(judged(workspace, ALL))
    assert everything == {
        "2": {"entered_in_time"},
        "3": {"customer_id_known"},
        "4": {"discount_in_range"},
        "5": {"quantity_present"},
        "7": {"customer_id_known", "amount_sign"},
        "9": {"price_not_negative"},
        "10": {"rate_known"},  # nobody owns it: only who sees everything is told
    }


def test_the_gravest_records_come_first_and_say_where_they_come_from(workspace: Workspace) -> None:
    of = judged(workspace, ALL)
    first, second = to_mend(of, Chosen(entity="order_line"), limit=2)
    assert (first.key["order_id"], first.employee_id, first.source, first.file, first.row) == (
        "4",
        "E2",
        "erp",
        "erp.csv",
        5,
    )
    assert second.key["order_id"] == "7"  # two warnings before one
    rest = to_mend(of, Chosen(entity="order_line"), limit=50, offset=2)
    assert {row.key["order_id"] for row in rest} == {"2", "3", "5", "9", "10"}


def test_lists_can_be_narrowed(workspace: Workspace) -> None:
    of = judged(workspace, ALL)
    assert set(orders(of, Chosen(source="shop"))) == {"7", "9", "10"}
    assert set(orders(of, Chosen(check="customer_id_known"))) == {"3", "7"}
    assert set(orders(of, Chosen(employee="E1"))) == {"2", "3"}
    assert set(orders(of, Chosen(org_unit="S"))) == {"7", "9"}
    assert count_to_mend(of, Chosen(source="shop"))["order_line", "customer_id_known"] == 1
    assert total_to_mend(of, Chosen(entity="order_line")) == {"order_line": 7}


_people = st.frozensets(st.sampled_from(["E1", "E2", "E3"]))
_units = st.frozensets(st.sampled_from(["N", "S"]))


@settings(max_examples=8)
@given(employees=_people, more=_people, units=_units, more_units=_units)
def test_a_wider_scope_never_shows_less(
    workspace: Workspace,
    employees: frozenset[str],
    more: frozenset[str],
    units: frozenset[str],
    more_units: frozenset[str],
) -> None:
    """A representative's list is part of the manager's: the same for any two scopes of which one is within the other."""
    narrow, wide = Scope(False, units, employees), Scope(False, units | more_units, employees | more)
    assert (
        set(orders(judged(workspace, narrow)))
        <= set(orders(judged(workspace, wide)))
        <= set(orders(judged(workspace, ALL)))
    )


@pytest.mark.requirement("C08")
def test_scores_by_source(workspace: Workspace) -> None:
    found = {score.id: score.tally for score in scores(judged(workspace, ALL), "source", AT)}
    assert (found["erp"].records, found["erp"].failing_error, found["erp"].failing_warning) == (5, 1, 3)
    assert found["erp"].validity == pytest.approx(1 - (1 + 0.5 * 3) / 5)
    assert (found["erp"].entries, found["erp"].timely) == (2, 1)
    # quantity and customer by checks, order date and amount because they are required: of 20 values one is missing
    assert (found["erp"].expected, found["erp"].filled) == (20, 19)
    assert found["erp"].score == pytest.approx(0.5 * 0.5 + 0.3 * 0.95 + 0.2 * 0.5)
    assert found["shop"].validity == pytest.approx(1 - 0.5 * 3 / 5)
    assert found["shop"].timeliness is None  # no time of entry is known: its weight goes to the others
    assert found["shop"].score == pytest.approx((0.5 * 0.7 + 0.3 * 0.95) / 0.8)


@pytest.mark.requirement("C08")
def test_scores_by_department_include_those_below(workspace: Workspace) -> None:
    found = {score.id: score for score in scores(judged(workspace, ALL), "org_unit", AT)}
    orders_of = {unit: score.tally for unit, score in found.items()}
    assert found["N"].parent == "HQ"
    assert (found["N"].name, found["HQ"].name) == ("北区", "总部")
    assert orders_of["HQ"] == orders_of["N"] + orders_of["S"]
    assert (orders_of["S"].failing_warning, orders_of["S"].failing_error) == (2, 0)
    assert {score.id for score in scores(judged(workspace, manager("S")), "org_unit", AT)} == {"S"}


@pytest.mark.requirement("C07")
def test_scores_by_person_the_worst_first(workspace: Workspace) -> None:
    found = scores(judged(workspace, ALL), "employee", AT)
    tallies = {score.id: score.tally for score in found}
    assert (tallies["E1"].records, tallies["E1"].failing_warning) == (3, 2)
    assert tallies["E2"].validity == pytest.approx(1 - 1.5 / 2)
    assert [score.name for score in found if score.id == "E2"] == ["王芳"]
    known = [score.tally.score for score in found if score.tally.score is not None]
    assert known == sorted(known)
    assert {score.id for score in scores(judged(workspace, rep("E1")), "employee", AT)} == {"E1"}


def test_tallies_without_anything_have_no_score() -> None:
    assert Tally().score is None
    assert Tally(records=4, failing_error=4).score == 0.0
    assert Tally(records=2, entries=2, timely=2).score == 1.0


def test_the_whole_is_the_sum_of_the_sources(workspace: Workspace) -> None:
    of = judged(workspace, ALL)
    total = Tally()
    for score in scores(of, "source", AT):
        total += score.tally
    assert overall(of, AT) == total


@pytest.mark.requirement("C05")
def test_every_check_says_where_it_stands(workspace: Workspace) -> None:
    found = {(s.check.entity, s.check.check): s for s in standing(judged(workspace, ALL), AT)}
    worst = next(iter(found.values()))
    assert worst.check.severity == "error"
    known = found["order_line", "customer_id_known"]
    assert (known.failed, known.checked) == (2, 9)
    assert known.share == pytest.approx(2 / 9)
    assert [share for _, share in known.history] == [pytest.approx(2 / 9)]


@pytest.mark.requirement("C06")
def test_a_sample_is_drawn_at_random_and_the_same_seed_draws_the_same(workspace: Workspace) -> None:
    of = judged(workspace, ALL)
    ids = [[one.key["order_id"] for one in draw(of, "order_line", 4, seed)] for seed in (1, 1, 2)]
    assert ids[0] == ids[1] != ids[2]
    assert len(set(ids[0])) == 4
    assert len(draw(of, "order_line", 99, 1)) == 10
    assert draw(of, "lead", 5, 1) == []
    drawn = {one.key["order_id"] for seed in range(40) for one in draw(of, "order_line", 2, seed)}
    assert len(drawn) == 10  # every record has its chance


def test_a_sample_by_source_or_person_gives_each_its_share(workspace: Workspace) -> None:
    of = judged(workspace, ALL)
    assert sorted(str(one.stratum) for one in draw(of, "order_line", 4, 1, by="source")) == [
        "erp",
        "erp",
        "shop",
        "shop",
    ]
    assert sorted(str(one.stratum) for one in draw(of, "order_line", 4, 1, by="employee")) == ["", "E1", "E2", "E3"]
    assert {one.key["order_id"] for one in draw(judged(workspace, rep("E2")), "order_line", 9, 1)} == {"4", "5"}


@pytest.mark.requirement("C06")
@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [
        (45, 50, 0.78640, 0.95652),  # (0.9 + 3.8415/100 ± 1.96 √(0.09/50 + 3.8415/10000)) ÷ (1 + 3.8415/50)
        (10, 10, 0.72246, 1.0),  # 10 ÷ (10 + 3.8415)
        (0, 10, 0.0, 0.27754),
        (1, 1, 0.20655, 1.0),
    ],
)
def test_the_accuracy_of_a_sample_has_wilsons_interval(right: int, n: int, low: float, high: float) -> None:
    found = accuracy(right, n)
    assert found.rate == right / n
    assert found.low == pytest.approx(low, abs=2e-5)
    assert found.high == pytest.approx(high, abs=2e-5)


@given(n=st.integers(1, 5_000), data=st.data())
def test_the_interval_always_holds_the_rate(n: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, n))
    found = accuracy(right, n)
    assert 0 <= found.low <= found.rate <= found.high <= 1
    mirrored = accuracy(n - right, n)
    assert found.rate == right / n
    assert found.low == pytest.approx(1 - mirrored.high)
    assert found.high == pytest.approx(1 - mirrored.low)


def test_nothing_compared_has_no_accuracy() -> None:
    for right, n in ((0, 0), (3, 2), (-1, 4)):
        with pytest.raises(ValueError, match="compared"):
            accuracy(right, n)
    assert needed(0.05) == 73  # 1.96² × 0.95 × 0.05 ÷ 0.05² = 72.99
    assert needed(0.03, expected=0.9) == 385


@pytest.mark.requirement("B16")
def test_which_fields_are_filled_and_which_metrics_can_be_computed(workspace: Workspace) -> None:
    of = judged(workspace, ALL)
    fields = {(each.entity, each.field): each for each in field_coverage(of)}
    assert (fields["order_line", "quantity"].filled, fields["order_line", "quantity"].records) == (9, 10)
    assert fields["order_line", "customer_id"].expected
    assert not fields["order_line", "store"].expected
    assert fields["order_line", "store"].rate == 0.0
    assert coverage_rate([fields["order_line", name] for name in ("quantity", "customer_id", "store")]) == 18 / 20
    metrics = {each.metric: each for each in metric_coverage(load_registry(None), list(fields.values()))}
    assert metrics["revenue"].lacking == ()
    assert metrics["revenue"].rate == 1.0
    assert any(each.lacking for each in metrics.values())
    assert {row.field: row.filled for row in field_coverage(judged(workspace, rep("E2")), entity="order_line")}[
        "quantity"
    ] == 1


def test_a_snapshot_from_before_has_nothing_to_mend(tmp_path: Path) -> None:
    fresh = Workspace.create(tmp_path / "fresh")
    assert to_mend(judged(fresh, ALL)) == []
    assert scores(judged(fresh, ALL), "source", AT) == []


def test_data_that_are_older_than_a_field_of_the_model_have_none_of_it(tmp_path: Path) -> None:
    made = make(tmp_path / "company")
    (made.path / "entities" / "order_line.yaml").write_text(
        "extend: order_line\nfields:\n  shade: {type: text, label: {zh-Hans: 色号, en: Shade}, doc: {zh-Hans: 色号, en: Shade}}\n",
        encoding="utf-8",
    )
    fields = field_coverage(judged(Workspace.open(made.path), ALL), entity="order_line")
    assert next(each for each in fields if each.field == "shade").filled == 0
