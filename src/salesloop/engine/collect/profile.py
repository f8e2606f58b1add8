"""What the columns of a table hold: enough to tell a date from an amount and a name from a number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pyarrow as pa

from salesloop.engine.collect.cells import Kind, kind_of
from salesloop.engine.collect.normal import normal
from salesloop.engine.collect.patterns import (
    CODE,
    COMPACT_DATE,
    COMPANY,
    CREDIT_CODE,
    CURRENCY,
    EMAIL,
    FRACTION,
    PERCENT,
    PERSON,
    PHONE,
    PLACE,
    SERIAL,
    TRUTH,
    YEAR,
)
from salesloop.engine.collect.raw import RawTable
from salesloop.engine.model.fields import Field

_LOOKED_AT: Final = 1000
_SAMPLES: Final = 5


@dataclass(frozen=True)
class Profile:
    """Of one column, from up to a thousand of its rows spread over the table; `values` are those that are not blank."""

    values: tuple[str, ...]

    @cached_property
    def kinds(self) -> Counter[Kind]:
        kinds: Counter[Kind] = Counter()
        for value, times in Counter(self.values).items():
            kinds[kind_of(value)] += times
        return kinds

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

    @cached_property
    def as_emails(self) -> float:
        return self.matching(EMAIL)

    @cached_property
    def as_phones(self) -> float:
        return self.matching(PHONE)

    @cached_property
    def as_percents(self) -> float:
        return self.matching(PERCENT)

    @cached_property
    def as_credit_codes(self) -> float:
        """Of the form of a 统一社会信用代码."""
        return self.matching(CREDIT_CODE)

    @cached_property
    def as_codes(self) -> float:
        """Like an identifier: letters and digits without blanks."""
        return self.matching(CODE)

    @cached_property
    def as_companies(self) -> float:
        return self.matching(COMPANY)

    @cached_property
    def as_people(self) -> float:
        """Chinese names of two or three characters that begin with a surname."""
        return self.matching(PERSON)

    @cached_property
    def as_places(self) -> float:
        """Provinces and great regions of China."""
        return self.matching(PLACE)

    @cached_property
    def as_truths(self) -> float:
        return sum(value.casefold() in TRUTH for value in self.values) / len(self.values) if self.values else 0.0

    @cached_property
    def as_dates(self) -> float:
        return max(self.share("date"), self.matching(COMPACT_DATE))

    @property
    def repeats(self) -> bool:
        """Whether some value comes more than once."""
        return self.distinct < len(self.values)

    @property
    def is_email(self) -> bool:
        return self.as_emails > 0.8

    @property
    def is_truth(self) -> bool:
        """Yes and no, in words: what is neither a name nor a code."""
        return self.as_truths == 1.0 and self.distinct <= 2 and self.share("number") == 0

    @property
    def has_fractions(self) -> bool:
        return self.matching(FRACTION) > 0.2

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
            return 1.0 if self.as_phones > 0.3 else 0.2
        if field.type == "boolean":
            told = {value.casefold() for value in self.values}
            return 1.0 if told <= TRUTH else 0.8 if len(told) <= 2 else 0.2
        if field.type == "choice":
            return self._as_choice(field)
        return self._as_words(field)

    def _as_date(self) -> float:
        if self.share("date") > 0.7:
            return 1.0
        for pattern, fit in ((COMPACT_DATE, 0.9), (YEAR, 0.6), (SERIAL, 0.6)):
            if self.matching(pattern) > 0.9:
                return fit
        return 0.7 if self.share("date") > 0.1 else 0.0

    def as_choices(self, field: Field) -> float:
        """Share of the values that are known words for the choices of `field`."""
        known = {normal(word) for choice in field.choices for word in (choice.value, *choice.aliases)}
        known |= {normal(text) for choice in field.choices for text in (choice.label.zh_hans, choice.label.en)}
        return sum(normal(value) in known for value in self.values) / len(self.values) if self.values else 0.0

    def _as_choice(self, field: Field) -> float:
        if self.as_choices(field) > 0.5:
            return 1.0
        if self.share("date") > 0.5 or self.matching(FRACTION) > 0.5:
            return 0.0
        return 0.8 if self.distinct <= 30 else 0.4

    def _as_words(self, field: Field) -> float:
        if self.share("date") > 0.8:
            return 0.0
        if self.is_truth or (self.is_email and field.type == "identifier"):
            return 0.2
        if field.references == "employee" and self.as_companies > 0.5:
            return 0.2
        if field.name == "currency" and self.matching(CURRENCY) < 0.5:
            return 0.2
        if self.share("number") > 0.8:
            if self.has_fractions:
                return 0.2
            return 1.0 if field.type == "identifier" else 0.8
        codes = all(len(value) <= 2 and value.isascii() for value in self.values)
        return 0.85 if codes and field.type == "text" else 1.0


def profiles(table: RawTable) -> Mapping[str, Profile]:
    """The profile of each column."""
    rows = table.data.num_rows
    spread = np.arange(rows) % max(1, rows // _LOOKED_AT) == 0
    looked = table.data.filter(pa.array(spread))  # `take` would copy the whole table
    found = {}
    for name in table.columns:
        texts = [text for value in looked[name].to_pylist() if value and (text := value.strip())]
        blank = {text for text in set(texts) if kind_of(text) == "blank"}
        found[name] = Profile(tuple(text for text in texts if text not in blank))
    return found
