"""What the columns of a table hold: enough to tell a date from an amount and a name from a number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pyarrow as pa

from salesloop.engine.collect.cells import Kind, kind_of
from salesloop.engine.collect.raw import RawTable
from salesloop.engine.model.fields import Field

_LOOKED_AT: Final = 1000
_SAMPLES: Final = 5
_EMAIL: Final = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_PHONE: Final = re.compile(r"^[+(]?\d[\d\s()./+-]{5,}\d(?:\s*(?:转|x|ext)\.?\s*\d+)?$", re.IGNORECASE)
_COMPACT_DATE: Final = re.compile(r"^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$")
_YEAR: Final = re.compile(r"^(?:19|20)\d{2}$")
_SERIAL: Final = re.compile(r"^[2-6]\d{4}(?:\.\d+)?$")
_FRACTION: Final = re.compile(r"\.\d*[1-9]")
_TRUTH: Final = frozenset(
    (
        "0",
        "1",
        "y",
        "n",
        "yes",
        "no",
        "true",
        "false",
        "t",
        "f",
        "是",
        "否",
        "有",
        "无",
        "√",
        "×",
        "对",
        "错",
        "真",
        "假",
    )
)


@dataclass(frozen=True)
class Profile:
    """Of one column, from up to a thousand of its rows spread over the table; `values` are those that are not blank."""

    values: tuple[str, ...]

    @cached_property
    def kinds(self) -> Counter[Kind]:
        return Counter(kind_of(value) for value in self.values)

    @cached_property
    def samples(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.values))[:_SAMPLES]

    @cached_property
    def distinct(self) -> int:
        return len(set(self.values))

    def share(self, kind: Kind) -> float:
        return self.kinds[kind] / len(self.values) if self.values else 0.0

    def matching(self, pattern: re.Pattern[str]) -> float:
        """Share of the values that follow a pattern."""
        return sum(bool(pattern.search(value)) for value in self.values) / len(self.values) if self.values else 0.0

    @property
    def is_email(self) -> bool:
        return self.matching(_EMAIL) > 0.8

    @property
    def is_phone(self) -> bool:
        return self.matching(_PHONE) > 0.8 and self.share("date") < 0.2

    @property
    def has_fractions(self) -> bool:
        return self.matching(_FRACTION) > 0.2

    def fits(self, field: Field) -> float:
        """How well the values suit a field, 0 (they cannot be meant) to 1. A blank column suits anything fairly."""
        if not self.values:
            return 0.9
        if field.type in ("date", "datetime"):
            return self._as_date()
        if field.type in ("money", "quantity", "decimal", "percent", "integer"):
            return 1.0 if self.share("number") > 0.7 else 0.0
        if field.type == "email":
            return 1.0 if self.is_email else 0.0
        if field.type == "phone":
            return 1.0 if self.matching(_PHONE) > 0.3 else 0.2
        if field.type == "boolean":
            told = {value.casefold() for value in self.values}
            return 1.0 if told <= _TRUTH else 0.8 if len(told) <= 2 else 0.2
        if field.type == "choice":
            return self._as_choice(field)
        return self._as_words(field)

    def _as_date(self) -> float:
        if self.share("date") > 0.7:
            return 1.0
        for pattern, fit in ((_COMPACT_DATE, 0.9), (_YEAR, 0.6), (_SERIAL, 0.6)):
            if self.matching(pattern) > 0.9:
                return fit
        return 0.7 if self.share("date") > 0.1 else 0.0

    def _as_choice(self, field: Field) -> float:
        known = {word.casefold() for choice in field.choices for word in (choice.value, *choice.aliases)}
        known |= {text.casefold() for choice in field.choices for text in (choice.label.zh_hans, choice.label.en)}
        if sum(value.casefold() in known for value in self.values) > 0.5 * len(self.values):
            return 1.0
        if self.share("date") > 0.5 or self.matching(_FRACTION) > 0.5:
            return 0.0
        return 0.8 if self.distinct <= 30 else 0.4

    def _as_words(self, field: Field) -> float:
        if self.share("date") > 0.8:
            return 0.0
        if self.share("number") > 0.8:
            if self.has_fractions:
                return 0.2
            return 1.0 if field.type == "identifier" else 0.8
        codes = all(len(value) <= 2 and value.isascii() for value in self.values)
        return 0.85 if codes and field.type == "text" else 1.0


def profiles(table: RawTable) -> Mapping[str, Profile]:
    """The profile of each column."""
    rows = table.data.num_rows
    step = max(1, rows // _LOOKED_AT)
    looked = table.data.take(pa.array(range(0, rows, step), pa.int64())) if step > 1 else table.data
    found = {}
    for name in table.columns:
        texts = (value.strip() for value in looked[name].to_pylist() if value)
        found[name] = Profile(tuple(text for text in texts if text and kind_of(text) != "blank"))
    return found
