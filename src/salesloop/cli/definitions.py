"""`salesloop definitions`: what the company defines, who changed it, and schemas for editors."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from salesloop.cli.common import open_workspace, print_json, tr
from salesloop.cli.metric_versions import print_versions
from salesloop.cli.options import FormatOption
from salesloop.engine.governance.comparing import difference
from salesloop.engine.governance.journal import read_histories, text_of
from salesloop.engine.governance.kinds import KINDS, kind_of
from salesloop.engine.governance.noticing import MAKER, notice
from salesloop.engine.governance.schemas import write_schemas

app = typer.Typer(no_args_is_help=True, add_completion=False)
KindOption = Annotated[
    str | None, typer.Option("--kind", metavar="KIND", help=tr("只看一类：", "One kind only: ") + ", ".join(KINDS))
]


@app.command(
    "changes",
    help=tr(
        "谁在何时为什么改了哪些定义，待批准的在最后",
        "Which definitions were changed when, by whom and why; those waiting for approval last",
    ),
)
def changes(
    ctx: typer.Context,
    kind: KindOption = None,
    output: FormatOption = "table",
) -> None:
    """Every version that did not come with the product, those that nobody has approved last."""
    workspace = open_workspace(ctx)
    notice(workspace, dt.datetime.now(dt.UTC))
    wanted = kind_of(kind).name if kind else None
    found = [
        version
        for (of, _name), versions in read_histories(workspace).items()
        for version in versions
        if version.by != MAKER and wanted in (None, of)
    ]
    found.sort(key=lambda one: (one.waiting, one.at))
    if output == "json":
        print_json([version.to_json() for version in found])
    else:
        print_versions(workspace, found)


@app.command("diff", help=tr("一个定义两个版本的文字差异", "What two versions of a definition say differently"))
def diff(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="KIND", help=", ".join(KINDS))],
    name: Annotated[str, typer.Argument(metavar="NAME", help=tr("定义的编号", "Id of the definition"))],
    one: Annotated[int, typer.Argument(metavar="N", help=tr("一个版本号", "Number of one version"))],
    other: Annotated[int, typer.Argument(metavar="M", help=tr("另一个版本号", "Number of the other version"))],
) -> None:
    """Lines taken out and put in."""
    workspace = open_workspace(ctx)
    notice(workspace, dt.datetime.now(dt.UTC))
    of = kind_of(kind).name
    for line in difference(*(text_of(workspace, of, name, number) for number in (one, other))):
        print(f"{line.sign}{line.text}")


@app.command(
    "schemas",
    help=tr(
        "写出全部定义文件的 JSON Schema，供编辑器使用", "Write the JSON Schemas of all definition files, for editors"
    ),
)
def schemas(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=tr("写入的文件夹", "Folder to write to"))],
) -> None:
    """One schema a folder of definitions, and the line that an editor needs."""
    for path in write_schemas(folder):
        print(path)
    print(
        tr(
            "在定义文件的第一行写上，编辑器就会补全和检查：",
            "As the first line of a definition file, this makes editors complete and check it:",
        )
    )
    print("# yaml-language-server: $schema=../schemas/metrics.schema.json")
