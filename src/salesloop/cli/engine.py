"""`salesloop engine`: the company's own engine: is what is mapped there sound, and a first trial with data of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from salesloop.cli.common import lang, open_workspace, print_json, say, tr
from salesloop.cli.options import FormatOption, LangOption

app = typer.Typer(add_completion=False, no_args_is_help=True)
_SIGNS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "error": ("✗", "red")}


@app.command(
    help=tr("检查引擎和映射：能否连接、列和类型、行数、主键", "Check engine and mappings: columns, types, rows, keys")
)
def check(ctx: typer.Context, output: FormatOption = "table", language: LangOption = None) -> None:  # noqa: ARG001
    """Exit code 1 where something is wrong; warnings do not count."""
    from rich.console import Console

    from salesloop.engine.metrics import load_registry
    from salesloop.engine.model.errors import UserError
    from salesloop.engine.store.remote.check import examine_views
    from salesloop.engine.store.remote.definition import MESSAGES

    workspace = open_workspace(ctx)
    if workspace.remote is None:
        raise UserError(MESSAGES.message("no_engine"))
    engine = workspace.remote.mapped()
    console = Console(soft_wrap=True, highlight=False)
    found = []
    for judgement in examine_views(engine):
        found.append(judgement)
        if output == "table":
            sign, colour = _SIGNS[judgement.state]
            console.print(f"[{colour}]{sign}[/] ", end="")
            console.print(judgement.message.text(lang()), markup=False)
    registry = load_registry(workspace.path, workspace.model)
    wrong = {one.entity for one in found if one.state == "error"}
    sound = {entity.name for entity in workspace.model.entities if engine.canon.has(entity.name)} - wrong
    there = [name for name in registry.metrics if sound.issuperset(registry.entities_of(name))]
    if output == "json":
        told = [{"entity": one.entity, "state": one.state, "message": one.message.text(lang())} for one in found]
        print_json({"engine": str(workspace.remote.address), "entities": told, "metrics": there})
    else:
        print(_computable(len(there), len(registry.metrics)))
    if wrong:
        raise typer.Exit(1)


@app.command(
    help=tr(
        "把当前快照的各表写到一个引擎，并写好映射（试用、测试、迁出）",
        "Write the tables of the current snapshot to an engine, with mappings (a trial, tests, moving out)",
    )
)
def publish(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="postgresql://… · spark://… · clickhouse://…")],
    schema: Annotated[
        str,
        typer.Option(help=tr("写到哪个模式（数据库）；同名的表会被替换", "Schema; tables of these names are replaced")),
    ] = "salesloop_published",
    folder: Annotated[
        Path | None,
        typer.Option(help=tr("Spark：所有节点都能读的文件夹", "Spark: a folder that every worker can read")),
    ] = None,
    use: Annotated[bool, typer.Option("--use", help=tr("之后就用这个引擎", "Use this engine from now on"))] = False,
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """The workspace keeps its own snapshots; `--use` writes the address into salesloop.toml."""
    from salesloop.engine.model.errors import UserError
    from salesloop.engine.store.config import write_config
    from salesloop.engine.store.engines.address import parse_address
    from salesloop.engine.store.remote.definition import FOLDER, MESSAGES
    from salesloop.engine.store.remote.publish import publish as publish_tables
    from salesloop.engine.store.remote.publish import write_view

    workspace = open_workspace(ctx)
    try:
        address = parse_address(url)
    except ValueError as error:
        raise UserError(MESSAGES.message("cannot_publish", engine=url, problem=str(error))) from error
    own = workspace.snapshot_files.current()
    for one in publish_tables(own, workspace.model, address, workspace.config.timezone, schema=schema, folder=folder):
        write_view(workspace.path / FOLDER, one.view)
        label = workspace.model.entity(one.entity).label.get(lang())
        print(say("{entity}：{rows} 行", "{entity}: {rows} rows", entity=label, rows=f"{one.rows:,}"))
    if use:
        write_config(workspace.path, {**workspace.config.model_dump(), "engine": url})
        print(say('salesloop.toml：engine = "{url}"', 'salesloop.toml: engine = "{url}"', url=url))
    else:
        print(
            say(
                '要使用它：在 salesloop.toml 中写 engine = "{url}"，再运行 salesloop engine check',
                'To use it, write engine = "{url}" into salesloop.toml, then run salesloop engine check',
                url=url,
            )
        )


def _computable(there: int, known: int) -> str:
    if there == known:
        return say("全部 {known} 个指标都可以计算。", "All {known} metrics can be computed.", known=known)
    return say(
        "{there} 个指标可以计算，共 {known} 个；其余的所需实体还没有映射，或映射有误。",
        "{there} of {known} metrics can be computed; the others need entities that are not mapped, or mapped wrongly.",
        there=there,
        known=known,
    )
