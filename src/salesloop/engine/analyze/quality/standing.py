"""Where each check stands, and how it came there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from salesloop.engine.analyze.quality.mend import Chosen, count_to_mend
from salesloop.engine.analyze.quality.source import Judged
from salesloop.engine.clean.quality import Circumstances
from salesloop.engine.clean.quality.definition import Check
from salesloop.engine.clean.quality.tables import table_results
from salesloop.engine.model.scope import Scope

_GRAVITY: Final = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Standing:
    """The last outcome of a check. `history`: (checked at, UTC; share that failed), oldest first, this one included.

    `failed` leaves out the records that a steward accepted, which are counted in `accepted`; the history is as it was judged.
    """

    check: Check
    failed: int
    accepted: int
    checked: int
    checked_at: dt.datetime
    history: tuple[tuple[dt.datetime, float], ...]

    @property
    def share(self) -> float:
        """Failed ÷ checked; 0 where nothing was checked."""
        return self.failed / self.checked if self.checked else 0.0


def standing(of: Judged, at: Circumstances, *, entity: str | None = None, kept: int = 60) -> list[Standing]:
    """Every check that was ever judged here and is still in force, failing ones first, then by severity and share.

    `kept`: how many outcomes of the past each brings along. Counts are of all records, whatever the scope. Records were judged
    when they came; freshness and the like are judged now, as of the day `at`.
    """
    found = of.snapshot.rows(
        "SELECT entity, check_name, arg_max(failed, rowid) AS failed, arg_max(checked, rowid) AS checked, "
        "arg_max(checked_at, rowid) AS at, list(struct_pack(at := checked_at, share := "
        "CASE WHEN checked > 0 THEN failed / checked ELSE 0 END) ORDER BY rowid) AS history "
        "FROM ledger.quality GROUP BY entity, check_name"
    )
    entities = None if entity is None else [entity]
    accepted = count_to_mend(replace(of, scope=Scope.all()), Chosen(state="accepted")) if of.verdicts else {}
    live = {(r.entity, r.check): r for r in table_results(of.snapshot.rows, of.book, at, entities=entities)}
    out = []
    for row in found:
        check = of.book.of(row["entity"]).get(row["check_name"])
        if check is not None and entity in (None, row["entity"]):
            history = tuple(
                (each["at"].replace(tzinfo=dt.UTC), float(each["share"])) for each in row["history"][-kept:]
            )
            judged_at = row["at"].replace(tzinfo=dt.UTC)
            now = live.get((check.entity, check.check))
            failed, checked = (now.failed, now.checked) if now else (row["failed"], row["checked"])
            known = accepted.get((check.entity, check.check), 0)
            out.append(Standing(check, max(failed - known, 0), known, checked, judged_at, history))
    return sorted(
        out, key=lambda s: (not s.failed, _GRAVITY[s.check.severity], -s.share, s.check.entity, s.check.check)
    )
