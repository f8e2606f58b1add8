"""Data of departments as the page shows them: what each supplies and uses, and which keys do not join."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from salesloop.app.quality.sight import entity_word
from salesloop.app.workspace.services import local_day
from salesloop.engine.analyze.quality import Judged
from salesloop.engine.analyze.quality.sharing import SHARED, Join, Supply, joins, paths, supplies, unjoined

SHOWN_SOURCES = 60


@dataclass(frozen=True, slots=True)
class Department:
    """One department with those below it. `used`: share of its keys that lead to a delivered record, by what they lead to."""

    id: str
    name: str
    depth: int
    kinds: int
    records: int
    last: dt.datetime | None
    completeness: float | None
    used: list[float | None]


@dataclass(frozen=True, slots=True)
class Supplied:
    """One entity through one source. `days`: since the last delivery."""

    entity: str
    source: str
    records: int
    last: dt.datetime | None
    days: int | None
    event: dt.date | None
    completeness: float | None


@dataclass(frozen=True, slots=True)
class Joined:
    """One shared key of one entity and source. `lacking`: (key, records) that lead to no delivered record."""

    entity: str
    source: str
    target: str
    target_name: str
    given: int
    share: float | None
    mentioned: int
    lost: int
    lacking: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Sharing:
    """The whole page; `chosen` is the department looked at, None for all of the scope."""

    shared: list[str]
    departments: list[Department]
    chosen: Department | None
    supplied: list[Supplied]
    joined: list[Joined]


def sharing(of: Judged, unit: str, today: dt.date) -> Sharing | None:
    """All departments of the scope, and the data of `unit` ('' for all); None where it is not one of them."""
    supplied, joined, tree = supplies(of), joins(of), paths(of)
    departments = _departments(of, supplied, joined, tree)
    chosen = next((each for each in departments if unit and each.id == unit), None)
    if unit and chosen is None:
        return None
    below = {each for each in tree if unit in {id_ for id_, _name in tree[each]}} if unit else None
    return Sharing(
        [entity_word(target) for target in SHARED],
        departments,
        chosen,
        _supplied([each for each in supplied if below is None or each.org_unit in below], today),
        _joined(of, [each for each in joined if below is None or each.org_unit in below], below),
    )


def _departments(
    of: Judged, supplied: Sequence[Supply], joined: Sequence[Join], tree: dict[str, list[tuple[str, str]]]
) -> list[Department]:
    names = {id_: (name, depth, path) for path in tree.values() for depth, (id_, name) in enumerate(path)}
    seen = [unit for unit in names if of.scope.everything or unit in of.scope.org_units]
    order = sorted(seen, key=lambda unit: [name for _id, name in tree.get(unit, [])])
    least = min((names[unit][1] for unit in order), default=0)
    out = []
    for unit in order:
        name, depth, _path = names[unit]
        own = [each for each in supplied if unit in {id_ for id_, _n in tree.get(each.org_unit, [])}]
        if not own:
            continue
        keys = [each for each in joined if unit in {id_ for id_, _n in tree.get(each.org_unit, [])}]
        expected = sum(each.expected for each in own)
        out.append(
            Department(
                unit,
                name,
                depth - least,
                len({each.entity for each in own}),
                sum(each.records for each in own),
                max((each.last_received for each in own if each.last_received), default=None),
                sum(each.filled for each in own) / expected if expected else None,
                [_share([each for each in keys if each.target == target]) for target in SHARED],
            )
        )
    return out


def _share(keys: Sequence[Join]) -> float | None:
    given = sum(each.given for each in keys)
    return sum(each.joined for each in keys) / given if given else None


def _supplied(found: Sequence[Supply], today: dt.date) -> list[Supplied]:
    groups: dict[tuple[str, str], list[Supply]] = {}
    for each in found:
        groups.setdefault((each.entity, each.source), []).append(each)
    out = []
    for (entity, source), own in groups.items():
        last = max((each.last_received for each in own if each.last_received), default=None)
        expected = sum(each.expected for each in own)
        out.append(
            Supplied(
                entity_word(entity),
                source or _("没有写来源"),
                sum(each.records for each in own),
                last,
                (today - local_day(last)).days if last else None,
                max((each.last_event for each in own if each.last_event), default=None),
                sum(each.filled for each in own) / expected if expected else None,
            )
        )
    return sorted(out, key=lambda each: -each.records)[:SHOWN_SOURCES]


def _joined(of: Judged, found: Sequence[Join], units: Collection[str] | None) -> list[Joined]:
    groups: dict[tuple[str, str, str], list[Join]] = {}
    for each in found:
        groups.setdefault((each.entity, each.source, each.target), []).append(each)
    out = []
    for (entity, source, target), own in groups.items():
        given, mentioned = sum(each.given for each in own), sum(each.mentioned for each in own)
        share = _share(own)
        lacking = unjoined(of, entity, target, source, units) if share is not None and share < 1 else []
        out.append(
            Joined(
                entity_word(entity),
                source or _("没有写来源"),
                target,
                entity_word(target),
                given,
                share,
                mentioned,
                given - mentioned - sum(each.joined for each in own),
                lacking,
            )
        )
    return sorted(out, key=lambda each: (each.share if each.share is not None else 2.0, -each.given))
