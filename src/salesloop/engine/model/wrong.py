"""What is wrong with a document that somebody wrote, as a sentence in their language and the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import yaml
from pydantic import ValidationError

from salesloop.engine.model.text import Message, Messages, Wrong

_MESSAGES: Final = Messages("salesloop.engine.model")
_CHOICES: Final = {"literal_error": "expected", "union_tag_invalid": "expected_tags"}
_NUMBERS: Final = ("int_parsing", "int_type", "int_from_float", "float_parsing", "float_type")
_BOUNDS: Final = {
    "greater_than_equal": "least",
    "greater_than": "above",
    "less_than_equal": "most",
    "less_than": "below",
}
_INSIDE: Final = ("constrained-int", "constrained-str")
"""Parts of a place that pydantic adds and nobody wrote."""
_TEXTS: Final = ("string_type", "string_too_short")


def said(error: ValueError) -> Message:
    """The sentence of a ValueError; that of one that nobody translated as it stands."""
    return error.message if isinstance(error, Wrong) else _MESSAGES.message("wrong_other", problem=str(error))


def first_wrong(error: ValidationError) -> tuple[str, Message]:
    """The place (`measure.label`, — for the whole) and the sentence of the first thing that is wrong."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part not in _INSIDE) or "—"
    return place, sentence(first)


def sentence(wrong: Mapping[str, Any]) -> Message:
    """One of pydantic's errors (`type`, `input`, `ctx`, `msg`) in words."""
    kind, about, given = wrong["type"], wrong.get("ctx", {}), _short(wrong.get("input", ""))
    if kind == "value_error":
        return said(about["error"])
    if kind == "missing":
        return _MESSAGES.message("wrong_missing")
    if kind == "union_tag_not_found":
        return _MESSAGES.message("wrong_no_type", name=str(about["discriminator"]).strip("'"))
    if kind in _CHOICES:
        known = re.findall(r"'([^']+)'", str(about[_CHOICES[kind]]))
        return _MESSAGES.message("wrong_choice", value=about.get("tag", given), known=known)
    if kind == "extra_forbidden":
        return _MESSAGES.message("wrong_key")
    if kind == "string_pattern_mismatch":
        return _MESSAGES.message("wrong_name", value=given)
    if kind in _BOUNDS:
        return _MESSAGES.message(f"wrong_{_BOUNDS[kind]}", value=given, bound=next(iter(about.values())))
    if kind in _NUMBERS:
        return _MESSAGES.message("wrong_number", value=given)
    if kind in _TEXTS:
        return _MESSAGES.message("wrong_text", value=given)
    return _MESSAGES.message("wrong_other", problem=wrong["msg"])


def yaml_problem(error: yaml.YAMLError) -> Message:
    """Where a text is no YAML, in one line."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return _MESSAGES.message("wrong_other", problem=" ".join(str(error).split()))
    problem = getattr(error, "problem", None) or "?"
    return _MESSAGES.message("wrong_yaml", line=mark.line + 1, column=mark.column + 1, problem=problem)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
