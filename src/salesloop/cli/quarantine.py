"""`salesloop quarantine`: the rows that wait, why, and their second chance."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from salesloop.cli.common import lang, open_workspace, print_json, print_table, say, tr
from salesloop.cli.options import FormatOption, LangOption

app = typer.Typer(no_args_is_help=True, add_completion=False)

BatchArgument = Annotated[
    str, typer.Argument(metavar="BATCH", help=tr("批次，见 quarantine list", "The batch, see quarantine list"))
]


@app.command("list", help=tr("按原因列出隔离的数据", "List what waits, by reason"))
def list_waiting(ctx: typer.Context, output: FormatOption = "table", language: LangOption = None) -> None:  # noqa: ARG001
    """The latest batch first."""
    from salesloop.engine.pipeline.quarantine import waiting_groups

    workspace = open_workspace(ctx)
    groups = waiting_groups(workspace.current())
    if output == "json":
        print_json(
            [
                {
                    "batch": group.batch_id,
                    "file": group.file,
                    "sheet": group.sheet or None,
                    "entity": group.entity,
                    "column": group.column,
                    "reason": group.message.to_json(),
                    "text": group.message.text(lang()),
                    "rows": group.rows,
                }
                for group in groups
            ]
        )
        return
    if not groups:
        print(tr("隔离区是空的。", "Nothing waits in quarantine."))
        return
    heads = [
        tr("批次", "Batch"),
        tr("文件", "File"),
        tr("数据", "Data"),
        tr("行数", "Rows", "列數"),
        tr("原因（第一行）", "Why (first row)", "原因（第一列）"),
    ]
    rows = [
        [
            group.batch_id,
            f"{group.file} [{group.sheet}]" if group.sheet else group.file,
            workspace.model.entity(group.entity).label.get(lang()),
            group.rows,
            group.message.text(lang()),
        ]
        for group in groups
    ]
    print_table(heads, rows)


@app.command(help=tr("逐行查看一个批次的隔离数据", "Show the waiting rows of a batch", "逐列檢視一個批次的隔離資料"))
def show(
    ctx: typer.Context,
    batch: BatchArgument,
    limit: Annotated[int, typer.Option(min=1, help=tr("最多显示的行数", "Rows at most", "最多顯示的列數"))] = 50,
    output: FormatOption = "table",
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """In the order of the file."""
    from salesloop.engine.pipeline.quarantine import waiting_rows

    rows = waiting_rows(open_workspace(ctx).current(), batch, limit=limit)
    if output == "json":
        print_json(
            [
                {
                    "row": row.row,
                    "entity": row.entity,
                    "column": row.column,
                    "value": row.value,
                    "reason": row.message.to_json(),
                    "text": row.message.text(lang()),
                    "also": [message.text(lang()) for message in row.also],
                    "raw": row.raw,
                }
                for row in rows
            ]
        )
        return
    heads = [tr("行", "Row", "列"), tr("原因", "Why"), tr("收到的内容", "As delivered")]
    print_table(
        heads,
        [
            [
                row.row,
                " ".join(message.text(lang()) for message in (row.message, *row.also)),
                " | ".join(f"{column}={value}" for column, value in row.raw.items() if value)[:160],
            ]
            for row in rows
        ],
    )


@app.command(
    help=tr(
        "导出隔离的行，改正后可再次导入",
        "Export the waiting rows, to be corrected and retried",
        "匯出隔離的列，改正後可再次匯入",
    )
)
def export(
    ctx: typer.Context,
    batch: BatchArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=tr(".xlsx 或 .csv 文件", "An .xlsx or .csv file"))],
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """Change the cells that are wrong and hand the file to `quarantine retry BATCH --with FILE`."""
    from salesloop.engine.pipeline.quarantine import export_waiting

    rows = export_waiting(open_workspace(ctx), batch, file, lang())
    print(
        say(
            "已导出 {rows} 行到 {file}。改正后运行：salesloop quarantine retry {batch} --with {file}",
            "{rows} rows exported to {file}. Correct them, then: salesloop quarantine retry {batch} --with {file}",
            "已匯出 {rows} 列到 {file}。改正後執行：salesloop quarantine retry {batch} --with {file}",
            rows=rows,
            file=file,
            batch=batch,
        )
    )


@app.command(help=tr("改正映射、字典或数值后再试一次", "Try again after a correction of mapping, dictionary or values"))
def retry(
    ctx: typer.Context,
    batch: BatchArgument,
    corrected: Annotated[
        Path | None, typer.Option("--with", metavar="FILE", help=tr("改正过的导出文件", "The corrected export"))
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", metavar="FILE", help=tr("改正过的映射", "The corrected mapping"))
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=tr("只试算，不改变任何数据", "Count only, change nothing"))
    ] = False,
    output: FormatOption = "table",
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """Rows that pass leave quarantine; the others stay."""
    from salesloop.cli.importing import print_report, read_mapping
    from salesloop.cli.progress import Shown
    from salesloop.engine.pipeline import retry_quarantine
    from salesloop.engine.pipeline.quarantine import read_corrections

    workspace = open_workspace(ctx)
    with Shown(enabled=output == "table") as progress:
        report = retry_quarantine(
            workspace,
            batch,
            now=dt.datetime.now(dt.UTC),
            mapping=read_mapping(mapping) if mapping else None,
            corrections=read_corrections(workspace, batch, corrected) if corrected else None,
            progress=progress,
            dry_run=dry_run,
            wait=60,
        )
    if output == "json":
        print_json(report.to_json())
    else:
        print_report(report, workspace.model)


@app.command(
    help=tr(
        "放弃隔离的行（仍留在记录中）", "Give waiting rows up (they stay on record)", "放棄隔離的列（仍留在記錄中）"
    )
)
def drop(
    ctx: typer.Context,
    batch: BatchArgument,
    rows: Annotated[
        list[int] | None,
        typer.Option(
            "--row", help=tr("只放弃这些行，可多次给出", "Only these rows, repeatable", "只放棄這些列，可多次給出")
        ),
    ] = None,
    output: FormatOption = "table",
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """They no longer ask for attention."""
    from salesloop.engine.pipeline import drop_quarantine

    dropped = drop_quarantine(open_workspace(ctx), batch, dt.datetime.now(dt.UTC), rows=rows or None, wait=60)
    if output == "json":
        print_json({"batch": batch, "dropped": dropped})
    else:
        print(say("已放弃 {rows} 行。", "{rows} rows given up.", "已放棄 {rows} 列。", rows=dropped))
