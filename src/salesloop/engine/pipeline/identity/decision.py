"""What people say about records: these are the same, those are not, and that was a mistake."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Verdict = Literal["same", "different"]


@dataclass(frozen=True, slots=True)
class Known:
    """A record as it was known when somebody decided about it."""

    id: str
    name: str | None = None
    source_system: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`records` of one entity are the same, or each is different from the others.

    `survivor` is the id under which they live on where they are the same; `fields` (field → id) are values that a person
    chose instead of leaving them to the rules. `at` is UTC. `automatic`: no person said it, equal identifiers did.
    """

    entity: str
    verdict: Verdict
    records: tuple[Known, ...]
    by: str
    at: dt.datetime
    why: str = ""
    survivor: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    automatic: bool = False
    decision_id: str = field(default_factory=lambda: secrets.token_hex(6))

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(record.id for record in self.records)

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"at": self.at.isoformat(), "fields": dict(self.fields)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Decision:
        records = tuple(Known(**record) for record in stored["records"])
        return cls(**(dict(stored) | {"records": records, "at": dt.datetime.fromisoformat(stored["at"])}))


@dataclass(frozen=True, slots=True)
class Undo:
    """A decision taken back. The record stays for ever, as do both entries."""

    decision_id: str
    by: str
    at: dt.datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """Everything that was ever said, in the order in which it was said."""

    decisions: tuple[Decision, ...]
    undone: Mapping[str, Undo]

    def standing(self, verdict: Verdict | None = None) -> tuple[Decision, ...]:
        """Decisions that were not taken back."""
        return tuple(
            one for one in self.decisions if one.decision_id not in self.undone and verdict in (None, one.verdict)
        )


def groups(links: Iterable[Sequence[str]]) -> list[list[str]]:
    """Ids that hang together by any chain of links, each group in the order in which its ids were named."""
    head: dict[str, str] = {}

    def find(one: str) -> str:
        while head.setdefault(one, one) != one:
            head[one] = head[head[one]]
            one = head[one]
        return one

    for first, *others in links:
        for other in others:
            head[find(other)] = find(first)
    out: dict[str, list[str]] = {}
    for one in list(head):
        out.setdefault(find(one), []).append(one)
    return list(out.values())
