"""Follows the lessons of a workspace: what people corrected in tables of an entity holds in the next ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from salesloop.engine.collect.aliases import Match
from salesloop.engine.collect.draft import Draft, Sheet
from salesloop.engine.collect.knowledge import Knowledge, Lesson
from salesloop.engine.collect.mapping import ColumnMapping, PathMapping
from salesloop.engine.collect.mentions import mention
from salesloop.engine.collect.profile import Profile
from salesloop.engine.model.entity import Entity

LEARNT: Final = 0.98
PATH: Final = "path"


def told_by_lessons(
    found: dict[str, list[Match]], entity: Entity, columns: Mapping[str, Profile], known: Knowledge
) -> dict[str, list[Match]]:
    """What the columns may feed, where nothing but the lesson counts for those that have one."""
    out = dict(found)
    for column in columns:
        lesson = known.lesson(column, entity.name)
        if lesson is not None:
            own = [field for field in lesson.fields if field.startswith(f"{entity.name}.") and _exists(field, entity)]
            out[column] = [_match(field, lesson) for field in own]
    return {column: matches for column, matches in out.items() if matches}


def follow_lessons(sheet: Sheet, draft: Draft, primary: Entity) -> None:
    """The columns that lessons speak of feed what the lessons say; others give way where only one column may feed a field."""
    lessons = {c: lesson for c in sheet.columns if (lesson := sheet.known.lesson(c, primary.name)) is not None}
    for column in lessons:
        draft.release([column])
        draft.paths[:] = [shorter for path in draft.paths if (shorter := _without(path, column)) is not None]
    for column, lesson in lessons.items():
        for field in lesson.fields:
            _feed(sheet, draft, primary, column, field, lesson)


def _feed(sheet: Sheet, draft: Draft, primary: Entity, column: str, field: str, lesson: Lesson) -> None:
    entity, name = field.split(".")
    if name == PATH:
        _lengthen(draft, sheet, entity, column)
        return
    target = sheet.model.entity(entity)
    rival = draft.column_of(field)
    if rival is not None and rival != column and target.field(name).type != "text":
        draft.release([rival])
    draft.add(column, _match(field, lesson))
    if target.name == primary.name or target.kind != "dimension":
        return
    reference = next((n for n, to in primary.references.items() if to == entity), None)
    key = draft.column_of(f"{primary.name}.{reference}") if reference else None
    if key is not None:
        mention(draft, key, target)


def _lengthen(draft: Draft, sheet: Sheet, tree: str, column: str) -> None:
    """The column becomes a level of the path, at its place from the left."""
    known = next((path for path in draft.paths if path.entity == tree), None)
    if known is None:
        draft.paths.append(PathMapping(entity=tree, columns=(column,)))
        return
    order = list(sheet.columns)
    columns = tuple(sorted({*known.columns, column}, key=order.index))
    draft.paths[draft.paths.index(known)] = known.model_copy(update={"columns": columns})


def _without(path: PathMapping, column: str) -> PathMapping | None:
    rest = tuple(name for name in path.columns if name != column)
    return path.model_copy(update={"columns": rest}) if rest else None


def _match(field: str, lesson: Lesson) -> Match:
    return Match(field, LEARNT, "evidence_learnt", word=f"{lesson.mapping} · {lesson.learnt}")


def _exists(field: str, entity: Entity) -> bool:
    return entity.has(field.split(".")[1])


def with_learnt_units(
    columns: tuple[ColumnMapping, ...], primary: Entity, known: Knowledge
) -> tuple[ColumnMapping, ...]:
    """A unit that the table itself states holds; else the learnt one."""
    out = []
    for column in columns:
        lesson = known.lesson(column.column, primary.name)
        learnt = lesson.unit if lesson is not None and column.field in lesson.fields else None
        out.append(column if column.unit or not learnt else column.model_copy(update={"unit": learnt}))
    return tuple(out)


def learnt_values(columns: Iterable[str], primary: Entity, known: Knowledge) -> dict[str, dict[str, str]]:
    """How codes of the columns are to be read, by field."""
    found: dict[str, dict[str, str]] = {}
    for column in columns:
        lesson = known.lesson(column, primary.name)
        for field, words in (lesson.values if lesson is not None else {}).items():
            found[field] = found.get(field, {}) | words
    return found
