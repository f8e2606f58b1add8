"""`salesloop query`: one question to the metric planner."""

from __future__ import annotations

import csv
import datetime as dt
import sys
from contextlib import ExitStack, redirect_stdout
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from salesloop.cli.common import lang, open_workspace, print_json, print_table, tr
from salesloop.engine.governance.numbering import numbered_registry
from salesloop.engine.metrics import Query, Registry, Result, run
from salesloop.engine.metrics.result import Column, plain
from salesloop.engine.model.calendar import Calendar, Grain
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.guard import guarded
from salesloop.engine.model.periods import parse_period
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import Messages
from salesloop.engine.report.number import Change, Formatted, format_change, format_number
from salesloop.engine.store.workspace import Workspace

app = typer.Typer(add_completion=False)

_MESSAGES = Messages("salesloop.engine.metrics")
Output = Literal["table", "json", "csv", "parquet"]


@app.command(
    help=tr(
        "查询一个或多个指标，例如：query revenue,win_rate --by region --grain month --from 2026-01 --compare year",
        "Ask for one or more metrics, e.g. query revenue,win_rate --by region --grain month --from 2026-01 --compare year",
    )
)
def query(
    ctx: typer.Context,
    metrics: Annotated[str, typer.Argument(metavar="METRIC[,METRIC]", help=tr("指标编号", "Ids of metrics"))],
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="DIM,…",
            help=tr(
                "按维度拆分，如 region,channel 或 region:2", "Split by dimensions, such as region,channel or region:2"
            ),
        ),
    ] = "",
    grain: Annotated[
        str | None,
        typer.Option(
            "--grain",
            metavar="GRAIN",
            help=tr("时间粒度：day week month quarter year", "Grain of time: day week month quarter year"),
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="D",
            help=tr("开始：2026-01-31、2026-01、2026-Q1 或 2026", "Start: 2026-01-31, 2026-01, 2026-Q1 or 2026"),
        ),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option("--to", metavar="D", help=tr("结束（含）；不写则到今天", "End, inclusive; today where absent")),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            metavar="FILTER",
            help=tr(
                "筛选，可重复：region=华东、channel!=直销、category=A|B",
                "Filter, repeatable: region=East, channel!=Direct, category=A|B",
            ),
        ),
    ] = None,
    compare: Annotated[
        str,
        typer.Option(
            "--compare",
            metavar="previous,year,…",
            help=tr(
                "对比：previous 上期、year 去年同期、festival 春节对齐的去年同期、target 目标、plan 首次批准的原计划、share 占比、"
                "contribution 对变化的贡献，或一个期间，例如 2025-01-01..2025-03-31",
                "Compare with: previous, year, festival (year ago aligned with the Spring Festival), target, "
                "plan (as approved first), share, "
                "contribution (to the change), or a period such as 2025-01-01..2025-03-31",
            ),
        ),
    ] = "",
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param",
            metavar="NAME=NUMBER",
            help=tr(
                "指标的参数，可重复：churn_days=60",
                "A number that the metric lets you choose, repeatable: churn_days=60",
            ),
        ),
    ] = None,
    as_user: Annotated[
        str | None,
        typer.Option("--as", metavar="USER", help=tr("以此用户能看到的范围查询", "Answer with what this user may see")),
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", help=tr("最多多少行", "At most so many rows"))] = None,
    order: Annotated[
        str | None,
        typer.Option(
            "--order",
            metavar="COLUMN",
            help=tr("排序的列，前面加 - 为降序", "Column to order by, - before it for falling"),
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help=tr("同时给出分步的 SQL", "Add the SQL in its steps"))
    ] = False,
    output: Annotated[Output, typer.Option("--format", help=tr("输出格式", "Form of the answer"))] = "table",
    out: Annotated[Path | None, typer.Option("--out", help=tr("写入文件而不是屏幕", "Write to a file instead"))] = None,
    today: Annotated[
        str | None, typer.Option("--today", metavar="DATE", help=tr("把这一天当作今天", "Take this day for today"))
    ] = None,
) -> None:
    """Answer one question on standard output, or in a file."""
    workspace = open_workspace(ctx)
    registry = numbered_registry(workspace)
    calendar = workspace.config.calendar_of_company
    day = _today(workspace, today)
    asked = Query(
        _names(metrics),
        by=_names(by),
        grain=grain,  # type: ignore[arg-type] # the planner says which grains there are
        start=parse_period(start, calendar, day).start if start else None,
        end=_end(start, end, calendar, day),
        where=tuple(where or ()),
        compare=_names(compare),
        limit=limit,
        order=order,
        params=tuple(param or ()),
    )
    result = run(workspace, registry, asked, _scope(workspace, as_user), today=day)
    _write(result, registry, workspace, asked.grain, output, out, explain=explain)


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _end(start: str | None, end: str | None, calendar: Calendar, today: dt.date) -> dt.date | None:
    if end is not None:
        return parse_period(end, calendar, today).end
    return None if start is None else max(today, parse_period(start, calendar, today).end)


def _today(workspace: Workspace, asked: str | None) -> dt.date:
    """The business day: the asked one, else the calendar day in the workspace's time zone."""
    if asked is None:
        return workspace.config.day_of(dt.datetime.now(dt.UTC))
    try:
        return dt.date.fromisoformat(asked)
    except ValueError:
        raise UserError(_MESSAGES.message("bad_date", value=asked)) from None


def _scope(workspace: Workspace, login: str | None) -> Scope:
    if login is None:
        return Scope.all()
    from salesloop.app.org.login import scope_for_login

    return scope_for_login(workspace.path, login)


# -- writing the answer --------------------------------------------------------------------------------------------


def _write(
    result: Result,
    registry: Registry,
    workspace: Workspace,
    grain: Grain | None,
    output: Output,
    out: Path | None,
    *,
    explain: bool,
) -> None:
    if output == "parquet":
        _write_parquet(result, out)
        return
    with ExitStack() as stack:
        if out is not None:
            stack.enter_context(redirect_stdout(stack.enter_context(out.open("w", encoding="utf-8", newline=""))))
        if output == "json":
            print_json(result.to_json(explain=explain, lang=lang()))
        elif output == "csv":
            _write_csv(result)
        else:
            _print(result, registry, workspace, grain)
            if explain:
                _print_steps(result)


def _write_csv(result: Result) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    names = [column.name for column in result.columns]
    writer.writerow(names)
    writer.writerows([["" if row[n] is None else guarded(plain(row[n])) for n in names] for row in result.to_pylist()])


def _write_parquet(result: Result, out: Path | None) -> None:
    import pyarrow.parquet as pq

    if out is None and sys.stdout.isatty():
        raise UserError(_MESSAGES.message("parquet_needs_file"))
    pq.write_table(result.table, sys.stdout.buffer if out is None else out)


def _print(result: Result, registry: Registry, workspace: Workspace, grain: Grain | None) -> None:
    shown = [column for column in result.columns if column.role != "id"]
    calendar = workspace.config.calendar_of_company
    rows = [
        [_cell(column, row[column.name], registry, workspace, calendar, grain) for column in shown]
        for row in result.to_pylist()
    ]
    print_table([column.label.get(lang()) for column in shown], rows)
    print(_caption(result))
    for note in result.meta.notes:
        print(note.text(lang()))


def _cell(
    column: Column, value: Any, registry: Registry, workspace: Workspace, calendar: Calendar, grain: Grain | None
) -> str | Formatted | Change:
    if column.role == "period":
        return calendar.text(calendar.period_of(value, grain or "day"))
    if column.role == "dimension":
        return tr("未归属", "Unassigned") if value is None else str(value)
    metric = registry.metric(column.of or "")
    if column.role == "change":
        return format_change(value, metric.format, lang(), metric.favorable)
    form = column.format or metric.format
    return format_number(value, form, lang(), style="exact", currency=workspace.config.currency)


def _caption(result: Result) -> str:
    meta = result.meta
    parts = [f"{tr('快照', 'snapshot')} {meta.snapshot}"]
    if meta.start and meta.end:
        parts.append(f"{meta.start} – {meta.end}")
    if meta.partial:
        parts.append(tr(f"期间未结束，截至 {meta.today}", f"unfinished, as of {meta.today}"))
    newest = max((event for event, _ in meta.freshness.values() if event), default=None)
    if newest:
        parts.append(tr(f"数据截至 {newest}", f"data up to {newest}"))
    return " · ".join(parts)


def _print_steps(result: Result) -> None:
    if result.meta.sources:
        print()
    for source in result.meta.sources:
        rows = tr("逐行计算", "from the rows")
        read = rows if source.rollup is None else f"{tr('汇总表', 'roll-up')} {source.rollup}"
        why = "" if source.why_not is None else f" · {source.why_not.text(lang())}"
        print(f"-- {source.metric}: {read}{why}")
    for number, (name, text) in enumerate(result.steps.items(), start=1):
        print(f"\n-- {number}. {name}\n{text}")
