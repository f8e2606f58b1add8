"""Rows whose cells are stored already are not read again, and nothing comes out otherwise than if they were."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesloop.engine.clean import clean
from salesloop.engine.collect.mapping import ColumnMapping, Mapping
from salesloop.engine.collect.read import read_file
from salesloop.engine.model.errors import UserError
from salesloop.engine.pipeline import Counts, undo_import
from salesloop.engine.pipeline.recognise import recall
from salesloop.engine.store import Workspace
from tests.engine.pipeline.files import NOW, ORDERS, bring, order, state, write_csv

MAPPING = Mapping(
    name="orders",
    entity="order_line",
    header=ORDERS,
    columns=tuple(
        ColumnMapping(column=column, field=f"order_line.{field}")
        for column, field in zip(
            ORDERS,
            ("order_id", "line_no", "order_date", "customer_id", "employee_id", "product_id", "quantity", "amount"),
            strict=True,
        )
    ),
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "company")


def lines(workspace: Workspace) -> list[tuple[object, ...]]:
    rows = workspace.current().rows("SELECT order_id, line_no, amount, _batch FROM order_line ORDER BY ALL")
    return [(row["order_id"], row["line_no"], row["amount"], row["_batch"]) for row in rows]


def test_two_equal_cells_that_change_alike_are_a_change(workspace: Workspace, tmp_path: Path) -> None:
    """Whether their columns repeat their texts (and are read text by text) or not."""
    rows = [order(f"A{n}", 1, 100 + n, customer="甲", who="甲") for n in range(4)]
    bring(workspace, write_csv(tmp_path / "三月.csv", ORDERS, rows), mapping=MAPPING)
    changed = [order("A0", 1, 100, customer="乙", who="乙"), *rows[1:]]
    changed[1] = [*rows[1][:6], 5, 5]
    (batch,) = bring(workspace, write_csv(tmp_path / "更正.csv", ORDERS, changed), mapping=MAPPING).batches
    assert batch.entities["order_line"] == Counts(received=4, replaced=2, unchanged=2)
    changed[1] = [*changed[1][:6], 7, 7]
    (batch,) = bring(workspace, write_csv(tmp_path / "再更正.csv", ORDERS, changed), mapping=MAPPING).batches
    assert batch.entities["order_line"] == Counts(received=4, replaced=1, unchanged=3)


def test_only_what_changed_is_read(workspace: Workspace, tmp_path: Path) -> None:
    rows = [order("A1", 1, 100), order("A1", 2, "1.2万"), order("A2", 1, 30), order("A3", 1, "待定")]
    bring(workspace, write_csv(tmp_path / "三月.csv", ORDERS, rows), mapping=MAPPING)
    rows[2] = order("A2", 1, "￥35")
    later = write_csv(tmp_path / "三月更正.csv", ORDERS, rows)
    (table,) = read_file(later).tables
    with workspace.rehearsing() as building:
        entity = workspace.model.entity("order_line")
        cleaned = clean(building.con, table, MAPPING, workspace.model, workspace.config, recall(building.con, entity))
        assert (cleaned.primary.known, cleaned.primary.rows, cleaned.primary.quarantined) == (2, 1, 1)
    (batch,) = bring(workspace, later, mapping=MAPPING).batches
    assert batch.entities["order_line"] == Counts(received=4, replaced=1, unchanged=2, quarantined=1)
    assert [(number, line, amount) for number, line, amount, _ in lines(workspace)] == [
        ("A1", 1, Decimal(100)),
        ("A1", 2, Decimal(12000)),
        ("A2", 1, Decimal(35)),
    ]
    confirmed = workspace.current().rows("SELECT rows FROM ledger.confirmed WHERE entity = 'order_line'")
    assert confirmed == [{"rows": 2}]


def test_what_the_recognised_rows_confirm_cannot_be_undone_beneath_them(workspace: Workspace, tmp_path: Path) -> None:
    rows = [order("A1", 1, 100), order("A2", 1, 30)]
    first = bring(workspace, write_csv(tmp_path / "a.csv", ORDERS, rows), mapping=MAPPING).batches[0].batch_id
    bring(workspace, write_csv(tmp_path / "b.csv", ORDERS, [*rows, order("A3", 1, 7)]), mapping=MAPPING)
    with pytest.raises(UserError, match=r"b\.csv"):
        undo_import(workspace, first, NOW)


def test_the_last_line_of_a_key_wins_though_it_is_recognised(workspace: Workspace, tmp_path: Path) -> None:
    """The second file says something else of a line first and then what is stored."""
    bring(workspace, write_csv(tmp_path / "a.csv", ORDERS, [order("A1", 1, 100)]), mapping=MAPPING)
    both = [order("A1", 1, 90), order("A1", 1, 100)]
    (batch,) = bring(workspace, write_csv(tmp_path / "b.csv", ORDERS, both), mapping=MAPPING).batches
    assert batch.entities["order_line"] == Counts(received=2, superseded=1, unchanged=1)
    assert [amount for _, _, amount, _ in lines(workspace)] == [Decimal(100)]


def test_another_mapping_reads_all_rows_again(workspace: Workspace, tmp_path: Path) -> None:
    rows = [order("A1", 1, 100), order("A2", 1, 30)]
    bring(workspace, write_csv(tmp_path / "a.csv", ORDERS, rows), mapping=MAPPING)
    in_thousands = tuple(
        one.model_copy(update={"unit": "千元"}) if one.field == "order_line.amount" else one for one in MAPPING.columns
    )
    other = MAPPING.model_copy(update={"columns": in_thousands})
    (batch,) = bring(
        workspace, write_csv(tmp_path / "b.csv", ORDERS, [*rows, order("A3", 1, 7)]), mapping=other
    ).batches
    assert batch.entities["order_line"] == Counts(received=3, inserted=1, replaced=2)


CELLS = st.sampled_from(["100", "1.2万", "￥30", "", "待定", "7"])
FILES = st.lists(
    st.tuples(st.sampled_from(["A1", "A2", "A3"]), CELLS, st.sampled_from(["东方机械", "华南电子", ""])),
    min_size=1,
    max_size=5,
)


@settings(max_examples=3, deadline=None)
@given(FILES, FILES)
def test_a_delivery_after_another_is_as_if_all_of_it_were_read(
    tmp_path_factory: pytest.TempPathFactory, before: Sequence[tuple[str, ...]], after: Sequence[tuple[str, ...]]
) -> None:
    """Against the same two deliveries with the columns of the first in another order, of which no row is recognised."""
    folder = tmp_path_factory.mktemp("two")
    found = []
    for name, turned in (("recognised", False), ("read", True)):
        workspace = Workspace.create(folder / name)
        for number, said in enumerate((before, [*before, *after])):
            rows = [order(key, 1, amount, customer=customer) for key, amount, customer in said]
            header = ORDERS
            if turned and number == 0:
                header, rows = ORDERS[::-1], [row[::-1] for row in rows]
            mapping = MAPPING.model_copy(update={"header": header})
            bring(workspace, write_csv(folder / f"{name}{number}.csv", header, rows), mapping=mapping)
        tables = workspace.current().rows(
            "SELECT order_id, line_no, order_date, customer_id, amount, quantity FROM order_line ORDER BY ALL"
        )
        counts = workspace.current().rows("SELECT entity, received, unchanged FROM ledger.counts ORDER BY ALL")
        found.append((tables, counts, state(workspace)["customer"] == []))
    assert found[0] == found[1]
