"""`salesloop model`: what data there is, and how it is called and checked."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from salesloop.cli.common import Globals, lang, parse_lang, print_json, print_table, tr
from salesloop.cli.options import LangOption
from salesloop.engine.model.dictionary import (
    check_rows,
    choice_rows,
    derived_rows,
    dictionary_markdown,
    entity_json,
    entity_markdown,
    entity_rows,
    facts_about,
    field_rows,
    header_rows,
    table_markdown,
)
from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.model.loader import load_model
from salesloop.engine.model.text import Lang

app = typer.Typer(no_args_is_help=True, add_completion=False)

Output = Literal["table", "json", "markdown"]
FormatOption = Annotated[Output, typer.Option("--format", help=tr("输出格式", "Form of the answer"))]


@app.command("list", help=tr("列出全部实体", "List the entities"))
def list_entities(ctx: typer.Context, output: FormatOption = "table", language: LangOption = None) -> None:
    """The entities of the workspace's model."""
    model = _model(ctx)
    if output == "json":
        names = ("name", "kind", "label", "doc", "key", "visibility")
        print_json([{name: entity_json(entity)[name] for name in names} for entity in model.entities])
        return
    heads, rows = entity_rows(model, _language(language))
    if output == "markdown":
        print(table_markdown(heads, rows), end="")
    else:
        print_table(heads, rows)


@app.command(
    "show", help=tr("查看一个实体的字段、允许的值和规则", "Show the fields, allowed values and rules of an entity")
)
def show(
    ctx: typer.Context,
    entity: Annotated[
        str, typer.Argument(metavar="ENTITY", help=tr("实体的名字，例如 order_line", "Name, such as order_line"))
    ],
    output: FormatOption = "table",
    language: LangOption = None,
) -> None:
    """One entity with everything declared about it."""
    found = _model(ctx).entity(entity)
    if output == "json":
        print_json(entity_json(found))
    elif output == "markdown":
        print(entity_markdown(found, _language(language)), end="")
    else:
        _print_entity(found, _language(language))


@app.command("dictionary", help=tr("输出整部数据字典", "Print the whole data dictionary"))
def dictionary(ctx: typer.Context, output: FormatOption = "table", language: LangOption = None) -> None:
    """All entities with everything declared about them."""
    model = _model(ctx)
    if output == "json":
        print_json([entity_json(entity) for entity in model.entities])
    elif output == "markdown":
        print(dictionary_markdown(model, _language(language)), end="")
    else:
        for entity in model.entities:
            _print_entity(entity, _language(language))


def _model(ctx: typer.Context) -> Model:
    """The model of the workspace of `-w`; the built-in one where there is no workspace yet."""
    settings: Globals = ctx.find_root().obj
    own = (settings.workspace / "salesloop.toml").is_file()
    return load_model(settings.workspace / "entities" if own else None)


def _language(asked: str | None) -> Lang:
    return lang() if asked is None else parse_lang(asked)


def _print_entity(entity: Entity, language: Lang) -> None:
    print(f"{entity.label.get(language)}  {entity.name}")
    print(entity.doc.get(language))
    for heading, value in facts_about(entity, language):
        print(f"  {heading}: {value}")
    for heads, rows in (
        field_rows(entity, language),
        choice_rows(entity, language),
        derived_rows(entity, language),
        check_rows(entity, language),
        header_rows(entity, language),
    ):
        if rows:
            print_table(heads, rows)
