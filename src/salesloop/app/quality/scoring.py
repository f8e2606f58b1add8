"""Scores as the page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from salesloop.engine.analyze.quality import Judged
from salesloop.engine.analyze.quality.scores import Group, Score, Tally, scores
from salesloop.engine.clean.quality import Circumstances

GROUPS: dict[Group, str | Promise] = {
    "org_unit": gettext_lazy("部门"),
    "employee": gettext_lazy("人员"),
    "source": gettext_lazy("来源"),
}
GOOD, POOR = 0.95, 0.85
"""From here a score is good, below there it is bad; between the two it wants attention."""


@dataclass(frozen=True, slots=True)
class Part:
    """One ratio of a score with what it is made of."""

    label: str
    value: float | None
    detail: str


@dataclass(frozen=True, slots=True)
class Row:
    """One group of the table. `depth` indents departments under those above them."""

    id: str
    name: str
    depth: int
    records: int
    failing: int
    validity: float | None
    completeness: float | None
    timeliness: float | None
    score: float | None
    level: Literal["good", "warn", "bad", ""]


def level(score: float | None) -> Literal["good", "warn", "bad", ""]:
    """Which colour a score gets; none where it is unknown."""
    if score is None:
        return ""
    return "good" if score >= GOOD else "warn" if score >= POOR else "bad"


def parts(tally: Tally) -> list[Part]:
    """The three parts of a score in words."""
    failing = _("%(failing)s 条未通过，共 %(records)s 条") % {
        "failing": f"{tally.failing_error + tally.failing_warning:,}",
        "records": f"{tally.records:,}",
    }
    filled = _("应填 %(expected)s 项，已填 %(filled)s 项") % {
        "expected": f"{tally.expected:,}",
        "filled": f"{tally.filled:,}",
    }
    timely = _("%(timely)s 条按时录入，共 %(entries)s 条") % {
        "timely": f"{tally.timely:,}",
        "entries": f"{tally.entries:,}",
    }
    return [
        Part(_("有效"), tally.validity, failing),
        Part(_("完整"), tally.completeness, filled if tally.expected else _("没有必填的项目")),
        Part(_("及时"), tally.timeliness, timely if tally.entries else _("没有录入时间")),
    ]


def groups(of: Judged) -> dict[Group, str | Promise]:
    """What the records of the scope can be grouped by: departments are for those who see one."""
    seen = of.scope.everything or bool(of.scope.org_units)
    return {group: label for group, label in GROUPS.items() if seen or group != "org_unit"}


def rows(of: Judged, by: Group, at: Circumstances) -> list[Row]:
    """The groups, the worst first; departments under those above them."""
    found = [score for score in scores(of, by, at) if score.tally.records]
    if by == "org_unit":
        return [_row(score, depth) for score, depth in _as_tree(found)]
    return [_row(score, 0) for score in found]


def _as_tree(found: Sequence[Score]) -> list[tuple[Score, int]]:
    known = {score.id for score in found}
    out: list[tuple[Score, int]] = []

    def below(parent: str | None, depth: int) -> None:
        for score in found:
            own = score.parent if score.parent in known else None
            if own == parent:
                out.append((score, depth))
                below(score.id, depth + 1)

    below(None, 0)
    return out


def _row(score: Score, depth: int) -> Row:
    tally = score.tally
    return Row(
        id=score.id,
        name=score.name or _("未归属"),
        depth=depth,
        records=tally.records,
        failing=tally.failing_error + tally.failing_warning,
        validity=tally.validity,
        completeness=tally.completeness,
        timeliness=tally.timeliness,
        score=tally.score,
        level=level(tally.score),
    )
