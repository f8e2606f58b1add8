"""What a pair loses to the other pairs of its records: the weights say how alike two records are, not how alone they are."""

from __future__ import annotations

from typing import Final

_CLEARLY: Final = 1
_BEATEN: Final = 6
_CHANCE: Final = 1
_FEW: Final = 10_000


def settled() -> str:
    """SQL: `identity_scored` (l, r, bits, alone_l, alone_r, slip, …) with the bits that are left.

    A record that says little (alone: a short name) goes with its best pair; a pair that is more than a bit worse loses
    six. A pair by a slip loses a bit each time that the other slips of its records double, and one each time
    that the table quadruples beyond 10,000 records: the more firms there are, the more of them differ by a character.
    """
    beaten = " OR ".join(
        f"(alone_{side} AND bits < max(bits) OVER (PARTITION BY {side}, alone_{side}) - {_CLEARLY})"
        for side in ("l", "r")
    )
    return (
        "WITH slips AS (SELECT unnest([l, r]) AS i FROM identity_scored WHERE slip), counted AS (SELECT i, count(*) AS n FROM slips GROUP BY i) "
        f"SELECT s.* EXCLUDE (bits), bits - CASE WHEN {beaten} THEN {_BEATEN} ELSE 0 END "
        f"- CASE WHEN slip THEN {_CHANCE} * log2(greatest(a.n, b.n, 2) - 1) + log2(greatest(records, {_FEW}) / {_FEW}) / 2 ELSE 0 END AS bits "
        "FROM identity_scored s, (SELECT count(*) AS records FROM identity_record) LEFT JOIN counted a ON a.i = s.l LEFT JOIN counted b ON b.i = s.r"
    )
