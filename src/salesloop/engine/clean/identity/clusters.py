"""Groups of records that are the same thing, from pairs that are to be merged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

_AGREED: Final = 0.5
"""Share of the pairs between two groups that must be known as the same before the groups become one."""

Pair = tuple[str, str, float]


def clusters(pairs: pa.Table) -> pa.Table:
    """id, cluster (the smallest id of the group), by id, of all records in pairs decided `merge`.

    `pairs` as `find_duplicates` returns them (or what people decided, in the same columns). Strongest pairs first; two
    groups become one where at least half of the pairs between them are to be merged, so that a chain A–B–C–D does not
    make A and D the same. The order of the rows does not matter.
    """
    wanted = pairs.filter(pc.equal(pairs["decision"], "merge"))
    columns = (wanted[name].to_pylist() for name in ("left_id", "right_id", "score"))
    known = [(min(a, b), max(a, b), score) for a, b, score in zip(*columns, strict=True)]
    group = {member: members[0] for members in _groups(known) for member in members}
    return pa.table(
        {
            "id": pa.array(sorted(group), pa.string()),
            "cluster": pa.array([group[i] for i in sorted(group)], pa.string()),
        }
    )


def _groups(pairs: Sequence[Pair]) -> Iterator[list[str]]:
    links: dict[str, set[str]] = defaultdict(set)
    for a, b, _ in pairs:
        links[a].add(b)
        links[b].add(a)
    members: dict[str, list[str]] = {one: [one] for one in links}
    group = {one: one for one in links}
    for a, b, _ in sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1])):
        left, right = group[a], group[b]
        if left != right and _agree(members[left], members[right], links):
            head, other = min(left, right), max(left, right)
            for one in members[other]:
                group[one] = head
            members[head] += members.pop(other)
    for found in members.values():
        yield sorted(found)


def _agree(left: Sequence[str], right: Sequence[str], links: dict[str, set[str]]) -> bool:
    linked = sum(len(links[one].intersection(right)) for one in left)
    return linked >= _AGREED * len(left) * len(right)
