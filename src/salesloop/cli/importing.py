"""How the command line shows an import: the proposed columns and the counts."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from salesloop.cli.common import lang, print_table, say, tr
from salesloop.engine.collect.mapping import Mapping
from salesloop.engine.collect.propose import Proposal
from salesloop.engine.model.entity import Model
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages, Text
from salesloop.engine.pipeline import BatchReport, Counts, ImportPlan, ImportReport, PlannedTable

_MESSAGES = Messages("salesloop.engine.pipeline")
CERTAIN: Final = 0.7
_SKIPPED: Final = {
    "blank": Text("空行", "blank rows", "空白列"),
    "title": Text("标题行", "title rows", "標題列"),
    "header": Text("重复的表头", "repeated headers"),
    "total": Text("合计行", "total rows", "合計列"),
    "note": Text("备注行", "notes", "備註列"),
    "empty_cell": Text("空单元格", "blank cells", "空白儲存格"),
    "unused": Text("没有行用到的补充记录", "records of completing tables that no row uses", "沒有資料列用到的補充記錄"),
}


def read_mapping(path: Path) -> Mapping:
    """The mapping in a YAML file. UserError where there is none."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise UserError(_MESSAGES.message("no_mapping_file", problem=error.strerror or ""), file=str(path)) from error
    except UnicodeDecodeError as error:
        raise UserError(_MESSAGES.message("no_mapping_file", problem="UTF-8"), file=str(path)) from error
    return Mapping.from_yaml(text, file=path.name)


def needs_decision(plan: ImportPlan) -> bool:
    """Whether a person should look at the plan: a column is not certain, or a table is left out for want of a decision."""
    for table in plan.tables:
        if table.role == "undecided" and table.proposal is not None:
            return True
        if table.role == "import" and table.proposal is not None and _is_uncertain(table.proposal):
            return True
    return any(table.content.encoding_doubt and table.request.encoding is None for table in plan.tables)


def _is_uncertain(proposal: Proposal) -> bool:
    return proposal.saved is None and any(c.fields and c.confidence < CERTAIN for c in proposal.columns)


def print_plan(plan: ImportPlan, model: Model) -> None:
    """Each table with what its columns become, how sure that is, and samples."""
    for table in plan.tables:
        if table.role == "import" and table.proposal is not None and table.proposal.saved is None:
            _print_proposal(table, model)
        elif table.role == "import" and table.mapping is not None:
            label = model.entity(table.mapping.entity).label.get(lang())
            print(
                say(
                    "{table} → {label}（映射「{mapping}」）",
                    "{table} → {label} (mapping “{mapping}”)",
                    table=_title(table),
                    label=label,
                    mapping=table.mapping.name,
                )
            )
        elif table.role == "lookup":
            print(say("{table} → 补充其他表", "{table} → completes other tables", table=_title(table)))


def _title(table: PlannedTable) -> str:
    return f"{table.content.file} [{table.sheet}]" if table.sheet else table.content.file


def _print_proposal(table: PlannedTable, model: Model) -> None:
    proposal, mapping = table.proposal, table.mapping
    if proposal is None or mapping is None:
        return
    entity = model.entity(mapping.entity)
    encoding = f" · {table.content.encoding}" if table.content.encoding else ""
    doubt = tr("（编码不确定）", " (encoding in doubt)") if table.content.encoding_doubt else ""
    title = f"{_title(table)}{encoding}{doubt} → {entity.label.get(lang())}"
    rows = [
        [
            column.column,
            ", ".join(_field_label(model, field) for field in column.fields),
            f"{column.confidence:.0%}" if column.fields else "",
            " · ".join(column.samples[:3])[:60],
        ]
        for column in proposal.columns
    ]
    print_table(
        [tr("列", "Column", "欄"), tr("成为", "Becomes"), tr("把握", "Sure"), tr("样例", "Samples")], rows, title=title
    )


def _field_label(model: Model, field: str) -> str:
    entity, name = field.split(".", 1)
    declared = model.entity(entity)
    label = declared.field(name).label if declared.has(name) else Text("层级", "levels")
    return f"{declared.label.get(lang())}.{label.get(lang())}"


def print_report(report: ImportReport, model: Model) -> None:
    """The counts, which reconcile; then what was skipped, what waits and why, what was left out."""
    heads = [
        tr("文件", "File"),
        tr("数据", "Data"),
        tr("收到", "Received"),
        tr("新增", "Inserted"),
        tr("替换", "Replaced"),
        tr("被后行覆盖", "Superseded", "被後列覆蓋"),
        tr("未变", "Unchanged"),
        tr("隔离", "Quarantined"),
    ]
    rows: list[list[object]] = []
    for batch in report.batches:
        for number, (name, counts) in enumerate(batch.entities.items()):
            rows.append([_batch_title(batch) if number == 0 else "", _entity_label(model, name), *_cells(counts)])
    print_table(heads, rows)
    for batch in report.batches:
        _print_batch(batch, model)
    for left in report.left_out:
        place = f"{left.file} [{left.sheet}]" if left.sheet else left.file
        print(say("未导入 {place}：", "Not imported {place}: ", place=place) + left.message.text(lang()))
    _print_sum(report)


def _batch_title(batch: BatchReport) -> str:
    return f"{batch.file} [{batch.sheet}]" if batch.sheet else batch.file


def _entity_label(model: Model, name: str) -> str:
    return model.entity(name).label.get(lang())


def _cells(counts: Counts) -> list[int]:
    return [
        counts.received,
        counts.inserted,
        counts.replaced,
        counts.superseded,
        counts.unchanged,
        counts.quarantined,
    ]


def _print_batch(batch: BatchReport, model: Model) -> None:
    title = _batch_title(batch)
    if batch.skipped and any(batch.skipped.values()):
        parts = [f"{_skip_label(reason)} {rows}" for reason, rows in batch.skipped.items() if rows]
        print(say("{title}：跳过 ", "{title}: skipped ", title=title) + tr("、", ", ").join(parts))
    for trouble in batch.troubles:
        print(
            say(
                "  隔离 · {entity} · 第 {row} 行起 {rows} 行：{why}",
                "  Quarantine · {entity} · {rows} rows from row {row}: {why}",
                "  隔離 · {entity} · 第 {row} 列起 {rows} 列：{why}",
                entity=_entity_label(model, trouble.entity),
                row=trouble.row,
                rows=trouble.rows,
                why=trouble.message.text(lang()),
            )
        )
    for note in dict.fromkeys(message.text(lang()) for message in batch.notes):
        print(f"  {note}")
    if batch.waiting:
        print(
            say(
                "  {rows} 行在隔离区等待处理：salesloop quarantine show {batch}",
                "  {rows} rows wait in quarantine: salesloop quarantine show {batch}",
                "  {rows} 列在隔離區等待處理：salesloop quarantine show {batch}",
                rows=batch.waiting,
                batch=batch.batch_id,
            )
        )


def _skip_label(reason: str) -> str:
    return _SKIPPED[reason].get(lang()) if reason in _SKIPPED else reason


def _print_sum(report: ImportReport) -> None:
    total = report.total()
    print(
        say(
            "收到 {received:,} = 接受 {accepted:,} + 隔离 {quarantined:,} + 未变 {unchanged:,}",
            "received {received:,} = accepted {accepted:,} + quarantined {quarantined:,} + unchanged {unchanged:,}",
            received=total.received,
            accepted=total.accepted,
            quarantined=total.quarantined,
            unchanged=total.unchanged,
        )
    )
    if report.dry_run:
        print(tr("试算：没有改变任何数据。", "Dry run: nothing was changed."))
    elif report.published:
        print(
            say(
                "已发布快照 {number}。",
                "Snapshot {number} is published.",
                "已發布快照 {number}。",
                number=report.snapshot,
            )
        )
    else:
        print(
            say(
                "没有新内容，数据不变（快照 {number}）。",
                "Nothing new; the data is unchanged (snapshot {number}).",
                number=report.snapshot,
            )
        )
