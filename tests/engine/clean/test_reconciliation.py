"""Whatever the table holds, every received row is a record or waits, and the same values give the same fingerprint."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.clean.labelled import columns
from tests.engine.clean.tables import cleaned, mapping, raw_table

COLUMNS = {
    "订单号": ("identifier", "order_id"),
    "日期": ("date", "order_date"),
    "下单": ("datetime", "placed_at"),
    "金额": ("money", "amount"),
    "数量": ("quantity", "quantity"),
    "折扣": ("percent", "discount"),
    "币种": ("currency", "currency"),
    "门店": ("text", "store"),
}
TEXTS = {
    kind: [text for column in columns() if column.type == kind for text in column.texts] for kind, _ in COLUMNS.values()
}
HOW = mapping(
    "order_line",
    {column: field for column, (_, field) in COLUMNS.items()}
    | {"客户": ["customer_id", "customer.customer_id", "customer.name"]},
)

cell = st.one_of(
    st.none(), st.text(max_size=12), st.sampled_from(["", "1", "2025-01-01", "'", '"', "\x00", "％", "甲"])
)
row = st.tuples(*(st.one_of(st.sampled_from(TEXTS[kind]), cell) for kind, _ in COLUMNS.values()), cell)


@pytest.mark.requirement("B14", "C05")
@settings(max_examples=12)
@given(st.lists(row, min_size=1, max_size=60), st.integers(0, 3))
def test_received_is_records_plus_waiting(rows: list[tuple[str | None, ...]], lost: int) -> None:
    table = dict(zip([*COLUMNS, "客户"], zip(*rows, strict=True), strict=True))
    raw = raw_table({n: list(c) for n, c in table.items()}, broken=[(100 + n, "?") for n in range(lost)])
    with cleaned(raw, HOW) as out:
        waiting = out.quarantine()
        for entity in out.cleaned.entities:
            held = out.con.execute(f"SELECT count(*), count(DISTINCT _row) FROM {entity.relation}").fetchall()[0]
            of_entity = [w["row"] for w in waiting if w["entity"] == entity.entity]
            assert held[0] == entity.rows
            assert len(of_entity) == len(set(of_entity)) == entity.quarantined
            assert entity.received == entity.rows + entity.quarantined
        primary = out.cleaned.primary
        assert primary.received == raw.received == len(rows) + lost
        kept = {r for (r,) in out.con.execute(f"SELECT _row FROM {primary.relation}").fetchall()}
        assert kept | {w["row"] for w in waiting if w["entity"] == "order_line"} == set(range(2, 2 + len(rows))) | {
            100 + n for n in range(lost)
        }
        assert {c[1] for c in out.cells()} <= kept
        assert {r[1] for r in out.repairs()} <= kept | {None}


TABLE = {
    "订单号": ["A1", "A2", "A3"],
    "日期": ["2025-03-05", "2025/3/5", "2025-03-06"],
    "金额": ["1200", "￥1.2万", "5"],
    "门店": ["一店", "二店", ""],
}
COLUMNS_OF = {"订单号": "order_id", "日期": "order_date", "金额": "amount", "门店": "store"}


def test_the_fingerprint_is_of_the_values_not_of_their_spelling_or_order() -> None:
    again = {
        "门店": ["一店 ", "二店", "-"],
        "金额": ["1,200.00", "12000", "5元"],
        "日期": ["20250305", "2025年3月5日", "2025-3-6"],
        "订单号": [" A1", "A2", "A3"],
    }
    with cleaned(raw_table(TABLE), mapping("order_line", COLUMNS_OF)) as first:
        reordered = mapping("order_line", dict(reversed(list(COLUMNS_OF.items()))))
        with cleaned(raw_table(again), reordered) as second:
            assert first.hashes() == second.hashes()
            assert len(set(first.hashes().values())) == 3


def test_a_column_without_values_does_not_change_the_fingerprint() -> None:
    with cleaned(raw_table(TABLE), mapping("order_line", COLUMNS_OF)) as without:
        more = mapping("order_line", COLUMNS_OF | {"运费": "freight"})
        with cleaned(raw_table(TABLE | {"运费": ["", "-", "NULL"]}), more) as with_blank:
            assert without.hashes() == with_blank.hashes()
        with cleaned(raw_table(TABLE | {"运费": ["1", "", ""]}), more) as with_value:
            changed = {row for row, value in with_value.hashes().items() if value != without.hashes()[row]}
            assert changed == {2}


def test_the_fingerprint_is_the_same_in_another_process() -> None:
    code = (
        "from tests.engine.clean.test_reconciliation import *\n"
        "with cleaned(raw_table(TABLE), mapping('order_line', COLUMNS_OF)) as out: print(sorted(out.hashes().items()))"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    with cleaned(raw_table(TABLE), mapping("order_line", COLUMNS_OF)) as out:
        assert other.stdout.strip() == str(sorted(out.hashes().items()))
