"""What waits for a decision about identity, and what was decided, in words for a page."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

import pyarrow as pa
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from salesloop.app.accounts.services import User
from salesloop.app.data.words import entity_label
from salesloop.app.ui.language import current_lang
from salesloop.app.workspace.services import workspace
from salesloop.engine.clean.identity import say
from salesloop.engine.model.entity import Entity
from salesloop.engine.pipeline.identity.compare import Line, Side, lines, members, side_by_side
from salesloop.engine.pipeline.identity.deciding import is_pending
from salesloop.engine.pipeline.identity.decision import Decision, History
from salesloop.engine.pipeline.identity.journal import FOLDER, read_history
from salesloop.engine.pipeline.identity.queue import Case, cases_in, matched_entities, open_table


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of one record. `chosen`: it is the value of the merged record, where there is one."""

    id: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field over all records of a case."""

    name: str
    label: str
    cells: list[Cell]
    differs: bool

    @property
    def text(self) -> str:
        """The value of a field that nobody contradicts."""
        return next((cell.text for cell in self.cells if cell.text), "")

    @property
    def only(self) -> str:
        """The records that state it, where others leave it blank."""
        stated = [cell.id for cell in self.cells if cell.text]
        return "" if len(stated) == len(self.cells) else "、".join(stated)


@dataclass(frozen=True, slots=True)
class Record:
    """The head of a column: a record, where it came from and how much refers to it."""

    id: str
    name: str
    origin: str
    used: str
    suggested: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """Records side by side. `sure` in percent, `reasons` the evidence in words."""

    key: str
    entity: str
    entity_name: str
    ids: tuple[str, ...]
    is_sure: bool
    sure: int
    reasons: list[str]
    records: list[Record]
    lines: list[FieldLine]

    @property
    def query(self) -> str:
        """The case with the suggested survivor, for merging many at once."""
        suggested = [record.id for record in self.records if record.suggested]
        return urlencode(
            [("entity", self.entity), *(("id", id_) for id_ in self.ids), *(("survivor", s) for s in suggested)]
        )

    @property
    def differing(self) -> list[FieldLine]:
        return [line for line in self.lines if line.differs]

    @property
    def agreeing(self) -> list[FieldLine]:
        return [line for line in self.lines if not line.differs]


@dataclass(frozen=True, slots=True)
class Choice:
    """An entity to look at, with how many cases wait there."""

    name: str
    label: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Said:
    """A decision for the history. `canonical` is the id to look at while it stands."""

    decision: Decision
    entity: str
    who: str
    undone_by: str
    undone_at: dt.datetime | None
    canonical: str

    @property
    def names(self) -> list[str]:
        return [
            record.id if record.name in (None, record.id) else f"{record.name}（{record.id}）"
            for record in self.decision.records
        ]


class Cases:
    """What waits for one entity, the surest first; can be counted and sliced for a pager."""

    def __init__(self, entity: str) -> None:
        self._entity = workspace().model.entity(entity)
        self._cases = _open(entity)

    def count(self) -> int:
        return int(self._cases.num_rows)

    def __getitem__(self, part: slice) -> list[Shown]:
        cases = cases_in(self._cases.slice(part.start or 0, part.stop - (part.start or 0)), self._entity.name)
        asked = [id_ for case in cases for id_ in case.ids]
        sides = {side.id: side for side in side_by_side(workspace(), self._entity.name, asked)}
        return [_shown(self._entity, case, [sides[id_] for id_ in case.ids if id_ in sides]) for case in cases]


def choices() -> list[Choice]:
    """The entities whose records are matched."""
    return [Choice(one.name, entity_label(one.name), _open(one.name).num_rows) for one in matched_entities(workspace())]


def duplicates_waiting(user: User) -> int:
    """Cases that this person may decide."""
    return sum(choice.waiting for choice in choices()) if user.has_perm("data.merge") else 0


def is_publishing() -> bool:
    """Whether decisions were made that the numbers do not follow yet."""
    return is_pending(workspace())


def merged_record(entity: str, canonical_id: str) -> Shown | None:
    """A canonical record with its members and the values that each gave; None where nothing was merged into it."""
    declared = workspace().model.entity(entity)
    ids = members(workspace(), entity, canonical_id)
    if not ids:
        return None
    return _shown(declared, Case(entity, tuple(ids), "merge", 1.0), side_by_side(workspace(), entity, ids))


class Decisions:
    """Everything that was decided, the latest first; can be counted and sliced for a pager."""

    def __init__(self) -> None:
        self._history = read_history(workspace())

    def count(self) -> int:
        return len(self._history.decisions)

    def __getitem__(self, part: slice) -> list[Said]:
        names = {user.login: user.name for user in User.objects.all()}
        return [_said(self._history, one, names) for one in self._history.decisions[::-1][part]]


def _said(history: History, one: Decision, names: dict[str, str]) -> Said:
    undo = history.undone.get(one.decision_id)
    canonical = one.survivor or one.ids[0]
    if one.verdict == "same" and undo is None:
        known = side_by_side(workspace(), one.entity, one.ids)
        canonical = next((side.canonical_id for side in known if side.canonical_id), canonical)
    return Said(
        one,
        entity_label(one.entity),
        _("系统（按规则）") if one.automatic else names.get(one.by, one.by),
        names.get(undo.by, undo.by) if undo else "",
        undo.at if undo else None,
        canonical,
    )


def _shown(entity: Entity, case: Case, sides: Sequence[Side]) -> Shown:
    keep = max(sides, key=lambda side: (side.primary, sum(side.used.values()), len(side.values))).id if sides else ""
    lang = current_lang()
    return Shown(
        hashlib.sha256("\x1f".join([entity.name, *case.ids]).encode()).hexdigest()[:12],
        entity.name,
        entity_label(entity.name),
        tuple(side.id for side in sides),
        case.asked == "merge",
        round(case.score * 100),
        [message.text(lang) for message in say(entity, case.evidence)],
        [Record(side.id, side.name, _origin(side), _used(side), side.id == keep) for side in sides],
        [_line(entity, line, sides) for line in lines(entity, sides)],
    )


def _line(entity: Entity, line: Line, sides: Sequence[Side]) -> FieldLine:
    cells = [
        Cell(side.id, value or "", line.field in side.gave) for side, value in zip(sides, line.values, strict=True)
    ]
    return FieldLine(line.field, entity.field(line.field).label.get(current_lang()), cells, line.differs)


def _origin(side: Side) -> str:
    return side.file or ("" if side.primary else _("其他表中提到"))


def _used(side: Side) -> str:
    parts = [f"{entity_label(name)} {rows:,}" for name, rows in sorted(side.used.items(), key=lambda one: -one[1])]
    return " · ".join(parts[:3]) or _("没有数据引用")


def counted(count: int) -> str:
    """How many groups were decided, for a message."""
    return ngettext("已合并 %(n)d 组，数字正在更新。", "已合并 %(n)d 组，数字正在更新。", count) % {"n": count}


def _open(entity: str) -> pa.Table:
    store = workspace()
    files = sorted((store.state / FOLDER).glob("*")) if (store.state / FOLDER).is_dir() else []
    marks = tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files)
    return _cases(store.path, store.snapshot_files.current_number(), marks, entity)


@lru_cache(maxsize=16)
def _cases(path: Path, number: int, marks: tuple[object, ...], entity: str) -> pa.Table:
    return open_table(workspace(), entity)
