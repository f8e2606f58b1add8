"""SQL put together from texts: named queries before a statement, small tables as named queries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

_WITH: Final = re.compile(r"\s*WITH\s", re.IGNORECASE)
_WORDS: Final = re.compile(r"\w+")


def words(sql: str) -> frozenset[str]:
    """Every word of a statement: the candidates for names of tables and columns."""
    return frozenset(_WORDS.findall(sql))


def preceded(sql: str, named: Mapping[str, str], how: str = "") -> str:
    """The statement with named queries before its own, such as `AS NOT MATERIALIZED (…)` with `how`."""
    if not named:
        return sql
    before = ",\n".join(f"{name} AS {how}(\n{query}\n)" for name, query in named.items())
    found = _WITH.match(sql)
    return f"WITH {before},\n{sql[found.end() :]}" if found else f"WITH {before}\n{sql}"


def mentioned(sql: str, names: Iterable[str]) -> list[str]:
    """Which of the names stand in the statement."""
    there = words(sql)
    return [name for name in names if name in there]
