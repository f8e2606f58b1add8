"""Dates and times: 2025-03-05, 2025年3月5日, 2025.3.5, 20250305, 25/3/5, 5-Mar-25, Mar 5, 2025, 3/5/2025, 45721,
2018-01-01 星期五, 2025-03-05T10:00:00Z, 2025年3月5日 下午3点20, 民国114年3月5日, 2025年3月, 2025Q1.

Results: DATE, or TIMESTAMP as wall time in the workspace's time zone (a stated zone is converted). Days that do not exist
(2018-02-29) stay unreadable. A month, quarter or year alone is its first day. Dates lie between 1900 and 2199.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from salesloop.engine.clean.values.calendar_text import KINDS, day_text, kind_rules
from salesloop.engine.clean.values.cells import (
    INVISIBLE,
    among,
    contains,
    count_odd,
    extract,
    for_odd,
    full_width,
    half,
    literal,
    matches,
    replace,
    trimmed,
    unreadable,
)
from salesloop.engine.clean.values.chinese_date import DATE_NUMERALS, arabic_date
from salesloop.engine.clean.values.day_order import DayOrder, Order, day_order, order_evidence
from salesloop.engine.clean.values.recipe import NONE_OFF, Evidence, Off, Recipe, Rewrite, repaired

_RANGE: Final = "BETWEEN DATE '1900-01-01' AND DATE '2199-12-31'"
_ISO: Final = r"\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?"
_ZEROS: Final = r"(0000[-/.]?00[-/.]?00|00[.]00[.]0000|1900[-/.]0?1[-/.]0?0)([ t].*)?"
_WEEKDAY: Final = (
    r"[ ,，(（]*(?:星期|礼拜|禮拜|周|週)[一二三四五六日天][)）]?[ ,，]*|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]? +"
)
_ASIDE: Final = r"^(?:'|公元 ?)| at "
_ZONE_NAME: Final = r"([+-]\d{4}) (?:cst|\(.*\))$"
_UNUSUAL: Final = rf"[\s\p{{Z}}{INVISIBLE}！-～−–—'A-Za-z周週期拜元]"
_GLUED_CLOCK: Final = r"^(\d{8})[ t]?(\d{2})(\d{2})(\d{2})?(z)?$"
_SPLIT_CLOCK: Final = r"\1 \2:\3:\4\5"
_POINTED_CLOCK: Final = r" (\d{2})\.(\d{2})\.(\d{2})(\.\d+)? ?([ap]m|[上下]午)$"
_HALVES: Final = "凌晨|清晨|早上|早晨|早|上午|中午|下午|午后|傍晚|晚上|晚|夜里|am|pm"
_CLOCK: Final = (
    rf"^(.*?)[- t:]*({_HALVES})? *(\d{{1,2}}) *[:点點时時] *(\d{{1,2}}|半|一刻|三刻|整)?分?"
    r" *:?(\d{1,2}(?:[.,]\d+)?)?秒? *(am|pm|a\.m\.|p\.m\.|上午|下午)?"
    r" *(z|北京时间|北京時間|(?:utc|gmt)(?:[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{1,2}(?::?\d{2})?)?$"
)
_OFFSET: Final = r"([+-])(\d{1,2}):?(\d{2})?$"
_CLOCK_PARTS: Final = ("day", "half", "hour", "minute", "second", "half2", "zone")
_FORENOON: Final = ("凌晨", "清晨", "早上", "早晨", "早", "上午", "am", "a.m.")
_MIDNIGHT_AT_12: Final = ("凌晨", "上午", "am", "a.m.")
_AFTERNOON: Final = ("下午", "午后", "傍晚", "晚上", "晚", "夜里", "pm", "p.m.")
_EVENING: Final = ("傍晚", "晚上", "晚", "夜里")
_BEIJING: Final = ("北京时间", "北京時間")


@dataclass(frozen=True)
class Moment:
    """Dates (`kind` "date") or times. `timezone` is the workspace's; `file_order` what another column proved."""

    kind: Literal["date", "datetime"]
    timezone: str
    file_order: Order | None = None

    @property
    def rewrite(self) -> Callable[[str], Rewrite]:
        return lambda x: Rewrite(for_odd(x, f"{x}_f", matches(x, DATE_NUMERALS)), arabic_date)

    def probe(self, x: str) -> Mapping[str, str]:
        moment = f"CASE WHEN {matches(x, _ISO)} THEN try_cast({x} AS TIMESTAMP) END"
        if self.kind == "datetime":
            return {f"{x}_f": _within(moment)}
        # Longer than ten bytes there may be a time, even one of another zone.
        day, timed = _within(f"try_cast({x} AS DATE)"), _within(f"CAST({moment} AS DATE)")
        return {f"{x}_f": f"CASE WHEN strlen({x}) <= 10 THEN {day} ELSE {timed} END"}

    def evidence(self, x: str) -> Mapping[str, str]:
        return {"odd": count_odd(x, f"{x}_f"), **order_evidence(x)}

    def recipe(self, x: str, seen: Evidence, off: Off = NONE_OFF) -> Recipe:  # noqa: ARG002 - all rules are of cells
        if not seen["odd"]:
            return Recipe((self.probe(x),), f"{x}_f")
        order = day_order(seen, self.file_order)
        timed = contains(f"{x}_n", r"\d *[:点點时時]")
        day = f"try_cast({day_text(f'{x}_d', f'{x}_k', order)} AS DATE)"
        value = f"CAST({x}_m AS DATE)" if self.kind == "date" else f"{x}_m"
        steps = (
            self.probe(x),
            {f"{x}_n": _normalised(x)},
            {f"{x}_p": f"CASE WHEN {timed} THEN {extract(f'{x}_n', _CLOCK, _CLOCK_PARTS)} END"},
            {f"{x}_d": f"CASE WHEN {x}_p IS NULL THEN {x}_n ELSE rtrim({x}_p.day, ' ,') END"},
            {f"{x}_k": _kind(f"{x}_d")},
            {f"{x}_y": f"CASE {x}_k WHEN 'epoch' THEN CAST({self._epoch(x)} AS DATE) ELSE {day} END"},
            {f"{x}_t": _within(f"{x}_y")},
            {f"{x}_m": self._moment(x)},
            {f"{x}_v": f"coalesce({x}_f, {value})"},
            {f"{x}_s": _state(x, order)},
        )
        return Recipe(steps, f"{x}_v", f"{x}_s")

    def _moment(self, x: str) -> str:
        """Day and clock together, in the workspace's zone where the cell states one."""
        p = f"{x}_p"
        serial = f"to_microseconds(CAST((CAST({x}_d AS DOUBLE) % 1) * 86400 + 0.0005 AS BIGINT) * 1000000)"
        local = f"CAST({x}_t AS TIMESTAMP) + to_microseconds({_microseconds(p)})"
        zone = extract(f"{p}.zone", _OFFSET, ("sign", "hours", "minutes"))
        hours, minutes = (f"coalesce(try_cast(({zone}).{part} AS BIGINT), 0)" for part in ("hours", "minutes"))
        sign = f"CASE WHEN ({zone}).sign = '-' THEN -1 ELSE 1 END"
        offset = (
            f"CASE WHEN {among(f'{p}.zone', _BEIJING)} THEN 28800 ELSE {sign} * ({hours} * 3600 + {minutes} * 60) END"
        )
        here = self._here(f"{local} - to_seconds({offset})")
        return (
            f"CASE WHEN {x}_t IS NULL THEN NULL WHEN {x}_k = 'serial' THEN CAST({x}_t AS TIMESTAMP) + {serial} "
            f"WHEN {x}_k = 'epoch' THEN {self._epoch(x)} "
            f"WHEN {p} IS NULL THEN CAST({x}_t AS TIMESTAMP) WHEN {p}.zone <> '' THEN {here} ELSE {local} END"
        )

    def _here(self, utc: str) -> str:
        """A moment of Greenwich as the wall time of the workspace."""
        return f"timezone({literal(self.timezone)}, timezone('UTC', {utc}))"

    def _epoch(self, x: str) -> str:
        """Seconds or milliseconds since 1970."""
        number = f"CAST(CAST({x}_d AS DOUBLE) AS BIGINT)"
        milliseconds = f"CASE WHEN {number} < 10000000000 THEN {number} * 1000 ELSE {number} END"
        return self._here(f"make_timestamp(({milliseconds}) * 1000)")


def _kind(d: str) -> str:
    cases = (f"WHEN {matches(d, pattern)} THEN {literal(kind)}" for kind, pattern in KINDS.items())
    return f"CASE WHEN {d} IS NULL THEN NULL {' '.join(cases)} END"


def _within(day: str) -> str:
    return f"CASE WHEN {day} {_RANGE} THEN {day} END"


def _normalised(x: str) -> str:
    """An odd cell in lower case, half-width, without weekday; clocks without colons get them. NULL for a blank."""
    plain = trimmed(f"translate(lower({half(x)}), '−–—', '---')")
    named = replace(replace(f"trim({replace(plain, _WEEKDAY, ' ')})", _ASIDE, " "), _ZONE_NAME, r"\1")
    pointed = replace(f"trim({named})", _POINTED_CLOCK, r" \1:\2:\3\4 \5")
    tidy = f"CASE WHEN {contains(x, _UNUSUAL)} THEN {pointed} ELSE {x} END"
    split = f"CASE WHEN strlen({x}) < 12 THEN {tidy} ELSE {replace(tidy, _GLUED_CLOCK, _SPLIT_CLOCK)} END"
    text = f"CASE WHEN {matches(x, _ZEROS)} OR {x} = '00000000' THEN NULL ELSE rtrim({split}, ':') END"
    return for_odd(x, f"{x}_f", text)


def _microseconds(p: str) -> str:
    """Microseconds since midnight, NULL where there is no such time."""
    half = f"(CASE WHEN {p}.half <> '' THEN {p}.half ELSE {p}.half2 END)"
    hour = f"CAST({p}.hour AS INTEGER)"
    minute = (
        f"(CASE {p}.minute WHEN '' THEN 0 WHEN '整' THEN 0 WHEN '半' THEN 30 WHEN '一刻' THEN 15 WHEN '三刻' THEN 45 "
        f"ELSE CAST({p}.minute AS INTEGER) END)"
    )
    second = f"(CASE {p}.second WHEN '' THEN 0 ELSE CAST(replace({p}.second, ',', '.') AS DOUBLE) END)"
    late = among(half, _AFTERNOON)
    hours = (
        f"(CASE WHEN {late} AND {hour} < 12 THEN {hour} + 12 WHEN {half} = '中午' AND {hour} < 3 THEN {hour} + 12 "
        f"WHEN {among(half, _MIDNIGHT_AT_12)} AND {hour} = 12 THEN 0 ELSE {hour} END)"
    )
    passed = f"{hours} * 3600 + {minute} * 60 + {second}"
    # 15:04-16:00 is a stretch of time, 15:04:00-05:00 a zone; no zone is further than 14 hours from Greenwich.
    zone = f"({matches(f'{p}.zone', '[^+-].*')} OR {p}.second <> '' AND {matches(f'{p}.zone', '.(0?[0-9]|1[0-4])(:?[0-9]{2})?')})"
    return (
        f"CASE WHEN {p}.hour <> '' AND {hour} <= 24 AND {minute} < 60 AND {second} < 60 AND {passed} <= 86400 "
        f"AND NOT ({hour} > 12 AND {among(half, _FORENOON)}) AND NOT ({hour} = 12 AND {among(half, _EVENING)}) AND ({p}.zone = '' OR {zone}) "
        f"THEN CAST(({passed}) * 1000000 AS BIGINT) END"
    )


def _state(x: str, order: DayOrder) -> str:
    def either_way(kind: str) -> str:
        first, second = (f"CAST(regexp_extract({x}_d, {literal(KINDS[kind])}, {n}) AS INTEGER)" for n in (1, 2))
        return f"CASE WHEN {x}_k = '{kind}' THEN {first} <= 12 AND {second} <= 12 AND {first} <> {second} END"

    rules = [(f"{x}_p.zone <> ''", "time_zone"), (either_way("long"), "date_order")]
    if order.short != "ymd":
        rules.append((either_way("short"), "date_order"))
    rules += [*kind_rules(f"{x}_d", f"{x}_k"), (full_width(x), "full_width")]
    return f"CASE WHEN {x}_n IS NULL THEN NULL WHEN {x}_v IS NULL THEN {unreadable(x)} ELSE {repaired(rules)} END"
