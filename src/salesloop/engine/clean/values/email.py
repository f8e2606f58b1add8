"""E-mail addresses: one per cell, in lower case. Of several the first; a name beside the address is dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from salesloop.engine.clean.values.cells import (
    contains,
    count_odd,
    extract,
    for_odd,
    half,
    matches,
    replace,
    trimmed,
    unreadable,
)
from salesloop.engine.clean.values.recipe import NONE_OFF, Evidence, Off, Recipe, repaired

_ADDRESS: Final = r"[a-z0-9._%+'-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.[a-z]{2,}"
_LABEL: Final = r"(?:mailto|e-?mail|[^@<a-z0-9]*邮箱|[^@<a-z0-9]*郵箱)[:：]"
_FRAMED: Final = rf"^(?:{_LABEL})?(?:([^@]*)<)?({_ADDRESS})>?(?:([\s;,；，、。/|（(.].*))?$"


@dataclass(frozen=True)
class Email:
    """One address."""

    rewrite = None

    def probe(self, x: str) -> Mapping[str, str]:
        return {f"{x}_f": f"CASE WHEN {matches(x, _ADDRESS)} THEN {x} END"}

    def evidence(self, x: str) -> Mapping[str, str]:
        return {"odd": count_odd(x, f"{x}_f")}

    def recipe(self, x: str, seen: Evidence, off: Off = NONE_OFF) -> Recipe:  # noqa: ARG002 - all rules are of cells
        if not seen["odd"]:
            return Recipe((self.probe(x),), f"{x}_f")
        plain = replace(f"replace(lower({trimmed(half(x))}), '。', '.')", " ?@ ?", "@")
        p = f"{x}_p"
        wide = contains(x, "[０-９Ａ-Ｚａ-ｚ＠．。]")
        several, words = contains(f"{p}.rest", "@"), contains(f"{p}.rest", r"[\p{L}0-9]")
        rules = [
            (several, "first_of_several"),
            (f"{p}.before <> ''", "note"),
            (f"NOT {several} AND {words}", "note"),
            (wide, "full_width"),
        ]
        steps = (
            self.probe(x),
            {f"{x}_n": for_odd(x, f"{x}_f", plain)},
            {p: extract(f"{x}_n", _FRAMED, ("before", "address", "rest"))},
            {f"{x}_v": f"coalesce({x}_f, nullif({p}.address, ''))"},
            {
                f"{x}_s": f"CASE WHEN {x}_n IS NULL THEN NULL WHEN {x}_v IS NULL THEN {unreadable(x)} "
                f"ELSE {repaired(rules)} END"
            },
        )
        return Recipe(steps, f"{x}_v", f"{x}_s")
