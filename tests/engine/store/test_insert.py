"""Columns that say nothing take no room, and nobody who reads a table can tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from hypothesis import given as given_by
from hypothesis import settings
from hypothesis import strategies as st

from salesloop.engine.store.engines.quiet import connect
from salesloop.engine.store.insert import insert_rows, make_room

COLUMNS = {"id": "INTEGER", "name": "VARCHAR", "_given_name": "VARCHAR", "price": "DECIMAL(18,4)", "marks": "VARCHAR[]"}
NAMED = {"id": "id", "name": "name", "_given_name": "name"}


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with table() as made:
        yield made


def table() -> duckdb.DuckDBPyConnection:
    con = connect()
    con.execute(f"CREATE TABLE item ({', '.join(f'{name} {kind}' for name, kind in COLUMNS.items())})")
    return con


def rows(*names: str) -> str:
    listed = ", ".join(f"({n}, '{name}')" for n, name in enumerate(names, 1))
    return f"(SELECT * FROM (VALUES {listed}) t(id, name))"


def stored(con: duckdb.DuckDBPyConnection) -> set[str]:
    found = con.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = 'item' AND column_default IS NULL")
    return {name for (name,) in found.fetchall()}


def shown(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return con.execute(f"SELECT {', '.join(COLUMNS)} FROM item ORDER BY ALL").fetchall()


def test_the_first_rows_store_only_what_they_say(con: duckdb.DuckDBPyConnection) -> None:
    assert insert_rows(con, "item", NAMED | {"price": "NULL"}, rows("甲", "乙")) == 2
    assert stored(con) == {"id", "name"}
    assert shown(con) == [(1, "甲", "甲", None, None), (2, "乙", "乙", None, None)]


def test_no_rows_change_nothing(con: duckdb.DuckDBPyConnection) -> None:
    assert insert_rows(con, "item", NAMED, "(SELECT 1 AS id, '甲' AS name WHERE false)") == 0
    assert stored(con) == set(COLUMNS)


def test_a_value_that_comes_later_is_stored_and_the_rows_before_keep_what_they_showed(
    con: duckdb.DuckDBPyConnection,
) -> None:
    insert_rows(con, "item", NAMED, rows("甲"))
    insert_rows(con, "item", NAMED | {"price": "$price", "_given_name": "name || '?'"}, rows("乙"), {"price": 5})
    assert stored(con) == {"id", "name", "price", "_given_name"}
    assert {row[2]: row[3] for row in shown(con)} == {"甲": None, "乙?": 5}


def test_rows_that_say_the_same_again_store_no_more(con: duckdb.DuckDBPyConnection) -> None:
    insert_rows(con, "item", NAMED, rows("甲"))
    insert_rows(con, "item", NAMED, rows("乙", "丙"))
    assert stored(con) == {"id", "name"}


def test_a_column_that_is_to_be_changed_leaves_what_shows_it_as_it_was(con: duckdb.DuckDBPyConnection) -> None:
    insert_rows(con, "item", NAMED, rows("甲", "乙"))
    con.execute("DELETE FROM item WHERE id = 1")
    make_room(con, "item", ["name"])
    con.execute("UPDATE item SET name = '丁' WHERE rowid = 1")
    assert shown(con) == [(2, "丁", "乙", None, None)]


TEXTS = st.sampled_from([None, "甲", "乙"])
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["insert", "publish", "delete"]), st.integers(0, 9), TEXTS, TEXTS, st.none() | st.integers(0, 3)
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=25)
@given_by(STEPS)
def test_it_reads_like_a_table_that_stores_everything(
    steps: list[tuple[str, int, str | None, str | None, int | None]],
) -> None:
    """Rows come, go and are published under other names."""
    with table() as thin, table() as plain:
        for what, number, name, told, price in steps:
            params = {"id": number, "name": name, "told": told, "price": price}
            if what == "insert":
                values = {"id": "$id", "name": "$name", "_given_name": "$told", "price": "$price"}
                insert_rows(thin, "item", values, "(SELECT 1)", params)
                plain.execute(
                    "INSERT INTO item (id, name, _given_name, price) VALUES ($id, $name, $told, $price)", params
                )
            elif what == "publish":
                make_room(thin, "item", ["name"])
                for con in (thin, plain):
                    con.execute("UPDATE item SET name = $name WHERE id = $id", {"id": number, "name": name})
            else:
                for con in (thin, plain):
                    con.execute("DELETE FROM item WHERE id = $id", {"id": number})
        assert shown(thin) == shown(plain)
