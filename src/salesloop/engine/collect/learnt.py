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
PATH: Final = ".path"


def told_by_lessons(
    found: dict[str, list[Match]], entity: Entity, columns: Mapping[str, Profile], known: Knowledge
) -> dict[str, list[Match]]:
    """What the columns may feed, where nothing but the lesson counts for those that have one."""
    out = dict(found)
    for column in columns:
        lesson = known.lesson(column, entity.name)
        if lesson is not None:
            own = lesson.field is not None and lesson.field.startswith(f"{entity.name}.") and not _is_path(lesson)
            out[column] = [_match(lesson)] if own else []
    return {column: matches for column, matches in out.items() if matches}


def follow_lessons(sheet: Sheet, draft: Draft, primary: Entity) -> None:
    """Columns feed what lessons say of them; where only one column may feed a field, others give way."""
    for column in sheet.columns:
        lesson = sheet.known.lesson(column, primary.name)
        if lesson is None or _is_followed(draft, column, lesson):
            continue
        draft.release([column])
        draft.paths[:] = [shorter for path in draft.paths if (shorter := _without(path, column)) is not None]
        if lesson.field is not None and _is_path(lesson):
            _lengthen(draft, sheet, lesson.field.removesuffix(PATH), column)
        elif lesson.field is not None:
            _feed(sheet, draft, primary, column, lesson)


def _is_path(lesson: Lesson) -> bool:
    return lesson.field is not None and lesson.field.endswith(PATH)


def _is_followed(draft: Draft, column: str, lesson: Lesson) -> bool:
    if _is_path(lesson):
        return any(f"{path.entity}{PATH}" == lesson.field and column in path.columns for path in draft.paths)
    feeds = draft.feeds.get(column)
    return feeds is not None and feeds[0].field == lesson.field


def _feed(sheet: Sheet, draft: Draft, primary: Entity, column: str, lesson: Lesson) -> None:
    match = _match(lesson)
    entity, name = match.field.split(".")
    target = sheet.model.entity(entity)
    rival = draft.column_of(match.field)
    if rival is not None and target.field(name).type != "text":
        draft.release([rival])
    reference = next((n for n, to in primary.references.items() if to == entity), None)
    key = draft.column_of(f"{primary.name}.{reference}") if reference else None
    if entity != primary.name and target.kind == "dimension":
        if key is None:
            return  # nothing in this table says whose it is
        mention(draft, key, target)
    draft.add(column, match)


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


def _match(lesson: Lesson) -> Match:
    return Match(lesson.field or "", LEARNT, "evidence_learnt", word=f"{lesson.mapping} · {lesson.learnt}")


def with_learnt_units(
    columns: tuple[ColumnMapping, ...], primary: Entity, known: Knowledge
) -> tuple[ColumnMapping, ...]:
    """A unit that the table itself states holds; else the learnt one."""
    out = []
    for column in columns:
        lesson = known.lesson(column.column, primary.name)
        learnt = lesson.unit if lesson is not None and column.field == lesson.field else None
        out.append(column if column.unit or not learnt else column.model_copy(update={"unit": learnt}))
    return tuple(out)


def learnt_values(columns: Iterable[str], primary: Entity, known: Knowledge) -> dict[str, dict[str, str]]:
    """How codes of the columns are to be read, by field."""
    lessons = (known.lesson(column, primary.name) for column in columns)
    return {one.field: one.values for one in lessons if one is not None and one.field is not None and one.values}
