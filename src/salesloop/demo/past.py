"""What the demo company did before today: who logs in, which measures were taken up, and what came of them.

All of it through the services that pages use; only the clock is set back.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from salesloop.demo.stories import Stories
from salesloop.engine.analyze.diagnose.contribution import Member

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Login:
    """One person of the demo who may log in."""

    login: str
    role: str
    name: str


PEOPLE = (
    Login("admin", "admin", "孙浩"),
    Login("analyst", "analyst", "林晓"),
    Login("steward", "steward", "何静怡"),
    Login("boss", "executive", "周明远"),
    Login("lijing", "manager", "李静"),
    Login("zhangwei", "manager", "张伟"),
    Login("wangfang", "rep", "王芳"),
)


def add_people(password: str) -> None:
    """Everybody of `PEOPLE` and the managers of the other areas and of the two teams with measures, with one password."""
    from salesloop.app.accounts.services import add_person
    from salesloop.app.workspace.services import snapshot

    employees = (
        snapshot()
        .engine.execute(
            "SELECT employee_id, employee.name, title, org_unit.name AS unit FROM employee JOIN org_unit USING (org_unit_id)"
        )
        .to_pylist()
    )
    by_name = {row["name"]: row["employee_id"] for row in employees}
    for person in PEOPLE:
        add_person(
            None, person.login, password, name=person.name, role=person.role, employee_id=by_name.get(person.name, "")
        )
    known = {person.name for person in PEOPLE}
    leaders = [row for row in employees if row["title"] in ("大区经理", "部门经理") and row["name"] not in known]
    for row in leaders:
        if row["title"] == "大区经理" or row["unit"] in (Stories.worked_team, Stories.idle_team):
            add_person(
                None,
                row["employee_id"].lower(),
                password,
                name=row["name"],
                role="manager",
                employee_id=row["employee_id"],
            )


SETS = (
    ("打印设备产品线", "category", "打印设备", "region", ("revenue", "gross_margin", "orders", "average_order_value", "return_rate")),
    ("电商渠道", "channel", "电商", "category", ("revenue", "gross_margin", "active_customers", "new_customers", "channel_profit")),
)  # fmt: skip
"""Name, dimension and value that a set of metrics is for, the dimension of its table, its metrics."""


def keep_sets(now: dt.datetime) -> None:
    """The sets of metrics that the analyst made for everybody."""
    from salesloop.app.accounts.services import User
    from salesloop.app.dashboards.models import MetricSet
    from salesloop.app.dashboards.sets import save, where_of

    analyst = User.objects.get(login="analyst")
    for name, dimension, value, by, metrics in SETS:
        save(analyst, MetricSet(name=name, metrics=list(metrics), where=where_of({dimension: value}), by=by), now)


def take_up_measures(stories: Stories) -> None:
    """Two teams fell behind their targets; each took a measure. One worked, one did not: the product has to say which."""
    from salesloop.app.findings.services import run_rules

    began = dt.datetime.combine(stories.action_start, dt.time(9, 30), ZONE)
    run_rules(began, as_of=stories.action_start)
    _measure_taken(stories, stories.worked_team, stories.worked_category, "购机客户耗材回访：每周两次，附首单优惠", 0.3)
    _measure_taken(stories, stories.idle_team, stories.idle_category, "扫描设备以旧换新宣传", 0.2)


def act_on_shortage(stories: Stories, now: dt.datetime) -> None:
    """The manager of the area has given the shortage to a team leader, who is at it."""
    from salesloop.app.accounts.services import user_by_login
    from salesloop.app.actions import services as actions
    from salesloop.app.findings.services import Finding, members_of

    finding = Finding.objects.filter(
        rule="revenue-below-season", members__0__name=f"{stories.shortage_region}大区"
    ).first()
    giver, owner = user_by_login("lijing"), user_by_login("zhangwei")
    if finding is None or giver is None or owner is None:
        return
    cause = finding.causes[0]["members"] if finding.causes else []
    action = actions.create(
        giver,
        now,
        owner=owner,
        members=[*members_of(finding), *(Member(**member) for member in cause)],
        finding=finding,
        title="协调打印设备补货，分销客户先用替代机型",
        metric=finding.metric,
        start=stories.today - dt.timedelta(days=2),
        due=stories.today + dt.timedelta(days=33),
        expected_change=0.15,
        note="与供应链确认到货日期；把库存调给订单最多的十家分销商。",
        checklist=["确认到货日期", "列出受影响最大的十家分销商", "发替代机型报价", "到货后逐家回访"],
    )
    actions.move(owner, action, "doing", now)


def _measure_taken(stories: Stories, team: str, category: str, title: str, expected: float) -> None:
    from salesloop.app.accounts.services import User, user_by_login
    from salesloop.app.actions import services as actions
    from salesloop.app.actions.measuring import measure_effect
    from salesloop.app.findings.services import Finding
    from salesloop.app.workspace.services import snapshot

    unit = (
        snapshot().engine.execute(f"SELECT org_unit_id, manager_id FROM org_unit WHERE name = '{team}'").to_pylist()[0]
    )
    owner = User.objects.get(employee_id=unit["manager_id"])
    began = dt.datetime.combine(stories.action_start, dt.time(10), ZONE)
    action = actions.create(
        user_by_login("analyst"),
        began,
        owner=owner,
        members=[Member("org_unit:3", unit["org_unit_id"], team), Member("category", category, category)],
        finding=Finding.objects.filter(rule="target-pace-behind", org_unit_id=unit["org_unit_id"]).first(),
        title=title,
        metric="revenue",
        start=stories.action_start,
        due=stories.action_due,
        expected_change=expected,
        checklist=["定下客户名单", "准备话术与优惠", "每周五复盘"],
    )
    for step in action.checklist.all():
        actions.tick(owner, step, began + dt.timedelta(days=20), done=True)
    actions.move(owner, action, "doing", began)
    done = dt.datetime.combine(stories.action_due, dt.time(17), ZONE)
    actions.move(owner, action, "done", done)
    measure_effect(action, done + dt.timedelta(hours=15))
