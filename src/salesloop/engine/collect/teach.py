"""What a person's mapping teaches: where it differs from what would have been proposed without any lesson."""

from __future__ import annotations

import datetime as dt

from salesloop.engine.collect.knowledge import Knowledge, Lesson
from salesloop.engine.collect.learnt import PATH
from salesloop.engine.collect.mapping import Mapping
from salesloop.engine.collect.propose import propose
from salesloop.engine.collect.raw import RawTable
from salesloop.engine.model.entity import Model


def taught(table: RawTable, mapping: Mapping, model: Model, known: Knowledge, on: dt.date) -> Knowledge:
    """`known` with what `mapping`, made or confirmed by a person for `table`, says about its headers.

    The newest word counts: a correction replaces an earlier lesson about the same header, and one that agrees with the
    rules takes it back. A column that the mapping leaves out is a word against it only where its header was before the person.
    Columns without a header teach nothing.
    """
    if table.is_headerless:
        return known
    bare = propose(table, model, entity=mapping.entity).mapping
    lessons = {lesson.about: lesson for lesson in known.lessons}
    for column in table.columns:
        said = _lesson(column, mapping, table, on)
        if said.field is None and column not in mapping.header:
            continue  # a mapping written by hand may just not speak of it
        if bare is not None and said.says(_lesson(column, bare, table, on)):
            lessons.pop(said.about, None)
        elif not said.says(lessons.get(said.about)):
            lessons[said.about] = said
    return Knowledge(known.mappings, tuple(lessons.values()))


def _lesson(column: str, mapping: Mapping, table: RawTable, on: dt.date) -> Lesson:
    """What a mapping says about one column: what it feeds first, in which unit beside the stated one, with which codes."""
    fed = next((one for one in mapping.columns if one.column == column), None)
    path = next((path for path in mapping.paths if column in path.columns), None)
    field = f"{path.entity}{PATH}" if path is not None else fed.field if fed is not None else None
    unit = fed.unit if fed is not None and fed.unit != (table.units.get(column) or table.sheet_unit) else None
    values = mapping.values.get(field, {}) if field is not None else {}
    return Lesson(
        header=column, entity=mapping.entity, field=field, unit=unit, values=values, mapping=mapping.name, learnt=on
    )
