"""What somebody was taught, and which courses train what they lack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from salesloop.app.team.ratings import Standing
from salesloop.engine.clean.values.cells import literal
from salesloop.engine.store import Snapshot

MOST = 3


@dataclass(frozen=True, slots=True)
class Course:
    """A course that somebody took; `passed` is None where nobody recorded it."""

    name: str
    on: dt.date
    passed: bool | None
    score: float | None


@dataclass(frozen=True, slots=True)
class Advice:
    """A competency that falls short, the courses for it that were not taken, and those that were."""

    standing: Standing
    offered: tuple[str, ...]
    taken: tuple[Course, ...]


def courses_of(snapshot: Snapshot, employee_id: str) -> list[Course]:
    """Courses taken, the newest first."""
    if not snapshot.has("training_record"):
        return []
    rows = snapshot.rows(
        "SELECT course, trained_date, passed, score FROM training_record "
        f"WHERE employee_id = {literal(employee_id)} ORDER BY trained_date DESC, course"
    )
    return [
        Course(row["course"], row["trained_date"], row["passed"], None if row["score"] is None else float(row["score"]))
        for row in rows
    ]


def next_courses(snapshot: Snapshot, standings: Sequence[Standing], taken: Sequence[Course]) -> list[Advice]:
    """The largest gaps first, with the company's courses whose names tell that they train this."""
    lacking = sorted((one for one in standings if (one.gap or 0) > 0), key=lambda one: -(one.gap or 0))[:MOST]
    if not lacking or not snapshot.has("training_record"):
        return [Advice(one, (), ()) for one in lacking]
    known = [row["course"] for row in snapshot.rows("SELECT DISTINCT course FROM training_record ORDER BY course")]
    passed = {course.name for course in taken if course.passed is not False}
    return [
        Advice(
            one,
            tuple(name for name in known if name not in passed and _trains(name, one)),
            tuple(course for course in taken if _trains(course.name, one)),
        )
        for one in lacking
    ]


def _trains(course: str, standing: Standing) -> bool:
    return any(word and word in course for word in standing.competency.courses)
