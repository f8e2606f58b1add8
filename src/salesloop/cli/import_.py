"""`salesloop import`: files into the warehouse."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated

import typer

from salesloop.cli.common import open_workspace, print_json, tr
from salesloop.cli.options import FormatOption, LangOption

app = typer.Typer(add_completion=False)


@app.command(
    "import",
    help=tr(
        "导入数据文件：识别、清洗、发布",
        "Bring data files in: recognise, clean, publish",
        "匯入資料檔案：辨識、清洗、發布",
    ),
)
def import_(
    ctx: typer.Context,
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…", help=tr("Excel、CSV、Parquet 或 JSON 文件，可以多个", "Excel, CSV, Parquet or JSON files")
        ),
    ],
    entity: Annotated[
        str | None,
        typer.Option("--as", metavar="ENTITY", help=tr("数据实体，例如 order_line", "What it is, such as order_line")),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", metavar="FILE", help=tr("映射文件（YAML）", "A mapping file (YAML)"))
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help=tr("只导入这张工作表", "Import only this sheet"))] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", help=tr("文本的编码，例如 gb18030", "Encoding of text, such as gb18030"))
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=tr("不再询问", "Ask nothing"))] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=tr("只试算，不改变任何数据", "Count only, change nothing"))
    ] = False,
    output: FormatOption = "table",
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """Exit code 0 also where rows went to quarantine: the answer says how many, and why."""
    from salesloop.cli.importing import needs_decision, print_plan, print_report, read_mapping
    from salesloop.cli.matched import found_json, match_new, print_found
    from salesloop.cli.progress import Shown
    from salesloop.engine.pipeline import ImportRequest, plan_import, run_import

    workspace = open_workspace(ctx)
    given = read_mapping(mapping) if mapping else None
    requests = [ImportRequest(path, sheet, entity, given, encoding) for path in files]
    with Shown(enabled=output == "table") as progress:
        plan = plan_import(workspace, requests, progress)
    if output == "table":
        print_plan(plan, workspace.model)
    if not yes and not dry_run and needs_decision(plan):
        if output != "table" or not sys.stdin.isatty():
            raise typer.BadParameter(
                tr(
                    "有些列的对应关系不够确定；看过 --dry-run 的结果后，请加 --yes 确认，或用 --mapping 给出映射",
                    "some columns are not certain; look at --dry-run, then confirm with --yes or give a --mapping",
                    "有些欄的對應關係不夠確定；看過 --dry-run 的結果後，請加 --yes 確認，或用 --mapping 給出對應設定",
                )
            )
        typer.confirm(tr("按上面的对应关系导入？", "Import with these columns?"), abort=True)
    with Shown(enabled=output == "table") as progress:
        report = run_import(workspace, plan, now=dt.datetime.now(dt.UTC), progress=progress, dry_run=dry_run, wait=60)
    found, merged = match_new(workspace) if report.published else ({}, 0)
    if output == "json":
        print_json(report.to_json() | ({"duplicates": found_json(found, merged)} if found else {}))
    else:
        print_report(report, workspace.model)
        print_found(found, merged, workspace.model)
