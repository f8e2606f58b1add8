"""`salesloop undo`: take one import back."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from salesloop.cli.common import lang, open_workspace, print_json, say, tr
from salesloop.cli.options import FormatOption, LangOption

app = typer.Typer(add_completion=False)


@app.command(
    help=tr(
        "撤销一次导入：移除它的行，恢复被它替换的行", "Take an import back: its rows leave, what they replaced returns"
    )
)
def undo(
    ctx: typer.Context,
    batch: Annotated[
        str, typer.Argument(metavar="BATCH", help=tr("批次，或整个文件的编号", "A batch, or the id of a whole file"))
    ],
    output: FormatOption = "table",
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """Refused while a later import builds on it; the message names what to undo first."""
    from salesloop.engine.pipeline import undo_import

    workspace = open_workspace(ctx)
    report = undo_import(workspace, batch, dt.datetime.now(dt.UTC), wait=60)
    if output == "json":
        print_json(
            {
                "snapshot": report.snapshot,
                "batches": report.batches,
                "removed": report.removed,
                "restored": report.restored,
            }
        )
        return
    for name in workspace.model.entities:
        removed, restored = report.removed.get(name.name, 0), report.restored.get(name.name, 0)
        if removed or restored:
            label = name.label.get(lang())
            print(
                say(
                    "{label}：移除 {removed} 行，恢复 {restored} 行",
                    "{label}: {removed} rows removed, {restored} restored",
                    "{label}：移除 {removed} 列，恢復 {restored} 列",
                    label=label,
                    removed=removed,
                    restored=restored,
                )
            )
    print(
        say(
            "已撤销 {batches}，发布快照 {snapshot}。",
            "Undone: {batches}. Snapshot {snapshot} is published.",
            "已撤銷 {batches}，發布快照 {snapshot}。",
            batches=" ".join(report.batches),
            snapshot=report.snapshot,
        )
    )
