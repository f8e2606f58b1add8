"""`salesloop doctor`: is everything well?"""

from __future__ import annotations

import typer

from salesloop.cli.common import lang, open_workspace, print_json, tr
from salesloop.cli.options import FormatOption, LangOption

app = typer.Typer(add_completion=False)
_SIGNS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "error": ("✗", "red")}


@app.command(help=tr("检查工作区是否健康", "Check that a workspace is sound"))
def doctor(ctx: typer.Context, output: FormatOption = "table", language: LangOption = None) -> None:  # noqa: ARG001
    """Exit code 1 where something is wrong; warnings do not count."""
    from rich.console import Console

    from salesloop.engine.store.doctor import examine

    workspace = open_workspace(ctx)
    console = Console(soft_wrap=True, highlight=False)
    found = []
    for diagnosis in examine(workspace):
        found.append(diagnosis)
        if output == "table":
            sign, colour = _SIGNS[diagnosis.state]
            console.print(f"[{colour}]{sign}[/] ", end="")
            console.print(diagnosis.message.text(lang()), markup=False)
    if output == "json":
        print_json([{"check": one.check, "state": one.state, "message": one.message.text(lang())} for one in found])
    if any(one.state == "error" for one in found):
        raise typer.Exit(1)
