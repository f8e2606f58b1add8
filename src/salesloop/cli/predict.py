"""`salesloop predict`: train models, list their versions, and say what customers are still to bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from salesloop.cli.common import Format, lang, open_workspace, print_json, print_table, say, tr
from salesloop.engine.analyze.predict.lifetime.train import YEARLY_DISCOUNT, YEARS

if TYPE_CHECKING:
    from salesloop.app.prediction.services import SavedModel

app = typer.Typer(no_args_is_help=True, add_completion=False)
OutputFormat = Annotated[Format, typer.Option("--format", help=tr("输出格式", "Form of the output"))]


@app.callback()
def group() -> None:
    """Models that were learnt from the data."""


@app.command(help=tr("训练一个模型，成为下一版并启用", "Train a model: it becomes the next version, in force"))
def train(
    ctx: typer.Context,
    kind: Annotated[
        Literal["lifetime", "forecast"], typer.Argument(help=tr("客户价值或指标预测", "Customer value, or a metric"))
    ],
    metric: Annotated[str, typer.Option(help=tr("要预测的指标", "The metric to forecast"))] = "revenue",
    years: Annotated[float, typer.Option(min=0.25, max=10, help=tr("预测多少年", "Years to look ahead"))] = YEARS,
    discount: Annotated[
        float, typer.Option(min=0, max=1, help=tr("年折现率，0.1 即 10%", "Yearly discount, 0.1 = 10 %"))
    ] = YEARLY_DISCOUNT,
    format: OutputFormat = "table",
) -> None:
    """Learn from the published data, and say how the back-test went."""
    _start(ctx)
    from salesloop.app.prediction.services import Kind
    from salesloop.app.prediction.services import train as train_model
    from salesloop.app.workspace.services import now

    if kind == "lifetime":
        choices = {"years": years, "yearly_discount": discount}
        saved = train_model(None, Kind.LIFETIME, "", choices, now())
    else:
        saved = train_model(None, Kind.FORECAST, metric, {}, now())
    _print([saved], format)


@app.command("list", help=tr("列出全部版本与回测", "List all versions with their back-tests"))
def list_(ctx: typer.Context, format: OutputFormat = "table") -> None:
    """Newest first within each model."""
    _start(ctx)
    from salesloop.app.prediction.services import SavedModel

    _print(list(SavedModel.objects.all()), format)


@app.command(help=tr("每个客户预计还会带来多少", "What each customer is still to bring"))
def customers(
    ctx: typer.Context,
    as_: Annotated[str, typer.Option("--as", help=tr("以谁的权限查看（登录名）", "See as this login"))],
    limit: Annotated[int, typer.Option(min=1, help=tr("最多多少行", "At most so many rows"))] = 50,
    format: OutputFormat = "table",
) -> None:
    """The most valuable first, over the orders that this person sees."""
    _start(ctx)
    from salesloop.app.accounts.services import user_by_login
    from salesloop.app.customers.services import customer_values
    from salesloop.app.pages.services import page_of
    from salesloop.engine.model.view import View

    user = user_by_login(as_)
    if user is None:
        raise typer.BadParameter(say("没有登录名 {name}", "There is no login {name}", name=as_))
    found = customer_values(page_of(user, View(), lang()))
    if found is None:
        raise typer.BadParameter(
            tr(
                "还没有客户价值模型：先运行 predict train lifetime",
                "There is no model of customer value yet: run predict train lifetime",
            )
        )
    lines = found.lines(found.order("-coming")[:limit])
    if format == "json":
        print_json([{name: getattr(line, name) for name in line.__slots__} for line in lines])
        return
    headers = tr("客户|名称|仍是客户|还会购买|已带来|还会带来", "customer|name|alive|purchases|past|coming").split("|")
    print_table(
        headers,
        [(x.key, x.name, f"{x.alive:.1%}", f"{x.purchases:.1f}", f"{x.past:,.0f}", f"{x.coming:,.0f}") for x in lines],
    )


def _print(saved: list[SavedModel], format: Format) -> None:
    if format == "json":
        names = ("kind", "subject", "version", "in_force", "choices", "document", "snapshot", "first", "until")
        more = ("error", "naive_error", "trained_at")
        print_json([{name: getattr(one, name) for name in (*names, *more)} for one in saved])
        return
    headers = tr(
        "模型|指标|版本|在用|学到|误差|省事算法的误差", "model|metric|version|in force|until|error|naive error"
    ).split("|")
    rows = [
        (
            one.kind,
            one.subject,
            one.version,
            "✓" if one.in_force else "",
            one.until,
            f"{one.error:,.2f}",
            f"{one.naive_error:,.2f}",
        )
        for one in saved
    ]
    print_table(headers, rows)


def _start(ctx: typer.Context) -> None:
    workspace = open_workspace(ctx)
    from salesloop.app.boot import start

    start(workspace.path, migrate=True)
