"""Checks over published tables count what they speak of and what fails, and can show the rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from salesloop.engine.clean.quality import CheckResult, Circumstances, failing_query, load_book, run_checks
from salesloop.engine.clean.quality.judge import columns_of_tables
from salesloop.engine.model.text import LANGS, Message, Text
from salesloop.engine.store.schema import prepare
from tests.engine.clean.tables import MODEL

AT = Circumstances(dt.date(2026, 11, 21))
BOOK = load_book(MODEL)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        prepare(con, MODEL)
        con.execute(
            "INSERT INTO customer (customer_id, name, credit_code) VALUES ('1', '华东 贸易（上海）', '91310000X'), "
            "('2', '华东贸易(上海)', NULL), ('3', '别家', '91310000x'), ('4', '华东-贸易 上海', NULL)"
        )
        con.execute(
            "INSERT INTO order_line (order_id, line_no, order_date, customer_id, quantity, amount, currency, fx_rate) VALUES "
            "('a', 1, DATE '2026-11-21', '1', 1, 5, NULL, 1), ('b', 1, DATE '2026-11-22', '9', 1, -5, 'USD', NULL), "
            "('c', 1, DATE '2026-11-01', NULL, NULL, 5, 'USD', 7.1)"
        )
        yield con


def outcomes(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], CheckResult]:
    return {(r.entity, r.check): r for r in run_checks(con, BOOK, AT)}


def failing(con: duckdb.DuckDBPyConnection, entity: str, check: str, key: str) -> list[Any]:
    query = failing_query(BOOK, columns_of_tables(con), entity, check, AT)
    return [row[0] for row in con.execute(f"SELECT {key} FROM ({query}) ORDER BY ALL").fetchall()]


@pytest.mark.requirement("C05")
@pytest.mark.parametrize(
    ("entity", "check", "failed", "checked"),
    [
        ("order_line", "amount_sign", 1, 2),  # −5 for 1 piece; c has no quantity
        ("order_line", "quantity_present", 1, 3),
        ("order_line", "customer_id_known", 1, 2),  # b names an unknown customer; c names none
        ("order_line", "rate_known", 1, 3),
        ("order_line", "order_date_not_in_future", 1, 3),  # today itself is not the future
        ("customer", "name_unique", 2, 4),  # three spellings of one name, the first of them is no repetition
        ("customer", "credit_code_unique", 1, 2),
        ("customer", "region_id_known", 0, 0),
    ],
)
def test_what_fails_and_what_was_checked(
    con: duckdb.DuckDBPyConnection, entity: str, check: str, failed: int, checked: int
) -> None:
    result = outcomes(con)[entity, check]
    assert (result.failed, result.checked) == (failed, checked)


def test_entities_without_rows_are_left_out(con: duckdb.DuckDBPyConnection) -> None:
    assert {entity for entity, _ in outcomes(con)} == {"customer", "order_line"}


def test_an_entity_that_lost_its_rows_is_told_once_more(con: duckdb.DuckDBPyConnection) -> None:
    outcomes(con)
    con.execute("DELETE FROM customer")
    assert (outcomes(con)["customer", "name_unique"].failed, outcomes(con)["customer", "name_unique"].checked) == (0, 0)


def test_the_failing_rows_can_be_seen(con: duckdb.DuckDBPyConnection) -> None:
    assert failing(con, "order_line", "customer_id_known", "order_id") == ["b"]
    assert failing(con, "customer", "name_unique", "customer_id") == ["2", "4"]


def test_the_keys_of_failing_rows_are_kept_with_what_they_fail(con: duckdb.DuckDBPyConnection) -> None:
    outcomes(con)
    (names,) = con.execute("SELECT checks FROM ledger.judged WHERE entity = 'order_line'").fetchall()[0]
    kept = {
        key: {name for bit, name in enumerate(names) if failed >> bit & 1}
        for key, failed in con.execute("SELECT order_id, failed FROM failing.order_line").fetchall()
    }
    assert kept == {
        "b": {"amount_sign", "customer_id_known", "rate_known", "order_date_not_in_future"},
        "c": {"quantity_present"},  # that it names no customer is a hint, which is counted and not listed
    }


def test_every_check_says_what_should_hold_and_why_in_three_languages(con: duckdb.DuckDBPyConnection) -> None:
    for check in BOOK:
        for said in (check.label, check.why):
            for lang in LANGS:
                text = said.text(lang) if isinstance(said, Message) else said.get(lang)
                assert text
                assert "{" not in text
        assert isinstance(check.label, Text | Message)
        assert check.owner


def test_all_checks_of_records_of_all_entities_run(con: duckdb.DuckDBPyConnection) -> None:
    """Every check is valid SQL over the published table, with more or with fewer than one row failing."""
    for entity in MODEL.entities:
        key = ", ".join(f'"{name}"' for name in entity.key)
        con.execute(f'INSERT INTO "{entity.name}" ({key}) SELECT {", ".join("NULL" for _ in entity.key)}')
    found = outcomes(con)
    for entity in MODEL.entities:
        assert {(entity.name, check.check) for check in BOOK.of_rows(entity.name)} <= set(found)
