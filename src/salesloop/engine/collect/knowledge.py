"""What a workspace has taught: mappings that are used again, and lessons from what people corrected.

Kept as YAML that people can read: `sources/<mapping>.yaml`, and `sources/learnt/<entity>.yaml` with the lessons about
tables of that entity.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from salesloop.engine.collect.mapping import Mapping, load_mappings
from salesloop.engine.collect.normal import normal
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

LEARNT: Final = "learnt"
_MESSAGES: Final = Messages("salesloop.engine.collect")


class Lesson(BaseModel):
    """In a table of `entity`, the column `header` feeds `field` (`entity.field`, or `region.path`); None: it is left out.

    `unit` is what its numbers are in; `values` (text in the source → text to read instead) translate its codes.
    `mapping` is the one that a person corrected on the day `learnt`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    header: str
    entity: str
    field: str | None
    unit: str | None = None
    values: dict[str, str] = {}
    mapping: str
    learnt: dt.date

    @property
    def about(self) -> tuple[str, str]:
        """Two lessons about the same cannot both hold: the newer one does."""
        return self.entity, normal(self.header)

    def says(self, other: Lesson | None) -> bool:
        """Whether `other` says the same, whenever that was."""
        return other is not None and (self.field, self.unit, self.values) == (other.field, other.unit, other.values)


@dataclass(frozen=True)
class Knowledge:
    """`mappings` in order of name; `lessons` in any order, one about each header of an entity."""

    mappings: Sequence[Mapping] = ()
    lessons: Sequence[Lesson] = ()

    def lesson(self, header: str, entity: str) -> Lesson | None:
        """What was learnt about a header in tables of `entity`; never what was learnt about tables of another."""
        return self._lessons.get((entity, normal(header)))

    def without_mappings(self) -> Knowledge:
        """Only the lessons."""
        return Knowledge((), self.lessons)

    @cached_property
    def _lessons(self) -> dict[tuple[str, str], Lesson]:
        return {lesson.about: lesson for lesson in self.lessons}


NOTHING: Final = Knowledge()


def load_knowledge(folder: Path) -> Knowledge:
    """Of the folder `sources` of a workspace. UserError names the file and the place of a mistake."""
    lessons = [lesson for path in sorted((folder / LEARNT).glob("*.yaml")) for lesson in read_lessons(path)]
    return Knowledge(load_mappings(folder), tuple(lessons))


def read_lessons(path: Path) -> tuple[Lesson, ...]:
    """The lessons of one file; none where it is not there."""
    if not path.is_file():
        return ()
    try:
        return _LESSONS.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")) or ())
    except (yaml.YAMLError, ValidationError) as error:
        problem = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise UserError(_MESSAGES.message("lessons_unreadable", problem=problem), file=path.name) from error


def lessons_yaml(lessons: Sequence[Lesson]) -> str:
    """The text of a file of lessons, the newest first."""
    newest = sorted(lessons, key=lambda lesson: (-lesson.learnt.toordinal(), lesson.header))
    documents = [lesson.model_dump(mode="json", exclude_defaults=True) for lesson in newest]
    text: str = yaml.safe_dump(documents, allow_unicode=True, sort_keys=False, width=120)
    return text


_LESSONS: Final = TypeAdapter(tuple[Lesson, ...])
