"""Records that a steward accepted or returned: what counts, what does not, and when they are judged anew."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from salesloop.engine.analyze.quality import Judged, judged
from salesloop.engine.analyze.quality.mend import Chosen, MendRow, count_to_mend, to_mend, total_to_mend
from salesloop.engine.analyze.quality.scores import overall
from salesloop.engine.analyze.quality.standing import Standing, standing
from salesloop.engine.analyze.quality.verdicts import Verdict, Word, publish_verdicts, verdicts_of
from salesloop.engine.model.scope import Scope
from salesloop.engine.pipeline.quality import run_quality
from salesloop.engine.store import Workspace
from tests.engine.analyze.judged_company import AT, NOW, make

ALL = Scope.all()


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("judged") / "company").path


@pytest.fixture
def workspace(company: Path, tmp_path: Path) -> Workspace:
    return Workspace.open(Path(shutil.copytree(company, tmp_path / "company")))


def record(of: Judged, order: str, state: str = "open") -> MendRow:
    (found,) = to_mend(of, Chosen(entity="order_line", key=(order, "1"), state=state))  # type: ignore[arg-type]
    return found


def say(workspace: Workspace, order: str, check: str, word: Word) -> Judged:
    """Put one more verdict in force."""
    mark = record(judged(workspace, ALL, verdicts=()), order).mark
    publish_verdicts(workspace, [*verdicts_of(workspace), Verdict("order_line", (order, "1"), check, word, mark)])
    return judged(workspace, ALL)


def orders(of: Judged, state: str = "open") -> list[str]:
    found = to_mend(of, Chosen(entity="order_line", state=state))  # type: ignore[arg-type]
    return [row.key["order_id"] for row in found]


def stands(of: Judged, check: str) -> Standing:
    return next(each for each in standing(of, AT) if each.check.check == check and each.check.entity == "order_line")


@pytest.mark.requirement("C03")
def test_an_accepted_record_leaves_the_list_the_counts_and_the_score(workspace: Workspace) -> None:
    before, was = judged(workspace, ALL), stands(judged(workspace, ALL), "discount_in_range")
    of = say(workspace, "4", "discount_in_range", "accepted")
    assert "4" not in orders(of)
    assert orders(of, "accepted") == ["4"]
    assert ("order_line", "discount_in_range") not in count_to_mend(of)
    assert total_to_mend(of)["order_line"] == total_to_mend(before)["order_line"] - 1
    assert overall(of, AT).failing_error == overall(before, AT).failing_error - 1
    now = stands(of, "discount_in_range")
    assert (now.failed, now.accepted) == (was.failed - 1, 1)


def test_one_check_accepted_leaves_the_other(workspace: Workspace) -> None:
    of = say(workspace, "7", "customer_id_known", "accepted")
    assert record(of, "7").checks == ("amount_sign",)
    assert record(of, "7", "accepted").checks == ("customer_id_known",)


def test_returned_records_stay_and_come_first(workspace: Workspace) -> None:
    of = say(workspace, "5", "quantity_present", "rejected")
    assert orders(of)[0] == "5"
    assert orders(of, "rejected") == ["5"]
    assert total_to_mend(of) == total_to_mend(judged(workspace, ALL, verdicts=()))


@pytest.mark.parametrize("word", ["accepted", "rejected"])
def test_a_record_that_changes_is_judged_anew(workspace: Workspace, word: Word) -> None:
    say(workspace, "4", "discount_in_range", word)
    with workspace.writing(NOW, "a later delivery") as building:
        building.con.execute("UPDATE order_line SET discount = 1.6 WHERE order_id = '4'")
    run_quality(workspace, NOW)
    of = judged(workspace, ALL)
    assert record(of, "4").checks == ("discount_in_range",)
    assert orders(of, word) == []
    with workspace.writing(NOW, "as it was") as building:
        building.con.execute("UPDATE order_line SET discount = 1.5 WHERE order_id = '4'")
    run_quality(workspace, NOW)
    assert orders(judged(workspace, ALL), word) == ["4"]


def test_words_on_what_is_gone_say_nothing(workspace: Workspace) -> None:
    gone = [
        Verdict("order_line", ("404", "1"), "amount_sign", "accepted", "x"),
        Verdict("order_line", ("7", "1"), "no_such_check", "accepted", "x"),
        Verdict("no_such_entity", ("7",), "amount_sign", "accepted", "x"),
    ]
    publish_verdicts(workspace, gone)
    assert total_to_mend(judged(workspace, ALL)) == total_to_mend(judged(workspace, ALL, verdicts=()))


def test_whose_record_it_is_counts_for_accepted_ones_too(workspace: Workspace) -> None:
    say(workspace, "4", "discount_in_range", "accepted")
    assert orders(judged(workspace, Scope(employees=frozenset(["E2"]))), "accepted") == ["4"]
    assert orders(judged(workspace, Scope(employees=frozenset(["E1"]))), "accepted") == []
