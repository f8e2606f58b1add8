"""Whether enough of a table is understood to propose an entity for it."""

from __future__ import annotations

import re
from typing import Final

from salesloop.engine.collect.draft import Draft, Sheet
from salesloop.engine.collect.fit import sheet_likeness
from salesloop.engine.collect.fold import is_market
from salesloop.engine.collect.normal import normal
from salesloop.engine.model.entity import Entity

# Share of the rows of a dimension that must have a key of their own; dirty lists repeat some.
_FEW_REPEATED: Final = 0.7
# What a fact needs at least: columns of its own that are so sure, and so many of them where neither key nor date is there.
_TOLD: Final = 0.7
_TELLING: Final = 3
_KEY: Final = re.compile(r"(?:id|key|编号|编码|代码)$")


def is_convincing(sheet: Sheet, draft: Draft, primary: Entity) -> bool:
    """Whether enough of a table is understood. One known header among many proves nothing, nor does a list of bare keys."""
    used = set(draft.feeds) | {column for path in draft.paths for column in path.columns}
    if len(used) < (1 if len(sheet.columns) <= 2 else 2):
        return False
    key = draft.column_of(f"{primary.name}.{primary.key[0]}")
    if primary.name == "market_size" and not _speaks_of_markets(sheet):
        return False
    if primary.kind == "fact":
        dated = draft.column_of(f"{primary.name}.{primary.event_date}")
        told = _told(draft, primary)
        named = sheet_likeness(primary, sheet.name) > 0
        whole = len(primary.key) > 1 and all(draft.column_of(f"{primary.name}.{name}") for name in primary.key)
        return named or whole or (told > 0 and (key is not None or dated is not None)) or told >= _TELLING
    if any(path.entity == primary.name for path in draft.paths):
        return True
    dated_rows = draft.column_of(f"{primary.name}.valid_from") is not None
    if key is not None and not dated_rows and not sheet.rows.is_unique(key, _FEW_REPEATED):
        return False  # every line of an order names its product: a list of products names each once
    named_only = key is not None and draft.feeds[key][0].field != f"{primary.name}.{primary.key[0]}"
    if named_only and any(
        _KEY.search(normal(c)) and draft.is_free(c) and sheet.rows.is_unique(c) for c in sheet.columns
    ):
        return False  # another column holds the keys: a table of something else (categoryID, description)
    return len(used) > 1 or any(m[0].field == f"{primary.name}.{primary.name_field}" for m in draft.feeds.values())


def _told(draft: Draft, primary: Entity) -> int:
    """How many columns tell something that is the fact's own: neither when, nor who, nor for whom."""
    common = {primary.event_date, primary.entry_time, *primary.references, *primary.key, "currency"}
    own = {f"{primary.name}.{field.name}" for field in primary.fields if field.name not in common}
    return sum(matches[0].field in own and matches[0].confidence >= _TOLD for matches in draft.feeds.values())


def _speaks_of_markets(sheet: Sheet) -> bool:
    """Sales by region and month are as likely our own: only words like 市场 or GDP make them the size of a market."""
    return any(is_market(text) for text in (sheet.name, *sheet.columns))
