"""`salesloop restore`: a workspace from its backup."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from salesloop.cli.common import Globals, print_json, say, tr
from salesloop.cli.options import FormatOption, LangOption

app = typer.Typer(add_completion=False)


@app.command(help=tr("从备份恢复到 -w 指定的新文件夹", "Restore a backup into the new folder named by -w"))
def restore(
    ctx: typer.Context,
    archive: Annotated[Path, typer.Argument(metavar="FILE", help=tr("备份文件", "The backup file"))],
    output: FormatOption = "table",
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """Every file is checked against its hash before the workspace appears."""
    from salesloop.engine.store.backup import restore as read

    settings: Globals = ctx.find_root().obj
    workspace = read(archive, settings.workspace)
    number = workspace.current().number
    if output == "json":
        print_json({"workspace": str(workspace.path), "snapshot": number})
        return
    print(
        say(
            "已恢复到 {path}，当前快照 {number}。",
            "Restored to {path}; the current snapshot is {number}.",
            path=workspace.path,
            number=number,
        )
    )
