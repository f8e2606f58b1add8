"""What addresses and forms carry, read with care: anybody can write anything there."""

from __future__ import annotations

_LONGEST = 18
"""Digits; any longer number is beyond the ids of a database."""


def whole_number(text: str | None) -> int | None:
    """A number from 0 on in plain digits; None for anything else. (`²` is a digit to Python, and no number.)"""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= _LONGEST else None
