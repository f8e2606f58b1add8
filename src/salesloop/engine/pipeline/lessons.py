"""Keeps what people's corrections of mappings teach, so that the next export with the same words needs none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from salesloop.engine.collect.knowledge import LEARNT, Knowledge, Lesson, lessons_yaml, load_knowledge
from salesloop.engine.collect.normal import normal
from salesloop.engine.collect.teach import taught
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.pipeline.planning import PlannedTable
from salesloop.engine.store import Workspace
from salesloop.engine.store.files import write_durably

_MESSAGES = Messages("salesloop.engine.pipeline")


def learn(workspace: Workspace, tables: Sequence[PlannedTable], on: dt.date) -> None:
    """Remember how these tables' mappings differ from the rules. What was imported as proposed or saved teaches nothing."""
    before = load_knowledge(workspace.path / "sources")
    known = before
    for table in tables:
        as_proposed = table.proposal is not None and table.proposal.mapping == table.mapping
        if table.mapping is None or as_proposed or table.mapping in before.mappings:
            continue
        known = taught(table.table, table.mapping, workspace.model, known, on)
    _keep(workspace, before, known)


def forget(workspace: Workspace, header: str, entity: str | None = None) -> tuple[Lesson, ...]:
    """Take back what was learnt about a header (in tables of `entity`): the lessons taken back. UserError where none was."""
    before = load_knowledge(workspace.path / "sources")
    gone = tuple(
        lesson
        for lesson in before.lessons
        if normal(lesson.header) == normal(header) and entity in (None, lesson.entity)
    )
    if not gone:
        known = list(dict.fromkeys(lesson.header for lesson in before.lessons))
        raise UserError(_MESSAGES.message("no_such_lesson", header=header, known=known))
    _keep(workspace, before, Knowledge(before.mappings, tuple(one for one in before.lessons if one not in gone)))
    return gone


def _keep(workspace: Workspace, before: Knowledge, after: Knowledge) -> None:
    """Write the files of the entities about which something changed; none stays empty."""
    folder = workspace.path / "sources" / LEARNT
    changed = {lesson.entity for lesson in _differing(before.lessons, after.lessons)}
    for entity in sorted(changed):
        path = folder / f"{entity}.yaml"
        lessons = [lesson for lesson in after.lessons if lesson.entity == entity]
        if lessons:
            folder.mkdir(parents=True, exist_ok=True)
            write_durably(path, lessons_yaml(lessons).encode())
        else:
            path.unlink(missing_ok=True)


def _differing(one: Sequence[Lesson], other: Sequence[Lesson]) -> list[Lesson]:
    """Lessons that only one of the two has."""
    return [lesson for lesson in (*one, *other) if (lesson in one) != (lesson in other)]
