"""Files of definitions as the documents that they hold: text kept as people wrote it, comments included."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import yaml

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES: Final = Messages("salesloop.engine.governance")
_BREAK: Final = re.compile(r"^---(?:[ \t].*)?\n?", re.MULTILINE)
STAMPS: Final = ("version", "reason", "approved_by")


@dataclass(frozen=True)
class Document:
    """One definition: its own text, and where in which file it stands (`start`, `end`: characters)."""

    text: str
    file: str
    start: int = 0
    end: int = 0

    @cached_property
    def content(self) -> Mapping[str, Any]:
        """UserError where the text is no YAML mapping."""
        try:
            content = yaml.load(self.text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError as error:
            raise UserError(_MESSAGES.message("not_yaml", problem=str(error)), file=self.file) from error
        if not isinstance(content, dict):
            raise UserError(_MESSAGES.message("not_a_definition"), file=self.file)
        return content

    @cached_property
    def meaning(self) -> str:
        """A hash of what is defined: layout, comments and what is said about the version itself do not count."""
        said = {name: value for name, value in self.content.items() if name not in STAMPS}
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def documents_of(text: str, file: str) -> tuple[Document, ...]:
    """The documents of one file, empty ones left out. A line that begins with `---` parts them, wherever it stands: YAML
    allows it nowhere else. UserError where one is no YAML mapping."""
    breaks = [0, *(place for match in _BREAK.finditer(text) for place in match.span()), len(text)]
    parts = [Document(text[start:end], file, start, end) for start, end in zip(breaks[::2], breaks[1::2], strict=True)]
    return tuple(part for part in parts if not _empty(part))


def _empty(part: Document) -> bool:
    lines = (line.strip() for line in part.text.splitlines())
    return all(not line or line.startswith("#") for line in lines)


def replaced(text: str, old: Document, new: str) -> str:
    """The text of a file with one of its documents written anew; the other documents stay as they are."""
    ending = "" if new.endswith("\n") else "\n"
    return text[: old.start] + new + ending + text[old.end :]


def stamped(text: str, **values: str | int | None) -> str:
    """The document with these keys set at its top level, or taken out where None; everything else untouched."""
    for name, value in values.items():
        written = "" if value is None else yaml.safe_dump({name: value}, allow_unicode=True, width=10_000)
        place = _place_of(text, name)
        if place is None:
            text = text.rstrip("\n") + "\n" + written
        else:
            text = text[: place[0]] + written.rstrip("\n") + text[place[1] :]
    return text


def _place_of(text: str, name: str) -> tuple[int, int] | None:
    """The characters of `name: value` at the top level, from the key to the end of the value."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            if key.value == name:
                end = len(text[: value.end_mark.index].rstrip())
                return key.start_mark.index, end
    return None
