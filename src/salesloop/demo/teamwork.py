"""Who worked on deals together, and what people were taught."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import numpy as np

from salesloop.demo.company import Columns, Company
from salesloop.demo.stories import Stories

COURSES: Final = {
    "顾问式提问与需求分析": "面授",
    "新一代打印方案演示": "线上",
    "商务谈判与报价": "面授",
    "大客户经营与回访": "带教",
    "时间管理与执行力": "线上",
    "输单复盘工作坊": "面授",
}
TRAINERS: Final = ("市场部", "产品经理", "外聘讲师")
PASS_MARK: Final = 60


def add_joint_work(rng: np.random.Generator, columns: dict[str, Columns], company: Company, stories: Stories) -> None:
    """Say of activities which open deal of the customer they were for, and add the meetings at which colleagues helped to
    win one, in place. Teams differ in how often they do so."""
    activities, deals = columns["activities"], columns["opportunities"]
    last = np.datetime64(stories.today, "D")
    ends = np.where(np.isnat(deals["close_date"]), last, deals["close_date"])
    of_customer: defaultdict[int, list[int]] = defaultdict(list)
    for place, customer in enumerate(deals["customer"]):
        of_customer[int(customer)].append(place)
    days = activities["event_time"].astype("datetime64[D]")
    named = [
        next((i for i in of_customer[int(c)] if deals["created_date"][i] <= day <= ends[i]), None)
        for c, day in zip(activities["customer"], days, strict=True)
    ]
    helped, colleague = _helped(rng, deals, company, last)
    size = len(helped)
    day = deals["close_date"][helped] - rng.integers(0, 4, size)
    event = np.maximum(day, deals["created_date"][helped]).astype("datetime64[m]") + rng.integers(9 * 60, 18 * 60, size)
    begin = len(days) + 1
    columns["activities"] = {
        name: np.concatenate([activities[name], extra])
        for name, extra in {
            "activity_id": np.array([f"V{number:07d}" for number in range(begin, begin + size)], dtype=object),
            "type": np.full(size, "会议", dtype=object),
            "event_time": event,
            "entry_time": event + rng.integers(30, 300, size),
            "customer": deals["customer"][helped],
            "employee_id": colleague,
            "planned_date": np.full(size, np.datetime64("NaT"), dtype="datetime64[D]"),
            "duration_minutes": rng.integers(3, 10, size) * 10,
            "result": np.full(size, "达成意向", dtype=object),
            "feedback": np.full(size, "", dtype=object),
        }.items()
    } | {
        "opportunity_id": np.array(
            [None if i is None else deals["opportunity_id"][i] for i in named] + list(deals["opportunity_id"][helped]),
            dtype=object,
        )
    }


def build_training(rng: np.random.Generator, company: Company, stories: Stories) -> Columns:
    """One to four courses of everybody who sells, over the last 18 months."""
    last = np.datetime64(stories.today, "D")
    rows = [
        (person, str(course), last - int(rng.integers(7, 540)), int(np.clip(rng.normal(76, 11), 40, 99)))
        for person in company.sellers["employee_id"]
        for course in rng.choice(list(COURSES), int(rng.integers(1, 5)), replace=False)
    ]
    people, courses, days, scores = (list(column) for column in zip(*rows, strict=True))
    return {
        "employee_id": np.array(people, dtype=object),
        "course": np.array(courses, dtype=object),
        "trained_date": np.array(days, dtype="datetime64[D]"),
        "score": np.array(scores),
        "passed": np.array(["是" if score >= PASS_MARK else "否" for score in scores], dtype=object),
        "trainer": rng.choice(np.array(TRAINERS, dtype=object), len(rows)),
        "mode": np.array([COURSES[course] for course in courses], dtype=object),
    }


def _helped(
    rng: np.random.Generator, deals: Columns, company: Company, last: np.datetime64
) -> tuple[np.ndarray, np.ndarray]:
    """Won deals of the last year in which a colleague of the same team helped, and who it was."""
    team_of = dict(zip(company.sellers["employee_id"], company.sellers["team"], strict=True))
    members: defaultdict[str, list[str]] = defaultdict(list)
    for person, team in team_of.items():
        members[team].append(person)
    habit = {team: float(rng.uniform(0.1, 0.6)) for team in members}
    won = np.flatnonzero((deals["stage"] == "赢单") & (deals["close_date"] > last - 365))
    places, colleagues = [], []
    for place in won:
        owner = deals["employee_id"][place]
        others = [one for one in members.get(team_of.get(owner, ""), []) if one != owner]
        if others and rng.random() < habit[team_of[owner]]:
            places.append(place)
            colleagues.append(str(rng.choice(others)))
    return np.array(places, dtype=int), np.array(colleagues, dtype=object)
