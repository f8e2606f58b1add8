"""Nothing is lost: whatever is delivered, in whatever order and however dirty, every row is accounted for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesloop.engine.store import Workspace
from salesloop.engine.store.doctor import examine
from tests.engine.pipeline.crash import MAPPING
from tests.engine.pipeline.files import ORDERS, bring, state, write_csv

CELLS = {
    "订单号": st.sampled_from(["A1", "A2", "A3", " A1 ", "", "Ａ１"]),
    "行号": st.sampled_from(["1", "2", "1.0", "", "x"]),
    "订单日期": st.sampled_from(["2026-03-01", "2026/3/2", "3月1日", "2026-02-30", "", "20260301"]),
    "客户名称": st.sampled_from(["东方机械", "华南电子", "", "#N/A"]),
    "业务员": st.sampled_from(["李强", "", "王芳"]),
    "产品名称": st.sampled_from(["扳手", "钳子"]),
    "数量": st.sampled_from(["1", "二", "-3", "1,000", ""]),
    "金额": st.sampled_from(["100", "1.2万", "(5)", "很多", "", "=1+1", "￥3,000.50"]),
}
# Where the header ends is told from rows that can be read; a file of dirt alone would be a question of its own.
CLEAN = ("B1", "1", "2026-03-01", "东方机械", "李强", "扳手", "1", "100")
ROWS = st.lists(st.tuples(*(CELLS[name] for name in ORDERS)), min_size=1, max_size=8)


@pytest.mark.requirement("AC03")
@settings(max_examples=10)
@given(deliveries=st.lists(ROWS, min_size=1, max_size=3), again=st.integers(0, 2))
def test_counts_reconcile_and_a_repetition_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, deliveries: list[list[tuple[str, ...]]], again: int
) -> None:
    folder = tmp_path_factory.mktemp("company")
    workspace = Workspace.create(folder / "w")
    files = [write_csv(folder / f"{n}.csv", ORDERS, [CLEAN, CLEAN, *rows]) for n, rows in enumerate(deliveries)]
    for file, rows in zip(files, deliveries, strict=True):
        (batch,) = bring(workspace, file, mapping=MAPPING).batches
        lines = batch.entities["order_line"]
        blank = sum(all(not cell.strip() for cell in row) for row in rows)
        assert lines.received == 2 + len(rows) - blank
        assert all(counts.reconciles for counts in batch.entities.values())
    snapshot = workspace.current()
    (kept,) = snapshot.rows(
        "SELECT (SELECT count(*) FROM order_line) AS stored, "
        "(SELECT count(*) FROM ledger.superseded WHERE entity = 'order_line') AS superseded, "
        "(SELECT count(*) FROM ledger.quarantine WHERE entity = 'order_line') AS waiting, "
        "(SELECT coalesce(sum(unchanged), 0)::INT FROM ledger.counts WHERE entity = 'order_line') AS unchanged"
    )
    received = snapshot.rows(
        "SELECT coalesce(sum(received), 0)::INT AS n FROM ledger.counts WHERE entity = 'order_line'"
    )
    assert sum(kept.values()) == received[0]["n"]
    assert {diagnosis.state for diagnosis in examine(workspace)} == {"ok"}
    before = state(workspace, ledger=True)
    repeated = bring(workspace, files[again % len(files)], mapping=MAPPING)
    assert not repeated.published
    assert state(workspace, ledger=True) == before
