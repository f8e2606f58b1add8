"""Which period targets are set for, told by how far their dates lie apart."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

_DAY: Final = re.compile(r"^\D*((?:19|20)\d{2})\D?(\d{1,2})(?:\D?(\d{1,2}))?")
_APART: Final = (("year", 300), ("quarter", 80), ("month", 27), ("week", 7), ("day", 1))


def period_of_targets(starts: Iterable[str | None]) -> str | None:
    """`day`, `week`, `month`, `quarter` or `year` by the usual distance between neighbouring dates; None for one date."""
    days = sorted({day for text in starts if text and (day := _day(text))})
    gaps = sorted((b - a).days for a, b in pairwise(days))
    if not gaps:
        return None
    usual = gaps[len(gaps) // 2]
    return next(name for name, least in _APART if usual >= least)


def _day(text: str) -> dt.date | None:
    match = _DAY.match(text)
    if not match:
        return None
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return None
