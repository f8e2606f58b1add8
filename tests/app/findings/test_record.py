"""The same trouble is one finding for life: added, updated, quiet, opened again."""

from __future__ import annotations

import datetime as dt

import pytest

from salesloop.app.findings import services
from salesloop.app.findings.services import Finding, State
from tests.app.findings.drafts import EAST, NOW, SOUTH, ZHANG, draft, raised

RAN = ["revenue-below-season"]
LATER = NOW + dt.timedelta(days=1)


@pytest.mark.requirement("L01", "A02")
def test_raised_again_it_is_updated_and_not_doubled():
    raised(draft())
    recorded = services.record([draft(observed=30000.0)], 2, LATER, RAN)
    assert (len(recorded.new), len(recorded.updated)) == (0, 1)
    finding = Finding.objects.get()
    assert (finding.times, finding.observed, finding.snapshot) == (2, 30000.0, 2)
    assert (finding.raised_at, finding.seen_at) == (NOW, LATER)


def test_another_slice_is_another_finding():
    raised(draft(EAST), draft(SOUTH))
    assert Finding.objects.count() == 2


def test_not_raised_any_more_it_is_quiet_but_stays():
    (finding,) = raised(draft())
    assert services.record([], 2, LATER, RAN).quiet == [finding]
    finding.refresh_from_db()
    assert (finding.still_raised, finding.state) == (False, State.OPEN)


def test_a_rule_that_did_not_run_quiets_nothing():
    (finding,) = raised(draft())
    services.record([], 2, LATER, ran=["another-rule"])
    finding.refresh_from_db()
    assert finding.still_raised


def test_a_closed_one_that_comes_back_is_opened_again():
    (finding,) = raised(draft())
    services.close(finding, "见效", NOW)
    services.record([], 2, LATER, RAN)
    recorded = services.record([draft()], 3, LATER, RAN)
    finding.refresh_from_db()
    assert recorded.reopened == [finding]
    assert (finding.state, finding.reopened, finding.closed_at) == (State.OPEN, 1, None)


def test_a_closed_one_still_raised_the_next_day_stays_closed():
    """A measured effect is not undone because the month's number is still low on the next morning."""
    (finding,) = raised(draft())
    services.close(finding, "见效", NOW)
    services.record([draft()], 2, LATER, RAN)
    finding.refresh_from_db()
    assert finding.state == State.CLOSED


def test_a_dismissed_one_stays_dismissed(people):
    (finding,) = raised(draft())
    services.dismiss(people.manager, finding, "已知的停产", NOW)
    services.record([draft()], 2, LATER, RAN)
    finding.refresh_from_db()
    assert (finding.state, finding.reason) == (State.DISMISSED, "已知的停产")


def test_the_one_responsible_hears_of_it_once(people):
    raised(draft(ZHANG))
    services.record([draft(ZHANG)], 2, LATER, RAN)
    told = people.manager.notices.all()
    assert [str(notice) for notice in told] == ["新发现：张伟销售额比预期低 20.0%"]
    assert people.other_manager.notices.count() == 0
