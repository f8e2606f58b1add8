"""A registration code is taken by its check digit: every right one, and none with one character changed."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from salesloop.engine.clean.values.credit_code import CreditCode
from tests.engine.clean.reading import read

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(base: str) -> str:
    """GB 32100-2015, written independently of the reader: Horner's scheme from the right instead of weights."""
    rest = 0
    for char in reversed(base):
        rest = (rest * 3 + ALPHABET.index(char)) % 31
    return base + ALPHABET[-rest % 31]


def registration(base: str) -> str:
    """GS 15-2006 (ISO 7064, MOD 11,10)."""
    left = 10
    for char in base:
        left = ((int(char) + left) % 10 or 10) * 2 % 11
    return base + str((1 - left) % 10)


def states(texts: list[str]) -> list[str | None]:
    return read(CreditCode(), list(texts)).states


@settings(max_examples=10)
@given(
    st.lists(st.text(ALPHABET, min_size=17, max_size=17), min_size=1, max_size=30),
    st.integers(0, 17),
    st.integers(1, 30),
)
def test_credit_codes(bases: list[str], place: int, step: int) -> None:
    right = [credit_code(base) for base in bases]
    assert read(CreditCode(), list(right)).values == right
    wrong = [
        code[:place] + ALPHABET[(ALPHABET.index(code[place]) + step) % 31] + code[place + 1 :]
        for code in right
        if not code.isdigit() or len(code) != 18
    ]
    found = [state for code, state in zip(wrong, states(wrong), strict=True) if not code[:17].isdigit()]
    assert set(found) <= {"!wrong_check_digit"}


@settings(max_examples=10)
@given(st.lists(st.text("0123456789", min_size=14, max_size=14), min_size=1, max_size=30))
def test_old_registration_numbers(bases: list[str]) -> None:
    right = [registration(base) for base in bases]
    assert read(CreditCode(), list(right)).values == right
