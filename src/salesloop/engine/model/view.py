"""The whole state of a page that shows numbers: one schema, always in the address."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Any, Self
from urllib.parse import quote, urlencode

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    field_validator,
)

from salesloop.engine.model.calendar import Calendar, Grain
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.periods import DateRange, parse_period, well_formed
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.engine.model")
_PARAMETER = re.compile(r"[a-z][a-z0-9_]*=-?\d{1,9}(\.\d{1,9})?")
_WRITTEN = re.compile(r"\d|FY")
"""How a period that somebody wrote begins: `2025-11`, `FY2026-Q1`; words such as `last-month` move with the day."""
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*(:[1-6])?")

COMPARISONS = ("previous", "year", "festival", "target", "plan")
"""What a page compares with besides a period that somebody chose (`2025-11`, `2025-01-01..2025-03-31`)."""


def _split(value: object) -> object:
    """`revenue,orders` from an address, and any sequence from code."""
    return tuple(part for part in value.split(",") if part) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_split)]
DEFAULT_PERIOD = "this-month"


class View(BaseModel):
    """What a page shows. Two views are equal iff their addresses are.

    `by`: dimension ids, `region:2` for a tree level; `where`: filters such as `region=华东` or `category=A|B`;
    `params`: numbers chosen for metrics, as `churn_days=60`; `compare`: words of `COMPARISONS`, and one period at most; `period`: as `periods.parse_period` reads it; `tab` and `sort` (`-revenue` = falling) belong to the page.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    metrics: Names = ()
    by: Names = ()
    grain: Grain | None = None
    period: str = DEFAULT_PERIOD
    where: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    compare: Names = ()
    tab: str = ""
    sort: str = ""

    @field_validator("metrics", "by")
    @classmethod
    def _are_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not _IDENTIFIER.fullmatch(name):
                raise ValueError(f"“{name}” is not a name")
        return names

    @field_validator("where")
    @classmethod
    def _in_one_order(cls, filters: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted({text for text in filters if text}))

    @field_validator("params")
    @classmethod
    def _are_numbers(cls, params: tuple[str, ...]) -> tuple[str, ...]:
        for text in params:
            if not _PARAMETER.fullmatch(text):
                raise ValueError(f"“{text}” is not a name with a number")
        return tuple(sorted(set(params)))

    @field_validator("compare")
    @classmethod
    def _are_comparisons(cls, compare: tuple[str, ...]) -> tuple[str, ...]:
        written = [text for text in compare if text not in COMPARISONS]
        for text in written:
            if not _WRITTEN.match(text) or not well_formed(text):
                raise UserError(_MESSAGES.message("bad_comparison", value=text, known=list(COMPARISONS)))
        if len(written) > 1:
            raise UserError(_MESSAGES.message("one_comparison", first=written[0], second=written[1]))
        return compare

    @field_validator("period")
    @classmethod
    def _is_period(cls, text: str) -> str:
        if not well_formed(text):
            raise UserError(_MESSAGES.message("bad_period", value=text))
        return text

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> Self:
        """From the parameters of an address (a Django QueryDict, or a mapping of text or lists of text).

        Parameters of other owners are ignored. UserError names the wrong one.
        """
        read = getattr(query, "getlist", None)
        values: dict[str, object] = {}
        for name in cls.model_fields:
            if name not in query:
                continue
            given = read(name) if read else query[name]
            many = [given] if isinstance(given, str) else list(given)
            values[name] = tuple(many) if name in _REPEATED else ",".join(many) if name in _LISTS else many[-1]
        values = {name: value for name, value in values.items() if value not in ("", ())}
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0])
            raise UserError(
                _MESSAGES.message(
                    "bad_view",
                    name=name,
                    value=str(first["input"]),
                    problem=first["msg"],
                )
            ) from error

    def to_query(self) -> str:
        """The canonical query string: fixed order, defaults left out, readable (commas, colons and Chinese kept)."""
        pairs: list[tuple[str, str]] = []
        for name in type(self).model_fields:
            value = getattr(self, name)
            if value == type(self).model_fields[name].default:
                continue
            if name in _REPEATED:
                pairs += [(name, one) for one in value]
            else:
                pairs.append((name, value if isinstance(value, str) else ",".join(value)))
        return urlencode(pairs, quote_via=quote, safe=",:|!.-")

    def range(self, calendar: Calendar, today: dt.date) -> DateRange:
        """The days that `period` means."""
        return parse_period(self.period, calendar, today)

    def changed(self, **changes: object) -> Self:
        """The view of a link away from this one."""
        return type(self).model_validate(self.model_dump() | changes)


_REPEATED = frozenset({"where", "params"})
_LISTS = frozenset({"metrics", "by", "compare"})
