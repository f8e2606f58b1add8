"""`salesloop worker`: does the long work of the pages (imports, undo, daily chores). `salesloop serve` starts one itself."""

from __future__ import annotations

import contextlib
from typing import Annotated

import typer

from salesloop.cli.common import open_workspace, tr

app = typer.Typer(add_completion=False)


@app.command(
    help=tr("处理后台任务；网页服务由别的程序提供时使用", "Work on jobs, where another program serves the pages")
)
def worker(
    ctx: typer.Context,
    with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False,
) -> None:
    """Until Ctrl C. `--with-parent` ends with the process that holds the other end of standard input."""
    workspace = open_workspace(ctx)
    from salesloop.app.boot import start

    start(workspace.path, migrate=not with_parent)  # a parent has brought the database up to date
    from salesloop.app.jobs.worker import work

    if not with_parent:
        print(tr("后台程序正在运行（按 Ctrl C 停止）", "The worker is running (Ctrl C stops it)"), flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        work(with_parent=with_parent)
