"""The judged snapshot as one person sees it, and words for what it says."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from salesloop.app.accounts.services import User
from salesloop.app.org.services import scope_for
from salesloop.app.ui.language import current_lang
from salesloop.app.workspace.services import snapshot, today, workspace
from salesloop.engine.analyze.quality import Judged, judged
from salesloop.engine.analyze.quality.verdicts import verdicts_of
from salesloop.engine.clean.quality import CheckBook, Circumstances, book_of
from salesloop.engine.clean.quality.definition import Check
from salesloop.engine.model.text import Message


def judged_for(user: User) -> Judged:
    """The published snapshot within the person's scope."""
    return judged(snapshot(), scope_for(user), book(), verdicts_of(workspace()))


def book() -> CheckBook:
    """The checks in force; an edited file of the workspace counts from the next request on."""
    folder = workspace().path / "quality"
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    return _book(workspace().path, tuple((file.name, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=4)
def _book(_path: Path, _marks: tuple[tuple[str, int], ...]) -> CheckBook:
    return book_of(workspace())


def circumstances() -> Circumstances:
    """What verdicts depend on besides the records."""
    return Circumstances.of(workspace().config, today())


def entity_word(name: str) -> str:
    """What people call an entity."""
    return workspace().model.entity(name).label.get(current_lang())


def check_word(entity: str, check: str) -> str:
    """What should hold; the check's name where it is no longer in force."""
    known = book().of(entity).get(check)
    return _said(known) if known else check


def _said(check: Check) -> str:
    label = check.label
    return label.text(current_lang()) if isinstance(label, Message) else label.get(current_lang())
