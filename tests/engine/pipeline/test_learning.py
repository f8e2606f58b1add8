"""What a person corrects in one mapping is right in the next, different export, and only where it belongs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from salesloop.engine.collect.knowledge import Knowledge, Lesson, load_knowledge
from salesloop.engine.collect.mapping import ColumnMapping, Mapping
from salesloop.engine.collect.propose import ColumnProposal
from salesloop.engine.model.errors import UserError
from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.pipeline.lessons import forget
from salesloop.engine.pipeline.planning import PlannedTable, plan_import
from salesloop.engine.store import Workspace
from tests.engine.pipeline.files import NOW, write_csv

HEADER = ["订单编号", "下单日期", "客户名称", "赛道", "归口", "实收", "进度"]
ROWS = [
    ["A1", "2026-03-01", "东方机械", "食品", "张磊", 1.5, "待发"],
    ["A2", "2026-03-02", "华南电子", "饮料", "王芳", 2.5, "妥投"],
]
LATER = NOW + dt.timedelta(days=30)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "company")


def planned(workspace: Workspace, path: Path, entity: str | None = None) -> PlannedTable:
    return plan_import(workspace, [ImportRequest(path, entity=entity)]).tables[0]


def columns(table: PlannedTable) -> dict[str, ColumnProposal]:
    assert table.proposal is not None
    return {column.column: column for column in table.proposal.columns}


def correct(workspace: Workspace, path: Path, *, name: str = "三月订单", now: dt.datetime = NOW) -> None:
    """A person says what four of the columns are, and imports."""
    proposed = planned(workspace, path, "order_line").mapping
    assert proposed is not None
    said = (
        ColumnMapping(column="赛道", field="customer.industry"),
        ColumnMapping(column="归口", field="order_line.employee_id"),
        ColumnMapping(column="实收", field="order_line.amount", unit="万元"),
        ColumnMapping(column="进度", field="order_line.status"),
    )
    others = [column for column in proposed.columns if column.column not in {one.column for one in said}]
    mapping = proposed.model_copy(
        update={
            "name": name,
            "columns": (*others, *said),
            "values": {"order_line.status": {"待发": "open", "妥投": "completed"}},
        }
    )
    report = import_files(workspace, [ImportRequest(path, mapping=mapping)], now=now)
    assert report.total().reconciles
    assert report.total().inserted > 0


def other_export(folder: Path, header: list[str] | None = None) -> Path:
    """Another header, with the words that were corrected before."""
    head = header or ["单据号", "实收", "进度", "归口", "客户名称", "赛道", "下单日期", "摘要"]
    cells = ["B1", 3, "待发", "李娜", "北方贸易", "粮油", "2026-04-01", "急"]
    return write_csv(folder / "四月.csv", head, [cells, ["B2", 4, "妥投", *cells[3:]]])


def test_the_next_export_with_the_same_words_needs_no_correction(workspace: Workspace, tmp_path: Path) -> None:
    first = write_csv(tmp_path / "三月.csv", HEADER, ROWS)
    before = columns(planned(workspace, other_export(tmp_path), "order_line"))
    assert before["归口"].fields == ()
    correct(workspace, first)
    after = planned(workspace, other_export(tmp_path), "order_line")
    found = columns(after)
    assert found["赛道"].fields == ("customer.industry",)
    assert found["归口"].fields[0] == "order_line.employee_id"
    assert found["实收"].fields == ("order_line.amount",)
    assert found["归口"].evidence[0].text() == "从人工更正中学到（三月订单 · 2026-11-21）"
    assert found["归口"].confidence >= 0.95
    assert after.mapping is not None
    assert {c.column: c.unit for c in after.mapping.columns if c.unit} == {"实收": "万元"}
    assert after.mapping.values == {"order_line.status": {"待发": "open", "妥投": "completed"}}
    report = import_files(workspace, [ImportRequest(other_export(tmp_path), entity="order_line")], now=LATER)
    assert report.total().quarantined == 0
    rows = workspace.current().rows("SELECT amount, status, employee_id FROM order_line WHERE order_id = 'B1'")
    assert [tuple(map(str, row.values())) for row in rows] == [("30000.0000", "open", "李娜")]


def test_a_lesson_is_a_readable_entry_of_the_workspace(workspace: Workspace, tmp_path: Path) -> None:
    correct(workspace, write_csv(tmp_path / "三月.csv", HEADER, ROWS))
    text = (workspace.path / "sources" / "learnt" / "order_line.yaml").read_text(encoding="utf-8")
    assert "- header: 归口\n  entity: order_line\n  field: order_line.employee_id\n" in text
    assert "待发: open" in text
    lessons = load_knowledge(workspace.path / "sources").lessons
    assert {lesson.header for lesson in lessons} == {"赛道", "归口", "实收", "进度"}


def test_a_lesson_says_nothing_about_tables_of_another_entity(workspace: Workspace, tmp_path: Path) -> None:
    correct(workspace, write_csv(tmp_path / "三月.csv", HEADER, ROWS))
    rows = [["E1", "张磊", "销售一部", "食品"], ["E2", "王芳", "销售二部", "饮料"]]
    staff = write_csv(tmp_path / "员工花名册.csv", ["工号", "姓名", "归口", "赛道"], rows)
    found = columns(planned(workspace, staff))
    assert (found["归口"].fields, found["赛道"].fields) == ((), ())


def test_the_newest_word_counts(workspace: Workspace, tmp_path: Path) -> None:
    correct(workspace, write_csv(tmp_path / "三月.csv", HEADER, ROWS))
    path = write_csv(tmp_path / "五月.csv", [*HEADER, "说明"], [[*row, ""] for row in ROWS])
    proposed = planned(workspace, path, "order_line").mapping
    assert proposed is not None
    kept = tuple(column for column in proposed.columns if column.column != "归口")
    changed = (*kept, ColumnMapping(column="归口", field="order_line.org_unit_id"))
    mapping = proposed.model_copy(update={"name": "五月订单", "columns": changed})
    import_files(workspace, [ImportRequest(path, mapping=mapping)], now=LATER)
    found = columns(planned(workspace, other_export(tmp_path), "order_line"))["归口"]
    assert found.fields[0] == "order_line.org_unit_id"
    assert "五月订单" in found.evidence[0].text()


def test_a_column_that_a_person_leaves_out_is_left_out_again(workspace: Workspace, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "三月.csv", ["订单编号", "下单日期", "金额", "订单状态"], [["A1", "2026-03-01", 5, "完成"]]
    )
    proposed = planned(workspace, path).mapping
    assert proposed is not None
    kept = tuple(column for column in proposed.columns if column.column != "订单状态")
    import_files(workspace, [ImportRequest(path, mapping=proposed.model_copy(update={"columns": kept}))], now=NOW)
    other = write_csv(
        tmp_path / "四月.csv", ["单据号", "下单日期", "金额", "订单状态"], [["B1", "2026-04-01", 5, "完成"]]
    )
    assert columns(planned(workspace, other))["订单状态"].fields == ()


def test_what_was_taken_as_proposed_teaches_nothing(workspace: Workspace, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "三月.csv", ["订单编号", "下单日期", "金额"], [["A1", "2026-03-01", 5]])
    import_files(workspace, [ImportRequest(path)], now=NOW)
    by_hand = Mapping(
        name="手写",
        entity="order_line",
        columns=(
            ColumnMapping(column="订单编号", field="order_line.order_id"),
            ColumnMapping(column="下单日期", field="order_line.order_date"),
        ),
        constants={"order_line.amount": "1"},
    )
    import_files(workspace, [ImportRequest(path, mapping=by_hand)], now=LATER)  # says nothing about 金额
    assert load_knowledge(workspace.path / "sources").lessons == ()


def test_a_lesson_can_be_forgotten(workspace: Workspace, tmp_path: Path) -> None:
    correct(workspace, write_csv(tmp_path / "三月.csv", HEADER, ROWS))
    with pytest.raises(UserError, match="没有关于表头「没有」"):
        forget(workspace, "没有")
    assert [lesson.field for lesson in forget(workspace, " 归口 ", "order_line")] == ["order_line.employee_id"]
    assert columns(planned(workspace, other_export(tmp_path), "order_line"))["归口"].fields == ()


def test_a_file_of_lessons_that_cannot_be_read_is_named(workspace: Workspace) -> None:
    folder = workspace.path / "sources" / "learnt"
    folder.mkdir()
    (folder / "order_line.yaml").write_text("- header: 归口\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"order_line\.yaml"):
        load_knowledge(workspace.path / "sources")


def test_the_spelling_of_a_header_does_not_matter() -> None:
    lesson = Lesson(header="經手 人", entity="payment", field=None, mapping="m", learnt=dt.date(2026, 1, 1))
    known = Knowledge(lessons=(lesson,))
    assert known.lesson("经手人", "payment") is lesson
    assert known.lesson("经手人", "contract") is None
