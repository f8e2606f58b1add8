"""Reading numbers: what amounts, quantities, percents and plain numbers share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from salesloop.engine.clean.values.cells import (
    among,
    contains,
    count_odd,
    is_blank,
    literal,
    matches,
    odd,
    unreadable,
)
from salesloop.engine.clean.values.chinese_number import NUMERAL_TEXT, arabic_number
from salesloop.engine.clean.values.common_number import COMMON_TARGET, common_state, common_value
from salesloop.engine.clean.values.currency import CURRENCY_WORDS, PLAIN_WORDS
from salesloop.engine.clean.values.number_text import (
    digits,
    groups_with_points,
    is_sure,
    lead,
    parts,
    plain,
    separators,
    tail,
    unspaced,
    writes_decimal_commas,
)
from salesloop.engine.clean.values.recipe import NONE_OFF, ColumnRule, Evidence, Off, Recipe, Rewrite, repaired
from salesloop.engine.clean.values.unit import SCALES, Unit

# A cast that fails costs twenty times one that succeeds: what is plainly no number for it is kept away.
CASTABLE: Final = " AND ".join(("{x} <> ''", "{x} < ':'", *(f"NOT contains({{x}}, '{sign}')" for sign in "_,%万")))
_AFTER_KILO: Final = ("克", "米", "瓦", "瓦时", "升")
_ONE_POINT_GROUP: Final = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"


@dataclass(frozen=True)
class Number:
    """Numbers stored as `target`.

    `word` is the pattern of what may follow digits and scale. `factors` are words among them that multiply (% → 0.01),
    `rules` the repairs that words are recorded as, `other_word` the one for words without a rule of their own.
    `usual` is the cast for usual cells; `whole` refuses fractions; `marks`: a currency may stand before the digits.
    """

    target: str
    word: str
    unit: Unit | None = None
    scales: Mapping[str, Decimal] = field(default_factory=lambda: SCALES)
    factors: Mapping[str, Decimal] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    other_word: str | None = None
    usual: str = f"CASE WHEN {CASTABLE} THEN try_cast({{x}} AS DECIMAL(18,4)) END"
    whole: bool = False
    marks: bool = False
    factor_type: str = "DECIMAL(16,3)"

    @property
    def rewrite(self) -> Callable[[str], Rewrite]:
        # The pattern first: telling whether a cell is blank costs more, and few cells are in numerals.
        return lambda x: Rewrite(
            f"CASE WHEN {odd(x, f'{x}_f')} THEN CASE WHEN {matches(x, NUMERAL_TEXT)} THEN NOT {is_blank(x)} END END",
            arabic_number,
        )

    def probe(self, x: str) -> Mapping[str, str]:
        return {f"{x}_f": self.usual.format(x=x), f"{x}_g": is_sure(x)}

    def evidence(self, x: str) -> Mapping[str, str]:
        return {"odd": count_odd(x, f"{x}_f"), **separators(x, f"{x}_f", f"{x}_g")}

    def recipe(self, x: str, seen: Evidence, off: Off = NONE_OFF) -> Recipe:
        rule = self._column_rule(seen)
        if rule is not None and rule.rule in off:
            rule = None
        factor = self._column_factor(seen) if rule else Decimal(1)
        points = groups_with_points(seen)
        usual = self._usual(x, factor, points=points)
        rules = (rule,) if rule else ()
        if not seen["odd"]:
            return Recipe(({f"{x}_f": usual},), f"{x}_f", column_rules=rules)
        usual_or_common = f"{x}_f"
        common: tuple[Mapping[str, str], ...] = ()
        if self._has_common(factor, points=points):
            usual_or_common = f"{x}_q"
            at_once = common_value(x, marks=self.marks)
            common = ({f"{x}_q": f"CASE WHEN {odd(x, f'{x}_f')} THEN {at_once} ELSE {x}_f END"},)
        steps = (
            {f"{x}_f": usual},
            *common,
            {f"{x}_h": plain(x, usual_or_common)},
            {f"{x}_n": unspaced(f"{x}_h")},
            {f"{x}_p": parts(f"{x}_n")},
            {
                f"{x}_l": lead(f"{x}_p", marks=self.marks),
                f"{x}_r": tail(f"{x}_p", self.scales, self.word),
                f"{x}_t": digits(f"{x}_p.num", comma=writes_decimal_commas(seen), points=points),
            },
            {f"{x}_v": f"coalesce({usual_or_common}, {self._value(x, factor)})"}
            | ({f"{x}_cur": _currency(x)} if self.marks else {}),
            {f"{x}_s": self._state(x, common_state(x) if common else None)},
        )
        return Recipe(steps, f"{x}_v", f"{x}_s", f"{x}_cur" if self.marks else None, rules)

    def _has_common(self, factor: Decimal, *, points: bool) -> bool:
        """Whether the common spellings mean in this column what they mean by themselves."""
        return self.target == COMMON_TARGET and factor == 1 and not points

    def _column_factor(self, seen: Evidence) -> Decimal:
        """What a number without a scale of its own is multiplied by."""
        del seen
        return self.unit.factor if self.unit else Decimal(1)

    def _column_rule(self, seen: Evidence) -> ColumnRule | None:
        factor = self._column_factor(seen)
        if factor == 1 or self.unit is None:
            return None
        return ColumnRule("header_unit", self.unit.text, f"× {factor:f}")

    def _usual(self, x: str, factor: Decimal, *, points: bool) -> str:
        """The cast for usual cells, with the factor of the column."""
        usual = self.usual.format(x=x)
        if factor != 1:
            # Eight decimals before scaling: 1.23456789 万元 is 12345.6789 元.
            exact = f"try_cast({x} AS DECIMAL(28,8)) * {factor:f}"
            usual = f"CASE WHEN {usual} IS NOT NULL THEN {self._typed(exact)} END"
        if points:
            usual = f"CASE WHEN NOT {contains(x, _ONE_POINT_GROUP)} THEN {usual} END"
        return usual

    def _typed(self, number: str) -> str:
        """SQL of an exact decimal as the stored type. NULL where it does not fit, or is no whole number and must be."""
        if self.whole:
            return f"CASE WHEN {number} = floor({number}) THEN try_cast({number} AS {self.target}) END"
        return f"try_cast({number} AS {self.target})"

    def _value(self, x: str, factor: Decimal) -> str:
        r = f"{x}_r"
        by_scale = f"WHEN {_scaled(r)} THEN {_lookup(f'{r}.scale', self.scales)}" if self.scales else ""
        by_word = f"WHEN {among(f'{r}.word', self.factors)} THEN {_lookup(f'{r}.word', self.factors)}"
        # 120000元 in a column headed 万元 says itself that it counts 元.
        base = f"WHEN {among(f'{r}.word', PLAIN_WORDS)} THEN 1"
        times = f"CASE {by_scale} {by_word if self.factors else ''} {base} ELSE {factor:f} END"
        scaled = f"try_cast({x}_t AS DECIMAL(22,8)) * CAST({times} AS {self.factor_type})"
        signed = f"({scaled}) * (CASE WHEN {self._negative(x)} THEN -1 ELSE 1 END)"
        sound = f"coalesce({x}_l.all, '') = {x}_p.lead AND coalesce({r}.all, '') = {x}_p.tail AND {self._paired(x)}"
        return f"CASE WHEN {x}_t IS NOT NULL THEN CASE WHEN {sound} THEN {self._typed(signed)} END END"

    def _state(self, x: str, common: str | None) -> str:
        r, ahead = f"{x}_r", f"{x}_l"
        separators = f"{x}_t <> replace(replace({x}_p.num, ',', ''), '''', '')"
        rules = [(_scaled(r), "scale")]
        rules += [(f"{r}.word = {literal(word)}", rule) for word, rule in self.rules.items()]
        rules.append((f"{separators} AND contains({x}_p.num, ',')", "decimal_comma"))
        rules.append((f"{separators} AND NOT contains({x}_p.num, ',')", "point_groups"))
        rules.append((f"{r}.minus <> ''", "negative"))
        rules += [(f"{ahead}.{part} <> ''", "negative") for part in self._brackets]
        rules += [(f"{ahead}.{part} = '{sign}'", "negative") for part in self._signs for sign in "▲负"]
        if self.marks:
            rules += [(f"{ahead}.mark <> ''", "currency"), (f"{r}.word <> ''", "currency")]
        if self.other_word:
            other = " AND ".join(f"{r}.word <> {literal(word)}" for word in ("", *self.factors))
            rules.append((other, self.other_word))
        rules += [(f"{r}.per <> ''", "unit"), (contains(x, "[０-９Ａ-Ｚａ-ｚ，．]"), "full_width")]
        at_once = f"WHEN {x}_f IS NULL AND {x}_q IS NOT NULL THEN {common}" if common else ""
        return (
            f"CASE {at_once} WHEN {x}_n IS NULL THEN NULL "
            f"WHEN {x}_v IS NULL THEN {unreadable(x)} ELSE {repaired(rules)} END"
        )

    @property
    def _signs(self) -> tuple[str, ...]:
        return ("sign", "sign2") if self.marks else ("sign",)

    @property
    def _brackets(self) -> tuple[str, ...]:
        return ("open", "open2") if self.marks else ("open",)

    def _negative(self, x: str) -> str:
        minus = [f"{x}_l.{part} <> '' AND {x}_l.{part} <> '+'" for part in self._signs]
        brackets = [f"{x}_l.{part} <> ''" for part in self._brackets]
        after = f"{x}_r.minus <> ''"
        return f"({' OR '.join([*minus, *brackets, after])})"

    def _paired(self, x: str) -> str:
        """Brackets open and close once, and there is one sign: (-5) and --5 say nothing certain."""

        def how_many(places: list[str]) -> str:
            return " + ".join(f"CASE WHEN {place} <> '' THEN 1 ELSE 0 END" for place in places)

        opened = how_many([f"{x}_l.{part}" for part in self._brackets])
        closed = how_many([f"{x}_r.close", f"{x}_r.close2"])
        signs = how_many([f"{x}_l.{part}" for part in (*self._signs, *self._brackets)] + [f"{x}_r.minus"])
        # 3200.- is a price without cents.
        no_cents = f"{x}_r.minus <> '' AND ends_with({x}_p.num, '.')"
        return f"({opened}) = ({closed}) AND ({signs}) <= 1 AND NOT coalesce({no_cents}, false)"


def _scaled(r: str) -> str:
    # 2.5千克 is 2.5 of the unit 千克, not 2,500 克.
    return f"({r}.scale <> '' AND NOT ({r}.scale = '千' AND {among(f'{r}.word', _AFTER_KILO)}))"


def _lookup(x: str, values: Mapping[str, Decimal]) -> str:
    return f"CASE {x} " + " ".join(f"WHEN {literal(word)} THEN {value:f}" for word, value in values.items()) + " END"


def _currency(x: str) -> str:
    """The ISO code that the cell states."""
    known = {word: code for word, code in CURRENCY_WORDS.items() if code is not None}
    cases = " ".join(f"WHEN {literal(word)} THEN {literal(code)}" for word, code in known.items())
    mark, word = f"{x}_l.mark", f"{x}_r.word"
    # The usual signs and words first: they are most, and say nothing about which currency.
    return (
        f"CASE WHEN {mark} <> '' AND {mark} <> '¥' AND {mark} <> '$' THEN CASE {mark} {cases} END "
        f"WHEN {word} <> '' AND {word} <> '元' THEN CASE {word} {cases} END END"
    )
