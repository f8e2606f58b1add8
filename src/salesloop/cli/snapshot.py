"""`salesloop snapshot`: what was published when, and back to it."""

from __future__ import annotations

from typing import Annotated

import typer

from salesloop.cli.common import open_workspace, print_json, print_table, say, tr
from salesloop.cli.options import FormatOption, LangOption

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command("list", help=tr("列出保留着的快照", "List the kept snapshots"))
def list_snapshots(ctx: typer.Context, output: FormatOption = "table", language: LangOption = None) -> None:  # noqa: ARG001
    """Newest first; the current one is marked."""
    workspace = open_workspace(ctx)
    infos = workspace.snapshots()
    if output == "json":
        print_json(
            [
                {
                    "snapshot": info.number,
                    "current": info.is_current,
                    "published_at": info.published_at.isoformat(),
                    "parent": info.parent,
                    "reason": info.reason,
                    "bytes": info.size,
                }
                for info in infos
            ]
        )
        return
    zone = workspace.config.zone
    heads = [
        tr("快照", "Snapshot"),
        tr("当前", "Current"),
        tr("发布时间", "Published", "發布時間"),
        tr("来自", "From"),
        tr("操作", "By"),
        "MB",
    ]
    rows = [
        [
            info.number,
            "●" if info.is_current else "",
            f"{info.published_at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
            "" if info.parent is None else str(info.parent),
            info.reason,
            round(info.size / 1e6, 1),
        ]
        for info in infos
    ]
    print_table(heads, rows)


@app.command(help=tr("回退到一个快照", "Go back to a snapshot"))
def rollback(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="N", help=tr("快照的号码", "Number of the snapshot"))],
    output: FormatOption = "table",
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """Later snapshots stay until they are pruned: a rollback can be rolled back."""
    snapshot = open_workspace(ctx).rollback(number)
    if output == "json":
        print_json({"snapshot": snapshot.number})
        return
    print(
        say(
            "当前快照是 {number}（{reason}）。",
            "The current snapshot is {number} ({reason}).",
            number=snapshot.number,
            reason=snapshot.reason,
        )
    )
