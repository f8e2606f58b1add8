from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from salesloop.engine.collect.mapping import ColumnMapping, Mapping
from salesloop.engine.model.errors import UserError
from salesloop.engine.pipeline import Cancel, Cancelled, Counts, ImportRequest, import_files, undo_import
from salesloop.engine.pipeline.progress import STAGES, Stage
from salesloop.engine.store import Workspace
from tests.engine.pipeline.files import NOW, ORDERS, bring, order, state, write_csv


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "company")


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    rows = [order("A1", 1, 100), order("A1", 2, "1.2万"), order("A2", 1, 30, customer="华南电子", who="王芳")]
    return write_csv(tmp_path / "销售订单.csv", ORDERS, rows)


def test_a_wide_sheet_feeds_its_lines_and_what_they_mention(workspace: Workspace, orders: Path) -> None:
    report = bring(workspace, orders)
    (batch,) = report.batches
    assert (report.snapshot, report.published, batch.file, batch.sheet) == (1, True, "销售订单.csv", None)
    assert batch.entities["order_line"] == Counts(received=3, inserted=3)
    assert batch.entities["customer"] == Counts(received=2, inserted=2)
    rows = workspace.current().rows("SELECT order_id, line_no, customer_id, amount, _row FROM order_line ORDER BY ALL")
    assert [tuple(row.values()) for row in rows] == [
        ("A1", 1, "东方机械", Decimal(100), 2),
        ("A1", 2, "东方机械", Decimal(12000), 3),
        ("A2", 1, "华南电子", Decimal(30), 4),
    ]
    assert workspace.current().freshness()["order_line"].last_event == dt.date(2026, 3, 1)
    assert workspace.current().freshness()["order_line"].last_received == NOW


def test_the_same_delivery_twice_changes_nothing(workspace: Workspace, orders: Path) -> None:
    first = bring(workspace, orders)
    before = state(workspace, ledger=True)
    again = bring(workspace, orders.rename(orders.with_name("改名.csv")))
    assert (again.snapshot, again.published) == (1, False)
    assert again.batches[0].batch_id == first.batches[0].batch_id
    assert again.batches[0].entities["order_line"] == Counts(received=3, unchanged=3)
    assert state(workspace, ledger=True) == before
    assert workspace.snapshot_files.numbers() == [0, 1]
    assert len(workspace.landed.batches()) == 1


def test_the_same_rows_in_another_file_are_recorded_and_change_no_table(workspace: Workspace, orders: Path) -> None:
    bring(workspace, orders)
    before = state(workspace)
    orders.write_text(orders.read_text("utf-8") + "\n", "utf-8")
    again = bring(workspace, orders)
    assert again.published
    assert state(workspace) == before
    assert again.batches[0].entities["order_line"] == Counts(received=3, unchanged=3)


def test_a_corrected_delivery_replaces_and_keeps_the_old_row(
    workspace: Workspace, orders: Path, tmp_path: Path
) -> None:
    first = bring(workspace, orders)
    corrected = write_csv(tmp_path / "更正.csv", ORDERS, [order("A1", 1, 110), order("A1", 2, 12000)])
    second = bring(workspace, corrected)
    assert second.batches[0].entities["order_line"] == Counts(received=2, replaced=1, unchanged=1)
    (kept,) = workspace.current().rows(
        "SELECT key ->> 'order_id' AS id, record ->> 'amount' AS amount, batch_id, row, replaced_by_batch "
        "FROM ledger.superseded WHERE entity = 'order_line'"
    )
    assert tuple(kept.values()) == ("A1", "100.0000", first.batches[0].batch_id, 2, second.batches[0].batch_id)
    undo_import(workspace, second.batches[0].batch_id, NOW)
    amounts = workspace.current().rows("SELECT amount FROM order_line ORDER BY order_id, line_no")
    assert [row["amount"] for row in amounts] == [Decimal(100), Decimal(12000), Decimal(30)]


def test_a_whole_file_is_undone_by_its_landed_id(workspace: Workspace, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "订单"
    for row in [ORDERS, order("A1", 1, 100), order("A2", 1, 50)]:
        book.worksheets[0].append(list(row))
    people = book.create_sheet("员工")
    for row in [["工号", "姓名"], ["E1", "李强"], ["E2", "王芳"]]:
        people.append(row)
    book.save(tmp_path / "两张表.xlsx")
    before = state(workspace)
    report = bring(workspace, tmp_path / "两张表.xlsx")
    assert [batch.sheet for batch in report.batches] == ["订单", "员工"]
    ids = [batch.batch_id for batch in report.batches]
    landed = workspace.landed.batches()[0].batch_id
    assert ids == [f"{landed}-1", f"{landed}-2"]
    assert undo_import(workspace, landed, NOW).batches == tuple(ids)
    assert state(workspace) == before


def test_an_undone_file_that_says_nothing_new_is_received_again(workspace: Workspace, tmp_path: Path) -> None:
    """Its rows are there from another file; but it was received, and undoing the other must know."""
    one = write_csv(tmp_path / "一.csv", ORDERS, [order("A1", 1, 100)])
    two = write_csv(tmp_path / "二.csv", ORDERS, [order("A1", 1, 100), ["", *[""] * 7]])
    first, second = bring(workspace, one), bring(workspace, two)
    undo_import(workspace, second.batches[0].batch_id, NOW)
    again = bring(workspace, two)
    assert again.published
    assert again.batches[0].batch_id == f"{second.batches[0].batch_id}.2"
    with pytest.raises(UserError, match="二"):
        undo_import(workspace, first.batches[0].batch_id, NOW)


def test_several_files_are_one_snapshot_or_none(workspace: Workspace, orders: Path, tmp_path: Path) -> None:
    people = write_csv(
        tmp_path / "员工.csv", ["工号", "姓名", "部门"], [["E1", "李强", "华东"], ["E2", "王芳", "华南"]]
    )
    junk = tmp_path / "坏.xlsx"
    junk.write_bytes(b"\x00\x01\x02" * 100)
    with pytest.raises(UserError):
        bring(workspace, orders, people, junk)
    assert workspace.snapshot_files.numbers() == [0]
    assert workspace.landed.batches() == []
    report = bring(workspace, orders, people)
    assert report.snapshot == 1
    assert [batch.file for batch in report.batches] == ["销售订单.csv", "员工.csv"]
    found = workspace.current().rows("SELECT DISTINCT employee_id, org_unit_id FROM order_line ORDER BY ALL")
    assert [tuple(row.values()) for row in found] == [("E1", "华东"), ("E2", "华南")]


def test_one_after_the_other_ends_like_together(tmp_path: Path, orders: Path) -> None:
    people = write_csv(
        tmp_path / "员工.csv", ["工号", "姓名", "部门"], [["E1", "李强", "华东"], ["E2", "王芳", "华南"]]
    )
    customers = write_csv(tmp_path / "客户.csv", ["客户编码", "客户名称", "行业"], [["C1", "东方机械", "机械"]])
    ways = [[[orders, people, customers]], [[customers], [people], [orders]], [[orders], [customers, people]]]
    states = []
    for number, way in enumerate(ways):
        workspace = Workspace.create(tmp_path / f"w{number}")
        for files in way:
            bring(workspace, *files)
        states.append(state(workspace))
    assert states[0] == states[1] == states[2]
    assert len(states[0]["customer"]) == 2  # the one that the list explains is not there twice


def test_a_dry_run_says_what_would_happen_and_leaves_no_trace(workspace: Workspace, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "订单.csv", ORDERS, [*(order("A1", n, 100) for n in range(1, 10)), order("A1", 10, "很多")]
    )
    before = sorted(path.as_posix() for path in workspace.path.rglob("*"))
    report = bring(workspace, path, dry_run=True)
    assert (report.dry_run, report.published, report.snapshot) == (True, False, 0)
    assert report.batches[0].entities["order_line"] == Counts(received=10, inserted=9, quarantined=1)
    (trouble,) = report.batches[0].troubles
    assert (trouble.row, trouble.rows, trouble.column) == (11, 1, "金额")
    assert "很多" in trouble.message.text("en")
    assert trouble.others == ()
    assert sorted(path.as_posix() for path in workspace.path.rglob("*")) == before
    assert bring(workspace, path).batches[0].entities == report.batches[0].entities


def test_rows_that_wait_for_one_reason_name_a_few_of_their_values(workspace: Workspace, tmp_path: Path) -> None:
    unread = ["待定", "很多", "待定", "面议", "另算", "再说"]
    path = write_csv(
        tmp_path / "订单.csv", ORDERS, [order("A1", n, value) for n, value in enumerate([*([5] * 20), *unread], 1)]
    )
    (trouble,) = bring(workspace, path, dry_run=True).batches[0].troubles
    assert (trouble.rows, trouble.others) == (6, ("很多", "面议", "另算"))


def test_a_mapping_is_saved_and_used_again_for_the_same_header(workspace: Workspace, tmp_path: Path) -> None:
    header = ["单号", "天", "多少"]
    mapping = Mapping(
        name="奇怪的导出",
        entity="order_line",
        header=tuple(header),
        columns=tuple(
            ColumnMapping(column=column, field=f"order_line.{field}")
            for column, field in zip(header, ("order_id", "order_date", "amount"), strict=True)
        ),
    )
    first = write_csv(tmp_path / "一月.csv", header, [["A1", "2026-01-01", 5]])
    bring(workspace, first, mapping=mapping)
    assert (workspace.path / "sources" / "奇怪的导出.yaml").is_file()
    second = write_csv(tmp_path / "二月.csv", header, [["A2", "2026-02-01", 6]])
    report = bring(workspace, second)
    assert (report.batches[0].mapping, report.batches[0].entities["order_line"].inserted) == ("奇怪的导出", 1)


def test_two_headers_of_one_name_keep_two_mappings(workspace: Workspace, tmp_path: Path) -> None:
    one = write_csv(tmp_path / "订单.csv", ORDERS, [order("A1", 1, 100)])
    bring(workspace, one)
    other = write_csv(
        tmp_path / "订单.csv", (*ORDERS[:-2], "金额"), [["A2", 1, "2026-03-01", "东方机械", "李强", "扳手", 7]]
    )
    bring(workspace, other)
    names = sorted(path.name for path in (workspace.path / "sources").glob("*.yaml"))
    assert names == ["订单 2.yaml", "订单.yaml"]


def test_a_table_that_nobody_understands_is_left_out_and_named(
    workspace: Workspace, orders: Path, tmp_path: Path
) -> None:
    strange = write_csv(tmp_path / "天气.csv", ["温度", "湿度"], [[20, 60], [21, 58]])
    report = bring(workspace, orders, strange)
    (left,) = report.left_out
    assert left.file == "天气.csv"
    with pytest.raises(UserError) as caught:
        bring(workspace, strange)
    assert "--as" in caught.value.text("en")
    assert "天气.csv" in caught.value.text("en")


def test_heads_complete_their_lines(workspace: Workspace, tmp_path: Path) -> None:
    heads = write_csv(
        tmp_path / "orders.csv",
        ["orderID", "customerID", "orderDate"],
        [["1", "C1", "2026-01-05"], ["2", "C2", "2026-01-06"]],
    )
    lines = write_csv(
        tmp_path / "order-details.csv",
        ["orderID", "productID", "unitPrice", "quantity", "discount"],
        [["1", "P1", "10", "2", "0"], ["1", "P2", "5", "1", "0.1"], ["2", "P1", "10", "1", "0"]],
    )
    report = bring(workspace, heads, lines)
    assert [batch.file for batch in report.batches] == ["order-details.csv"]
    rows = workspace.current().rows("SELECT order_id, order_date, customer_id, amount FROM order_line ORDER BY ALL")
    assert [tuple(row.values()) for row in rows] == [
        ("1", dt.date(2026, 1, 5), "C1", Decimal("4.5")),
        ("1", dt.date(2026, 1, 5), "C1", Decimal(20)),
        ("2", dt.date(2026, 1, 6), "C2", Decimal(10)),
    ]
    assert len(workspace.landed.batches()) == 2
    (known,) = workspace.current().rows("SELECT completed_from FROM ledger.batch")
    assert known["completed_from"] == [workspace.landed.identify(heads)]
    assert not bring(workspace, heads, lines).published


class Watching:
    def __init__(self) -> None:
        self.seen: list[Stage] = []

    def stage(self, name: Stage, done: int, total: int, rows: int) -> None:
        assert 0 <= done <= total
        assert rows >= 0
        if name not in self.seen:
            self.seen.append(name)


def test_progress_goes_through_every_stage(workspace: Workspace, orders: Path) -> None:
    watching = Watching()
    import_files(workspace, [ImportRequest(orders)], now=NOW, progress=watching)
    assert tuple(watching.seen) == STAGES


class StopAt:
    def __init__(self, stage: Stage, cancel: Cancel) -> None:
        self._stage, self._cancel = stage, cancel

    def stage(self, name: Stage, done: int, total: int, rows: int) -> None:
        if name == self._stage:
            self._cancel.ask()


@pytest.mark.parametrize("stage", ["read", "land", "clean", "store", "resolve", "check"])
def test_a_cancelled_import_publishes_nothing(workspace: Workspace, orders: Path, tmp_path: Path, stage: Stage) -> None:
    people = write_csv(tmp_path / "员工.csv", ["工号", "姓名"], [["E1", "李强"]])
    cancel = Cancel()
    with pytest.raises(Cancelled, match="停止"):
        import_files(
            workspace,
            [ImportRequest(orders), ImportRequest(people)],
            now=NOW,
            progress=StopAt(stage, cancel),
            cancel=cancel,
        )
    assert workspace.current().number == 0
    assert sorted(path.name for path in workspace.snapshot_files.folder.iterdir()) == ["CURRENT", "warehouse-0.duckdb"]
    assert workspace.landed.batches() == []


def test_a_stopped_import_keeps_what_had_landed_before(workspace: Workspace, orders: Path, tmp_path: Path) -> None:
    bring(workspace, orders)
    people = write_csv(tmp_path / "员工.csv", ["工号", "姓名"], [["E1", "李强"]])
    cancel = Cancel()
    stop = StopAt("resolve", cancel)
    requests = [ImportRequest(orders), ImportRequest(people)]
    with pytest.raises(Cancelled):
        import_files(workspace, requests, now=NOW, progress=stop, cancel=cancel)
    assert [batch.file_name for batch in workspace.landed.batches()] == ["销售订单.csv"]


def test_a_field_of_the_company_is_filled_by_the_next_import(
    workspace: Workspace, orders: Path, tmp_path: Path
) -> None:
    bring(workspace, orders)
    (workspace.path / "entities" / "order_line.yaml").write_text(
        "extend: order_line\nfields:\n  gift:\n    type: text\n    label: {zh-Hans: 赠品, en: Gift}\n"
        "    doc: {zh-Hans: 随单赠品。, en: What came along.}\n    aliases: [赠品]\n",
        "utf-8",
    )
    workspace = Workspace.open(workspace.path)
    path = write_csv(tmp_path / "新.csv", (*ORDERS, "赠品"), [[*order("A1", 1, 100), "杯子"], [*order("A9", 1, 1), ""]])
    report = bring(workspace, path)
    assert report.batches[0].entities["order_line"] == Counts(received=2, inserted=1, replaced=1)
    rows = workspace.current().rows("SELECT order_id, line_no, gift FROM order_line ORDER BY ALL")
    assert [tuple(row.values()) for row in rows] == [
        ("A1", 1, "杯子"),
        ("A1", 2, None),
        ("A2", 1, None),
        ("A9", 1, None),
    ]
