"""`salesloop metrics`: what is measured, and how it is defined."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from salesloop.cli import metric_exchange, metric_versions
from salesloop.cli.common import Globals, lang, print_json, print_table, tr
from salesloop.cli.options import FormatOption
from salesloop.engine.metrics.document import definition_json, facts_about, write_pages
from salesloop.engine.metrics.registry import Registry, load_registry
from salesloop.engine.metrics.schema import json_schema

app = typer.Typer(no_args_is_help=True, add_completion=False)
app.add_typer(metric_versions.app)
app.add_typer(metric_exchange.app)


@app.command("list", help=tr("列出全部指标和维度", "List the metrics and the dimensions"))
def list_metrics(
    ctx: typer.Context,
    output: FormatOption = "table",
    everything: Annotated[
        bool, typer.Option("--all", help=tr("也列出只作组成部分的指标", "Also those that are only parts"))
    ] = False,
) -> None:
    """Metrics and dimensions of the workspace, or of the catalogue where there is none."""
    registry = _registry(ctx)
    metrics = [metric for metric in registry.metrics.values() if everything or not metric.hidden]
    dimensions = [dimension for dimension in registry.dimensions.values() if everything or not dimension.hidden]
    if output == "json":
        print_json(
            {
                "metrics": [definition_json(metric, registry) for metric in metrics],
                "dimensions": [dimension.model_dump(mode="json", exclude_none=True) for dimension in dimensions],
            }
        )
        return
    print_table(
        [tr("指标", "Metric"), tr("名称", "Name"), tr("计算方式", "Formula"), tr("负责人", "Owner")],
        [[m.metric, m.label.get(lang()), m.formula.get(lang()), m.owner] for m in metrics],
    )
    print_table(
        [tr("维度", "Dimension"), tr("名称", "Name"), tr("说明", "Description")],
        [[d.dimension, d.label.get(lang()), d.description.get(lang())] for d in dimensions],
    )


@app.command("show", help=tr("查看一个指标的定义", "Show the definition of one metric"))
def show(
    ctx: typer.Context,
    metric: Annotated[str, typer.Argument(help=tr("指标编号", "Id of the metric"))],
    output: FormatOption = "table",
) -> None:
    """Everything that is declared about one metric."""
    registry = _registry(ctx)
    definition = registry.metric(metric)
    if output == "json":
        print_json(definition_json(definition, registry))
        return
    print(f"{definition.label.get(lang())}  {definition.metric}")
    print(definition.description.get(lang()))
    for heading, value in facts_about(definition, registry, lang()):
        print(f"  {heading}: {value}")


@app.command("validate", help=tr("校验工作区的指标定义", "Check the definitions of the workspace"))
def validate(ctx: typer.Context) -> None:
    """Nothing wrong: says how many there are. Else the error of the first wrong definition, with its file."""
    registry = _registry(ctx)
    count, dimensions = len(registry.metrics), len(registry.dimensions)
    print(
        tr(
            f"{count} 个指标和 {dimensions} 个维度，定义无误。",
            f"{count} metrics and {dimensions} dimensions are sound.",
        )
    )


@app.command("schema", help=tr("输出定义文件的 JSON Schema", "Print the JSON Schema of definition files"))
def schema() -> None:
    """For editors: completion and checks while writing `metrics/*.yaml`."""
    print_json(json_schema())


@app.command("docs", help=tr("生成指标手册", "Write the handbook of metrics"))
def docs(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option("--out", help=tr("写入的文件夹", "Folder to write to"))] = Path("docs/metrics"),
) -> None:
    """One page a language, and the schema."""
    for path in write_pages(_registry(ctx), out):
        print(path)


def _registry(ctx: typer.Context) -> Registry:
    """The definitions of the workspace of `-w`; the catalogue where there is no workspace yet."""
    settings: Globals = ctx.find_root().obj
    own = (settings.workspace / "salesloop.toml").is_file()
    return load_registry(settings.workspace if own else None)
