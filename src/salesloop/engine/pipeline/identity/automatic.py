"""Merges without a person: where equal identifiers prove them, or where a company wants all sure ones."""

from __future__ import annotations

import datetime as dt
from typing import Final

from salesloop.engine.clean.identity import load_matching
from salesloop.engine.pipeline.identity.deciding import decide, keep, publish
from salesloop.engine.pipeline.identity.journal import read_history
from salesloop.engine.pipeline.identity.queue import Case, Looked, look, matched_entities, open_cases
from salesloop.engine.pipeline.identity.survivorship import load_survivorship
from salesloop.engine.store import Workspace

BY: Final = "salesloop"
MOST: Final = 5000
"""So many new records are matched right after an import; more wait for `salesloop duplicates find` or the worker."""


def look_and_merge(
    workspace: Workspace, *, now: dt.datetime, most: int | None = None, everything: bool = False, wait: float = 0.0
) -> tuple[dict[str, Looked], int]:
    """Match new records, and merge those that the rules of the workspace let merge; what was found, and how many merges.

    The merges are decisions like those of people: in the history, to be undone, and published as one snapshot.
    """
    found = look(workspace, now=now, most=most, everything=everything)
    mode = load_survivorship(workspace).automatic
    history = read_history(workspace)
    taken_back = {frozenset(one.ids) for one in history.decisions if one.decision_id in history.undone}
    cases = [
        case
        for entity in matched_entities(workspace)
        if mode != "never" and entity.name in found
        for case in open_cases(workspace, entity.name)
        if case.asked == "merge" and (mode == "sure" or _proven(case)) and frozenset(case.ids) not in taken_back
    ]
    decisions = [
        decide(workspace, case.entity, "same", case.ids, by=BY, now=now, why=mode, automatic=True) for case in cases
    ]
    if decisions:
        keep(workspace, decisions)
        publish(workspace, now, wait=wait)
    return found, len(decisions)


def _proven(case: Case) -> bool:
    """Whether both have the same registered number. A telephone number may be shared, a registration may not."""
    registered = {rule.field for rule in load_matching(case.entity).fields if rule.kind == "registration"}
    return len(case.ids) == 2 and any(
        piece["field"] in registered and piece["agreement"] == "same" for piece in case.evidence
    )
