"""Names of companies as a kind of comparison."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import duckdb

from salesloop.engine.clean.identity.company_columns import prepare_names
from salesloop.engine.clean.identity.company_levels import ONCE, PARTS
from salesloop.engine.clean.identity.comparison import Part
from salesloop.engine.clean.identity.letters import edits


@dataclass(frozen=True)
class Company:
    """The comparison of a field that holds names of companies."""

    field: str

    def prepare(self, con: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
        prepare_names(con, source, target)

    @property
    def apart(self) -> str:
        return f"{self.field}_province"

    @property
    def keys(self) -> Mapping[str, str]:
        core, body = f"{self.field}_core", f"{self.field}_body"
        return {
            "": f"[{core}]",
            "brand": f"[{self.field}_brand]",
            "sound": f"[array_to_string({self.field}_sounds[-length({core}):], ' ')]",
            "edits": f"CASE WHEN length({body}) BETWEEN 3 AND 24 THEN {edits(body)} END",
            "rare": f"{self.field}_rare",
        }

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(
            Part(
                self.field,
                name,
                _mine(missing, self.field),
                tuple(
                    replace(level, holds=_mine(level.holds, self.field), weight=_mine(str(level.weight), self.field))
                    for level in levels
                ),
                f"{self.field}_{shown}",
                f"x.{self.field}_short" if name == "length" else "",
                tuple((f"{self.field}_{worked}", _mine(sql, self.field)) for worked, sql in ONCE),
            )
            for name, missing, levels, shown in PARTS
        )


def _mine(sql: str, field: str) -> str:
    """SQL over `l.brand` as SQL over the columns of this field: `l.name_brand`."""
    return re.sub(r"\b([lrc])\.", rf"\1.{field}_", sql)
