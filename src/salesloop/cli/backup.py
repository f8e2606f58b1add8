"""`salesloop backup`: everything of a workspace in one file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from salesloop.cli.common import open_workspace, print_json, say, tr
from salesloop.cli.options import FormatOption, LangOption

app = typer.Typer(add_completion=False)


@app.command(help=tr("备份工作区", "Back a workspace up"))
def backup(
    ctx: typer.Context,
    archive: Annotated[Path, typer.Argument(metavar="FILE", help=tr("备份文件（.zip）", "The backup file (.zip)"))],
    output: FormatOption = "table",
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """The definitions, the current snapshot, all deliveries, what people entered and the app's SQLite database."""
    from salesloop.engine.store.backup import backup as write

    files = write(open_workspace(ctx), archive.absolute(), dt.datetime.now(dt.UTC))
    size = archive.stat().st_size
    if output == "json":
        print_json({"file": str(archive), "files": files, "bytes": size})
        return
    print(
        say(
            "已备份 {files} 个文件到 {archive}（{size:.1f} MB）。",
            "{files} files backed up to {archive} ({size:.1f} MB).",
            files=files,
            archive=archive,
            size=size / 1e6,
        )
    )
