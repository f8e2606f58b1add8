"""Whatever a program or a person writes in a supported style is read back as what it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from salesloop.engine.clean.values import Moment, Percent, integer, money, quantity
from tests.engine.clean.reading import read

FEW = settings(max_examples=12)
ZONE = "Asia/Shanghai"

amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False, allow_infinity=False)
cents = st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False, allow_infinity=False)
days = st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2069, 12, 31))

FULL_WIDTH = str.maketrans("0123456789.,-()", "０１２３４５６７８９．，－（）")


def bracketed(amount: Decimal) -> str:
    return f"({-amount:,})" if amount < 0 else f"{amount:,}"


AMOUNT_STYLES: list[Callable[[Decimal], str]] = [
    lambda a: f"{a}",
    lambda a: f" {a} ",
    lambda a: f"{a:,}",
    lambda a: f"￥{a:,}",
    lambda a: f"-¥{-a}" if a < 0 else f"¥{a}",
    lambda a: f"{a}元",
    lambda a: f"{a:,} 元",
    lambda a: f"CNY {a}",
    lambda a: f"{a} USD",
    lambda a: f"{a / 10000:.8f}万",
    lambda a: f"{a / 10000:.8f}万元",
    lambda a: f"{a / 10**8:.12f}亿".rstrip() if a % 1 == 0 else f"{a}",
    bracketed,
    lambda a: f"{a:,}".translate(FULL_WIDTH),
    lambda a: f"{a:,}".replace(",", " "),
    lambda a: f"{a:,}".replace(",", "'"),
    lambda a: f"{abs(a):,}-" if a < 0 else f"{a:,}",
]


@FEW
@given(st.lists(st.tuples(amounts, st.sampled_from(AMOUNT_STYLES)), min_size=1, max_size=60))
def test_amounts(cells: list[tuple[Decimal, Callable[[Decimal], str]]]) -> None:
    texts = [style(amount) for amount, style in cells]
    assert read(money(), list(texts)).values == [amount for amount, _ in cells]


@FEW
@given(st.lists(cents.filter(lambda a: a % 1 != 0), min_size=1, max_size=40))
def test_amounts_with_a_decimal_comma(column: list[Decimal]) -> None:
    plain = [f"{amount}元".replace(".", ",") for amount in column]
    european = [f"{amount:,}".translate(str.maketrans(".,", ",.")) for amount in column]
    assert read(money(), list(plain)).values == column
    assert read(money(), list(european)).values == column


@FEW
@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=40))
def test_whole_numbers(column: list[int]) -> None:
    styles: list[Callable[[int], str]] = [
        str,
        lambda n: f"{n:,}",
        lambda n: f"{n}.0",
        lambda n: f"{n}".translate(FULL_WIDTH),
    ]
    texts = [styles[n % len(styles)](value) for n, value in enumerate(column)]
    assert read(integer(), list(texts)).values == column
    assert read(quantity(), [f"{value} 箱" for value in column]).values == column


@FEW
@given(st.lists(st.integers(-100_000, 100_000), min_size=1, max_size=40))
def test_percents(hundredths: list[int]) -> None:
    """Hundredths of a percent, with the sign and, in a column of its own, as fractions."""
    column = [Decimal(n) / 100 for n in hundredths]
    assert read(Percent(), [f"{p}%" for p in column]).values == [float(p / 100) for p in column]
    fractions = [Decimal(n) / 10**6 for n in hundredths]
    assert read(Percent(), [f"{f:f}" for f in fractions]).values == [float(f) for f in fractions]


DAY_STYLES: list[Callable[[dt.date], str]] = [
    lambda d: d.isoformat(),
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d:%Y年%m月%d日}",
    lambda d: f"{d:%d-%b-%Y}",
    lambda d: f"{d:%B} {d.day}, {d.year}",
    lambda d: f"{d:%Y-%m-%d} 星期{'一二三四五六日'[d.weekday()]}",
    lambda d: f"{d:%a}, {d:%d} {d:%b} {d:%Y}",
    lambda d: str((d - dt.date(1899, 12, 30)).days),
    lambda d: f"{d.year}/{d.month}/{d.day} 0:00",
    lambda d: f"{d.isoformat()} 00:00:00.000",
    lambda d: f"{d.isoformat()}T15:04:05+08:00",
    lambda d: f"民国{d.year - 1911}年{d.month}月{d.day}日",
    lambda d: f"{d:%Y-%m-%d}".translate(FULL_WIDTH),
]


@FEW
@given(st.lists(st.tuples(days, st.sampled_from(DAY_STYLES)), min_size=1, max_size=60))
def test_dates(cells: list[tuple[dt.date, Callable[[dt.date], str]]]) -> None:
    texts = [style(day) for day, style in cells]
    assert read(Moment("date", ZONE), list(texts)).values == [day for day, _ in cells]


@FEW
@given(st.lists(days, min_size=1, max_size=40), st.sampled_from(["mdy", "dmy"]), st.sampled_from(["/", "-", "."]))
def test_dates_whose_order_one_cell_proves(column: list[dt.date], order: str, mark: str) -> None:
    column = [*column, dt.date(2025, 3, 15)]
    parts = {"mdy": "{0.month}{1}{0.day}{1}{0.year}", "dmy": "{0.day}{1}{0.month}{1}{0.year}"}[order]
    texts = [parts.format(day, mark) for day in column]
    assert read(Moment("date", ZONE), list(texts)).values == column


@FEW
@given(st.lists(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2069, 12, 31)), min_size=1, max_size=40))
def test_times(column: list[dt.datetime]) -> None:
    column = [moment.replace(microsecond=0) for moment in column]
    styles: list[Callable[[dt.datetime], str]] = [
        lambda t: f"{t:%Y-%m-%d %H:%M:%S}",
        lambda t: f"{t:%Y/%m/%d %H:%M:%S}",
        lambda t: f"{t:%Y-%m-%dT%H:%M:%S}",
        lambda t: f"{t:%Y%m%d%H%M%S}",
        lambda t: f"{t:%Y年%m月%d日 %H时%M分%S秒}",
        lambda t: f"{t:%b %d, %Y %I:%M:%S %p}",
        lambda t: f"{t:%Y-%m-%d} {'下午' if t.hour >= 12 else '凌晨'}{t:%I:%M:%S}",
    ]
    texts = [styles[n % len(styles)](moment) for n, moment in enumerate(column)]
    assert read(Moment("datetime", ZONE), list(texts)).values == column
