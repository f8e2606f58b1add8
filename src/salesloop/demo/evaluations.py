"""What was said of people in the demo: ratings by managers, of oneself, and one peer review that is over and one that runs."""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np

EVIDENCE: Final = {
    1: "上月三次拜访都没有留下记录，问到时说不清客户要什么",
    2: "陪访时看到：讲完产品就报价，没有问预算和决策人",
    3: "抽查了两份沟通记录，要点齐全，下一步都按时做了",
    4: "客户在回访中点名表扬，方案因此多签了一年服务",
    5: "把经验写成了案例，两位同事照着做也签了单",
}


def evaluate_people(now: dt.datetime) -> None:
    """Two quarters of ratings of one area, somebody's own view, and peer reviews; all through the services of the pages."""
    from salesloop.app.accounts.services import user_by_login
    from salesloop.app.org.services import employees_in, scope_for
    from salesloop.app.team.services import Given, in_use, rate
    from salesloop.app.workspace.services import calendar, local_day

    manager, rep = user_by_login("lijing"), user_by_login("wangfang")
    if manager is None or rep is None:
        return
    rng = np.random.default_rng(7)
    team = [one for one in employees_in(scope_for(manager)) if one.id != manager.employee_id]
    this = calendar().period_of(local_day(now), "quarter")
    before = calendar().previous(this)
    base = {one.id: rng.normal(3.1, 0.6) for one in team}
    for quarter, later in ((before, 0.0), (this, 0.25)):
        at = min(now, dt.datetime.combine(quarter.end, dt.time(15), now.tzinfo))
        for one in team:
            given = [
                Given(competency, level, EVIDENCE[level])
                for competency in in_use()
                if (level := int(np.clip(round(rng.normal(base[one.id] + later, 0.7)), 1, 5)))
            ]
            rate(manager, one.id, quarter.start, given, at)
    rate(rep, rep.employee_id, this.start, [Given(one, 4, "这个季度我做得比以前好") for one in in_use()][:4], now)
    _peer_reviews([one.id for one in team], now, rng)


def _peer_reviews(team: list[str], now: dt.datetime, rng: np.random.Generator) -> None:
    from salesloop.app.accounts.services import user_by_login
    from salesloop.app.team.services import STATEMENTS, answer, close, open_round

    manager = user_by_login("lijing")
    if manager is None:
        return
    began = now - dt.timedelta(days=30)
    over = open_round(manager, "第三季度协作互评", began.date() + dt.timedelta(days=14), team, began)
    for place, rater in enumerate(team):
        for about in (team[(place + step) % len(team)] for step in range(1, 5)):  # everybody is spoken of four times
            answer(over, rater, about, [int(level) for level in rng.integers(3, 6, len(STATEMENTS))], began.date())
    close(manager, over, began + dt.timedelta(days=12))
    open_round(manager, "第四季度协作互评", now.date() + dt.timedelta(days=10), team, now - dt.timedelta(days=1))
