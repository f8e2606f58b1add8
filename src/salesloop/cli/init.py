"""`salesloop init`: make a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from salesloop.cli.common import lang, say, tr
from salesloop.cli.options import LangOption

app = typer.Typer(add_completion=False)


@app.command(help=tr("新建工作区", "Make a workspace"))
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=tr("新的文件夹", "The new folder"))],
    name: Annotated[str | None, typer.Option(help=tr("公司或团队的名称", "Name of the company or team"))] = None,
    currency: Annotated[str, typer.Option(help=tr("本位币（ISO 4217）", "Base currency (ISO 4217)"))] = "CNY",
    timezone: Annotated[str, typer.Option(help=tr("时区", "Time zone"))] = "Asia/Shanghai",
    fiscal_start_month: Annotated[
        int, typer.Option(help=tr("财年开始的月份", "Month in which the fiscal year starts"))
    ] = 1,
    engine: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help=tr(
                "公司自己的引擎：postgresql://…、spark://…、clickhouse://…",
                "Your own engine: postgresql://…, spark://…, clickhouse://…",
            ),
        ),
    ] = "duckdb",
    language: LangOption = None,
) -> None:
    """The other settings are in `salesloop.toml`, each with its value."""
    from salesloop.engine.store import Workspace

    calendar = "fiscal" if fiscal_start_month != 1 else "gregorian"
    workspace = Workspace.create(
        folder,
        name=name or folder.absolute().name,
        currency=currency,
        timezone=timezone,
        language=language or lang(),
        calendar=calendar,
        fiscal_start_month=fiscal_start_month,
        engine=engine,
    )
    print(say("工作区已建好：{path}", "The workspace is ready: {path}", path=workspace.path))
    if engine != "duckdb":
        print(
            say(
                "下一步：在 {folder}/engine/ 中为每张表写一个映射（见手册“自己的引擎”），再运行 salesloop -w {folder} engine check",
                "Next: write a mapping for each table into {folder}/engine/ (see “Your own engine” in the guide), then run "
                "salesloop -w {folder} engine check",
                folder=folder,
            )
        )
        return
    print(
        say(
            "下一步：salesloop -w {folder} import 文件…（Excel、CSV、Parquet、JSON）",
            "Next: salesloop -w {folder} import FILE… (Excel, CSV, Parquet, JSON)",
            folder=folder,
        )
    )
