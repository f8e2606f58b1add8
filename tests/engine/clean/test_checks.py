"""Checks over published tables count what they speak of and what fails, and can show the rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import duckdb
import pytest

from salesloop.engine.clean import CheckResult, failing_rows, run_checks
from salesloop.engine.model.text import LANGS, Message
from salesloop.engine.store.schema import prepare
from tests.engine.clean.tables import MODEL

TODAY = dt.date(2026, 11, 21)


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
    return {(r.entity, r.check): r for r in run_checks(con, MODEL, today=TODAY)}


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


def test_the_failing_rows_can_be_seen(con: duckdb.DuckDBPyConnection) -> None:
    unknown = failing_rows(con, MODEL, "order_line", "customer_id_known", today=TODAY)
    assert unknown.column("order_id").to_pylist() == ["b"]
    same_name = failing_rows(con, MODEL, "customer", "name_unique", today=TODAY)
    assert sorted(same_name.column("customer_id").to_pylist()) == ["2", "4"]
    assert failing_rows(con, MODEL, "customer", "name_unique", today=TODAY, limit=1).num_rows == 1


def test_every_result_says_what_should_hold_in_three_languages(con: duckdb.DuckDBPyConnection) -> None:
    for result in outcomes(con).values():
        for lang in LANGS:
            said = result.label.text(lang) if isinstance(result.label, Message) else result.label.get(lang)
            assert said
            assert "{" not in said


def test_all_checks_of_all_entities_run(con: duckdb.DuckDBPyConnection) -> None:
    """Every declared expression is valid SQL over the published table."""
    for entity in MODEL.entities:
        key = ", ".join(f'"{name}"' for name in entity.key)
        con.execute(f'INSERT INTO "{entity.name}" ({key}) SELECT {", ".join("NULL" for _ in entity.key)}')
    found = outcomes(con)
    for entity in MODEL.entities:
        assert {(entity.name, check.name) for check in entity.checks} <= set(found)
