"""`salesloop mappings`: the mappings that are saved, and what corrections have taught about headers."""

from __future__ import annotations

from typing import Annotated

import typer

from salesloop.cli.common import lang, open_workspace, print_json, print_table, say, tr
from salesloop.cli.options import FormatOption, LangOption
from salesloop.engine.collect.knowledge import Knowledge, Lesson, load_knowledge
from salesloop.engine.collect.mapping import Mapping
from salesloop.engine.model.entity import Model
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.pipeline.lessons import forget

app = typer.Typer(no_args_is_help=True, add_completion=False)
_MESSAGES = Messages("salesloop.engine.pipeline")


@app.command("list", help=tr("列出已保存的映射和学到的表头", "List saved mappings and lessons about headers"))
def list_mappings(ctx: typer.Context, output: FormatOption = "table", language: LangOption = None) -> None:  # noqa: ARG001
    """Mappings by name, lessons with the newest first."""
    workspace = open_workspace(ctx)
    known = load_knowledge(workspace.path / "sources")
    lessons = sorted(known.lessons, key=lambda lesson: (-lesson.learnt.toordinal(), lesson.about))
    if output == "json":
        mappings = [{"name": m.name, "entity": m.entity, "columns": len(m.header)} for m in known.mappings]
        print_json({"mappings": mappings, "lessons": [lesson.model_dump(mode="json") for lesson in lessons]})
        return
    heads = [tr("映射", "Mapping"), tr("数据实体", "Entity"), tr("列数", "Columns")]
    model = workspace.model
    print_table(heads, [[m.name, model.entity(m.entity).label.get(lang()), len(m.header)] for m in known.mappings])
    heads = [
        tr("表头", "Header"),
        tr("表的实体", "In tables of"),
        tr("对应字段", "Feeds"),
        tr("单位", "Unit"),
        tr("取值翻译", "Values"),
        tr("学自", "Learnt from"),
        tr("日期", "On"),
    ]
    if lessons:
        print_table(heads, [_row(lesson, model) for lesson in lessons])


@app.command("show", help=tr("查看一个映射的定义", "Show one mapping"))
def show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=tr("映射的名称", "Name of the mapping"))],
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """The text of its file in `sources`."""
    known = load_knowledge(open_workspace(ctx).path / "sources")
    print(_named(known, name).to_yaml(), end="")


@app.command("forget", help=tr("忘掉从更正中学到的一个表头", "Forget what was learnt about a header"))
def forget_header(
    ctx: typer.Context,
    header: Annotated[str, typer.Argument(metavar="HEADER", help=tr("表头", "The header"))],
    entity: Annotated[
        str | None, typer.Option("--entity", help=tr("只忘掉这种表里的", "Only in tables of this entity"))
    ] = None,
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """The header is read by the rules again; saved mappings stay."""
    for lesson in forget(open_workspace(ctx), header, entity):
        print(
            say(
                "已忘掉：{entity} 表的「{header}」→ {field}",
                "Forgotten: “{header}” in tables of {entity} → {field}",
                entity=lesson.entity,
                header=lesson.header,
                field=_field(lesson),
            )
        )


def _row(lesson: Lesson, model: Model) -> list[object]:
    values = "，".join(f"{word} → {read}" for word, read in lesson.values.items())
    entity = model.entity(lesson.entity).label.get(lang())
    return [lesson.header, entity, _field(lesson), lesson.unit or "", values, lesson.mapping, lesson.learnt]


def _field(lesson: Lesson) -> str:
    return lesson.field or tr("不导入", "not imported")


def _named(known: Knowledge, name: str) -> Mapping:
    for mapping in known.mappings:
        if mapping.name == name:
            return mapping
    names = [mapping.name for mapping in known.mappings]
    raise UserError(_MESSAGES.message("no_such_mapping", mapping=name, known=names))
