"""Each spelling of a value means what a person would say it means; what nobody could say stays unreadable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from salesloop.engine.clean.plan import MESSAGES
from salesloop.engine.clean.values import (
    Email,
    Identifier,
    Moment,
    Percent,
    Phone,
    Text,
    boolean,
    decimal,
    integer,
    money,
    quantity,
)
from salesloop.engine.clean.values.currency import CurrencyCode
from salesloop.engine.clean.values.recipe import ValueType
from tests.engine.clean import value_cases
from tests.engine.clean.reading import read

ZONE = "Asia/Shanghai"
TABLES: dict[str, tuple[ValueType, str, Callable[[str], Any]]] = {
    "money": (money(), value_cases.MONEY, Decimal),
    "quantity": (quantity(), value_cases.QUANTITY, Decimal),
    "integer": (integer(), value_cases.INTEGER, int),
    "decimal": (decimal(), value_cases.DECIMAL, Decimal),
    "percent": (Percent(), value_cases.PERCENT, float),
    "date": (Moment("date", ZONE), value_cases.DATE, dt.date.fromisoformat),
    "datetime": (Moment("datetime", ZONE), value_cases.DATETIME, dt.datetime.fromisoformat),
    "boolean": (boolean(), value_cases.BOOLEAN, lambda text: text == "true"),
    "identifier": (Identifier(), value_cases.IDENTIFIER, str),
    "text": (Text(), value_cases.TEXT, str),
    "phone": (Phone(), value_cases.PHONE, str),
    "email": (Email(), value_cases.EMAIL, str),
    "currency": (CurrencyCode(), value_cases.CURRENCY, str),
}


def cases(table: str, value: Callable[[str], Any]) -> list[tuple[str, Any, str | None]]:
    """(text, value, state) of each line."""
    out: list[tuple[str, Any, str | None]] = []
    for line in table.strip("\n").split("\n"):
        text, meaning = line.split(" → ")
        text = text.replace("·", " ").replace("⇥", "\t")
        if meaning == "∅":
            out.append((text, None, None))
        elif meaning.startswith("✗"):
            out.append((text, None, "!" + (meaning[1:].strip() or "unreadable")))
        else:
            plain, rule = split_rule(meaning)
            out.append((text, value(plain), rule))
    return out


def split_rule(meaning: str) -> tuple[str, str | None]:
    head, _, last = meaning.rpartition(" ")
    return (head, last) if f"rule_{last}" in MESSAGES.texts else (meaning, None)


@pytest.mark.requirement("C02", "C03", "C04")
@pytest.mark.parametrize("name", TABLES)
def test_every_spelling_means_what_the_table_says(name: str) -> None:
    kind, table, value = TABLES[name]
    wanted = cases(table, value)
    found = read(kind, [text for text, _, _ in wanted])
    got = list(zip([text for text, _, _ in wanted], found.values, found.states, strict=True))
    wrong = [(found, meant) for found, meant in zip(got, wanted, strict=True) if found != meant]
    assert wrong == []


def test_the_table_is_large_enough() -> None:
    assert sum(len(table.strip().split("\n")) for _, table, _ in TABLES.values()) >= 300


@pytest.mark.parametrize("name", TABLES)
def test_a_column_of_usual_cells_is_read_like_each_alone(name: str) -> None:
    """The short way for columns without odd cells gives what the long way gives."""
    kind, table, value = TABLES[name]
    wanted = [(text, meaning) for text, meaning, state in cases(table, value) if state is None and meaning is not None]
    together = read(kind, [text for text, _ in wanted]).values
    alone = [read(kind, [text, None, ""]).values for text, _ in wanted[:3]]
    assert together == [meaning for _, meaning in wanted]
    assert alone == [[meaning, None, None] for _, meaning in wanted[:3]]
