"""Monitors keep their stated false-alarm rate on deliveries with a weekly season and noise, and tell stated faults."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.findings.find import find
from salesloop.engine.analyze.findings.rule import load_rules
from salesloop.engine.analyze.quality import learn
from salesloop.engine.analyze.quality.monitors import MESSAGES, states
from salesloop.engine.analyze.quality.source import judged
from salesloop.engine.analyze.quality.trends import trends
from salesloop.engine.metrics.registry import load_registry
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import LANGS
from salesloop.engine.pipeline.quality import check_again
from salesloop.engine.store import Workspace
from tests.engine.analyze.deliveries import Source

NOISE = 0.1
WEEK = (0.3, 0.0, 0.05, 0.0, -0.2, -1.2, -1.6)  # the logarithm of a day's volume against the mean


def alarms_of(deliveries: int, alarm: Callable[[int, list[int]], bool | None]) -> tuple[int, int]:
    """Judge one delivery after the other, learning as in life; how many were judged, and how many raised an alarm."""
    raised: list[bool] = []
    judged_, alarmed = 0, 0
    for place in range(deliveries):
        verdict = alarm(place, learn.undisturbed(raised))
        judged_ += verdict is not None
        alarmed += bool(verdict)
        raised.append(bool(verdict))
    return judged_, alarmed


def volumes(chance: np.random.Generator, deliveries: int, level: float, season: Sequence[float]) -> list[int]:
    means = [np.log(level) + season[place % len(season)] + chance.normal(0, NOISE) for place in range(deliveries)]
    return [int(chance.poisson(np.exp(mean))) for mean in means]


@pytest.mark.requirement("C05")
@pytest.mark.parametrize("season", [WEEK, WEEK[:5], (0.0,)], ids=["every day", "working days", "once a week"])
def test_one_in_a_hundred_volumes_is_a_false_alarm(season: Sequence[float]) -> None:
    chance, judged_, alarmed = np.random.default_rng(11), 0, 0
    missed, faults = 0, 0
    for level in (200, 2_000, 50_000):
        for _ in range(7):
            rows = volumes(chance, 60, level, season)
            days = [place % len(season) for place in range(len(rows))]

            def alarm(place: int, quiet: list[int], rows: list[int] = rows, days: list[int] = days) -> bool | None:
                nonlocal missed, faults
                band = learn.volume_band([rows[p] for p in quiet], [days[p] for p in quiet], days[place])
                if band is None:
                    return None
                if place >= 30:
                    faults, missed = faults + 1, missed + band.holds(rows[place] // 2)
                return not band.holds(rows[place])

            counts = alarms_of(len(rows), alarm)
            judged_, alarmed = judged_ + counts[0], alarmed + counts[1]
    assert judged_ > 700  # of the three patterns together more than 2,000
    assert alarmed / judged_ <= 1.5 * learn.FALSE_ALARM  # 1 % allowed; two standard errors of so many deliveries more
    assert missed / faults <= 0.1  # half the rows missing is told in nine of ten deliveries


@pytest.mark.parametrize(("share", "spread"), [(0.0, None), (0.02, None), (0.02, 200), (0.3, 200)])
def test_one_in_a_hundred_deliveries_has_false_blanks(share: float, spread: float | None) -> None:
    chance, fields = np.random.default_rng(12), 8
    rows = chance.integers(100, 3_000, 600)
    ps = chance.beta(share * spread, (1 - share) * spread, (fields, 600)) if spread else np.full((fields, 600), share)
    blanks = chance.binomial(rows, ps)
    bands = 0

    def alarm(place: int, quiet: list[int]) -> bool | None:
        nonlocal bands
        found = [
            learn.blank_band(
                [int(blanks[f][p]) for p in quiet], [int(rows[p]) for p in quiet], int(rows[place]), fields
            )
            for f in range(fields)
        ]
        if found[0] is None:
            return None
        bands += sum(band is not None and band.holds(1.0) for band in found)
        return any(band is not None and not band.holds(blanks[f][place] / rows[place]) for f, band in enumerate(found))

    judged_, alarmed = alarms_of(150, alarm)
    assert judged_ == 150 - learn.ENOUGH
    assert alarmed <= 3
    assert bands == 0  # a column gone blank is always told


@pytest.mark.parametrize(("mix", "spread"), [((0.5, 0.3, 0.2), None), ((0.4, 0.3, 0.2, 0.1), 300)])
def test_one_in_a_hundred_mixes_is_a_false_alarm(mix: tuple[float, ...], spread: float | None) -> None:
    chance, judged_, alarmed, faults, told = np.random.default_rng(13), 0, 0, 0, 0
    for _ in range(5):
        rows = chance.integers(200, 3_000, 100)
        counts = [chance.multinomial(n, chance.dirichlet(np.array(mix) * spread) if spread else mix) for n in rows]

        def alarm(place: int, quiet: list[int], counts: list[np.ndarray] = counts) -> bool | None:
            nonlocal faults, told
            history = [counts[p].tolist() for p in quiet]
            found = learn.mix_band(history, counts[place].tolist(), 1)
            if found is None:
                return None
            vanished = counts[place].tolist()
            vanished[-1] = 0
            band, value = learn.mix_band(history, vanished, 1) or found
            faults, told = faults + 1, told + (not band.holds(value))
            return not found[0].holds(found[1])

        one = alarms_of(len(counts), alarm)
        judged_, alarmed = judged_ + one[0], alarmed + one[1]
    assert alarmed / judged_ <= 1.5 * learn.FALSE_ALARM
    assert told / faults >= 0.9  # a category of a tenth or more that vanished


@pytest.mark.parametrize("late", [0.0, 0.05])
def test_one_in_a_hundred_deliveries_is_falsely_late(late: float) -> None:
    chance = np.random.default_rng(14)
    gaps = [1 + int(chance.random() < late) * int(chance.integers(1, 3)) for _ in range(700)]

    limits = [learn.late_after(gaps[:place]) for place in range(len(gaps))]
    assert [limit is None for limit in limits] == [place < learn.ENOUGH for place in range(len(gaps))]
    alarmed = sum(limit is not None and gap > limit for gap, limit in zip(gaps, limits, strict=True))
    assert alarmed / (len(gaps) - learn.ENOUGH) <= 1.5 * learn.FALSE_ALARM
    for history in (gaps, [*gaps, 15, 1, 1]):  # an outage is not what is usual
        limit = learn.late_after(history)
        assert limit is not None
        assert 1 < limit <= 5  # a week without a daily delivery is told


def test_a_disturbed_delivery_is_not_learnt_from_until_it_is_the_new_normal() -> None:
    quiet, alarm = [False], [True]
    assert learn.undisturbed(quiet * 3 + alarm + quiet * 2) == [0, 1, 2, 4, 5]
    assert learn.undisturbed(quiet * 3 + alarm * 4) == [0, 1, 2]
    assert learn.undisturbed(quiet * 3 + alarm * 5) == [3, 4, 5, 6, 7]
    assert learn.undisturbed(quiet * 3 + alarm * 5 + quiet + alarm) == [3, 4, 5, 6, 7, 8]


def test_monitors_say_nothing_before_they_know() -> None:
    few = [100] * (learn.ENOUGH - 1)
    assert learn.volume_band(few, [0] * len(few), 0) is None
    assert learn.blank_band([0] * len(few), few, 100, 1) is None
    assert learn.mix_band([[60, 40]] * len(few), [60, 40], 1) is None
    assert learn.late_after(few) is None
    assert learn.volume_band([*few, 100], [0] * learn.ENOUGH, 0) is not None
    assert learn.volume_band([*few, 100], [0] * learn.ENOUGH, 5) is None  # nobody knows its Saturdays yet


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "company")


def told(workspace: Workspace, today: dt.date) -> Iterator[tuple[str, str, str]]:
    of = judged(workspace, Scope.all())
    for state in states(of, today, "Asia/Shanghai"):
        for lang in LANGS:
            text = state.message(of).text(lang)
            assert text
            assert "{" not in text
        yield state.monitor, state.field, state.state


@pytest.mark.requirement("C05")
def test_what_monitors_say_of_the_deliveries_of_a_source(workspace: Workspace) -> None:
    now = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    with workspace.writing(now, "import") as building:
        source = Source(building.con, workspace)
        for step in range(learn.ENOUGH):
            source.bring(rows=100 + step % 3)
        assert {state for (state,) in building.con.execute("SELECT DISTINCT state FROM ledger.monitor").fetchall()} == {
            "learning"
        }
        source.bring()
        source.bring(batch="d1-1.2", rows=5)  # a second try of rows in quarantine is no delivery
    last = source.day.date() - dt.timedelta(days=14)
    found = set(told(workspace, last))
    assert found == {
        ("volume", "", "usual"),
        ("blanks", "quantity", "usual"),
        ("blanks", "status", "usual"),
        ("mix", "status", "usual"),
        ("late", "", "usual"),
    }
    with workspace.writing(now, "import") as building:
        source.con = building.con
        source.bring(rows=50, blank=100, opened=100)
    found = set(told(workspace, source.day.date() + dt.timedelta(days=30)))
    assert found == {
        ("volume", "", "alarm"),
        ("blanks", "quantity", "alarm"),
        ("blanks", "status", "usual"),
        ("mix", "status", "alarm"),
        ("late", "", "alarm"),
    }


def test_a_source_is_not_late_over_the_spring_festival(workspace: Workspace) -> None:
    """A delivery each Monday; after that of 9 February 2026 the holiday is from the 15th to the 23rd, with the 14th made up."""
    with workspace.writing(dt.datetime(2026, 2, 9, tzinfo=dt.UTC), "import") as building:
        source = Source(building.con, workspace, first=dt.datetime(2025, 10, 13, 1))
        while source.day < dt.datetime(2026, 2, 10):
            source.bring()
    of = judged(workspace, Scope.all())

    def lateness(day: dt.date) -> tuple[str, float]:
        (late,) = (each for each in states(of, day, "Asia/Shanghai") if each.monitor == "late")
        return late.state, late.observed

    assert lateness(dt.date(2026, 2, 24)) == ("usual", 6.0), "10 to 14 and the 24th"
    assert lateness(dt.date(2026, 3, 10))[0] == "alarm"


def test_the_observations_of_a_monitor_are_kept_in_their_order(workspace: Workspace) -> None:
    with workspace.writing(dt.datetime(2026, 11, 21, tzinfo=dt.UTC), "import") as building:
        source = Source(building.con, workspace)
        for rows in (100, 120, 90):
            source.bring(rows=rows)
    gone_by = trends(judged(workspace, Scope.all()), kept=2)
    assert gone_by["order_line", "订单", "volume", ""] == (120.0, 90.0)
    assert trends(judged(Workspace.create(workspace.path.parent / "empty"), Scope.all())) == {}


def test_every_state_of_every_monitor_has_its_sentence() -> None:
    wanted = {
        f"{state}_{kind}" for state in ("alarm", "usual", "learning") for kind in ("volume", "blanks", "mix", "late")
    }
    assert wanted == set(MESSAGES.texts)


def test_an_unusual_delivery_and_a_stale_source_become_findings(workspace: Workspace) -> None:
    (workspace.path / "quality" / "own.yaml").write_text(
        "check: orders_fresh\nentity: order_line\nkind: freshness\nworking_days: 5\n"
        "label: {zh-Hans: 5 个工作日内有新订单, en: Orders within 5 working days}\nwhy: {zh-Hans: 试验, en: trial}\n",
        "utf-8",
    )
    now = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    with workspace.writing(now, "import") as building:
        source = Source(building.con, workspace)
        for _ in range(learn.ENOUGH):
            source.bring()
        source.bring(rows=20)
        building.con.execute("INSERT INTO order_line (order_id, line_no, order_date) VALUES ('a', 1, '2026-06-01')")
        check_again(building.con, workspace, now)
    asking = Asking(workspace, load_registry(None), Scope.all(), source.day.date())
    rules = [rule for rule in load_rules() if rule.rule in ("deliveries-off-the-usual", "records-failing-checks")]
    texts = [draft.message.text("en") for draft in find(asking, rules)]
    assert "Order lines of “订单”: 20 rows this time; usually" in "\n".join(texts)
    assert any("Orders within 5 working days" in text for text in texts)
