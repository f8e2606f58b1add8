"""`salesloop metrics history|diff|compare`: the versions of a metric, what they say and what they give."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, get_args

import typer

from salesloop.cli.common import lang, open_workspace, print_json, print_table, say, tr
from salesloop.cli.options import FormatOption
from salesloop.engine.governance.comparing import Compared, compare, difference, metric_of
from salesloop.engine.governance.journal import Version, history_of, text_of
from salesloop.engine.governance.noticing import notice
from salesloop.engine.metrics.registry import load_registry
from salesloop.engine.metrics.warehouse import warehouse
from salesloop.engine.model.calendar import Calendar, Grain
from salesloop.engine.model.periods import DateRange, parse_period
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import Text
from salesloop.engine.report.number import format_change, format_number
from salesloop.engine.store import Workspace

app = typer.Typer(add_completion=False)

ORIGINS = {
    "shipped": Text("随产品提供", "came with the product"),
    "outside": Text("在外部修改", "edited outside"),
    "request": Text("变更申请", "change request"),
    "restored": Text("恢复旧版", "restored"),
    "imported": Text("导入", "imported"),
}
Name = Annotated[str, typer.Argument(metavar="METRIC", help=tr("指标编号", "Id of the metric"))]
First = Annotated[int, typer.Argument(metavar="N", help=tr("一个版本号", "Number of one version"))]
Second = Annotated[int, typer.Argument(metavar="M", help=tr("另一个版本号", "Number of the other version"))]


@app.command(
    "history", help=tr("指标的版本：何时、谁、为什么、谁批准", "Versions of a metric: when, who, why, approved by whom")
)
def history(ctx: typer.Context, metric: Name, output: FormatOption = "table") -> None:
    """Every version, oldest first; what was edited by hand since is noticed now."""
    workspace = _noticed(ctx)
    versions = history_of(workspace, "metric", metric)
    if output == "json":
        print_json([version.to_json() for version in versions])
        return
    print_versions(workspace, versions)


@app.command("diff", help=tr("两个版本的文字差异", "What two versions say differently"))
def diff(ctx: typer.Context, metric: Name, one: First, other: Second) -> None:
    """Lines taken out and put in."""
    workspace = _noticed(ctx)
    lines = difference(*(text_of(workspace, "metric", metric, number) for number in (one, other)))
    for line in lines:
        print(f"{line.sign}{line.text}")
    if not lines:
        print(tr("两个版本的文字相同。", "Both versions say the same."))


@app.command("compare", help=tr("两个版本在同一份数据上的结果", "What two versions give on the same data"))
def compare_versions(
    ctx: typer.Context,
    metric: Name,
    one: First,
    other: Second,
    by: Annotated[
        str,
        typer.Option(
            "--by", metavar="GRAIN|DIM", help=tr("按月等期间或维度", "By a period such as month, or a dimension")
        ),
    ] = "month",
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            metavar="PERIOD",
            help=tr("如 2026、2026-Q4；默认最近 12 个月", "Such as 2026 or 2026-Q4; the last 12 months where absent"),
        ),
    ] = None,
    output: FormatOption = "table",
) -> None:
    """Both definitions on the current snapshot, side by side with the difference."""
    workspace = _noticed(ctx)
    registry = load_registry(workspace.path, workspace.model)
    today, calendar = _today(workspace), workspace.config.calendar_of_company
    first, second = (metric_of(text_of(workspace, "metric", metric, number), str(number)) for number in (one, other))
    grain: Grain | None = by if by in get_args(Grain) else None  # type: ignore[assignment] # one of the grains
    days = parse_period(period, calendar, today) if period else last_year(calendar, today)
    slices = () if grain else (by,)
    rows = compare(
        warehouse(workspace), registry, first, second, days, Scope.all(), today=today, grain=grain, by=slices
    )
    if output == "json":
        print_json([_json(row) for row in rows])
        return
    names = [tr(f"第 {number} 版", f"Version {number}") for number in (one, other)]

    def number(value: float | None) -> object:
        return format_number(value, second.format, lang(), style="exact", currency=workspace.config.currency)

    print_table(
        [by, *names, tr("差异", "Difference"), "%"],
        [
            [
                calendar.text(calendar.period_of(row.period, grain)) if grain and row.period else row.slice[0],
                number(row.one),
                number(row.other),
                number(row.difference),
                format_change(row.share, "number", lang(), "neutral"),
            ]
            for row in rows
        ],
    )
    changed = sum(not row.same for row in rows)
    print(
        say(
            "快照 {n}：{rows} 行，其中 {changed} 行不同。",
            "Snapshot {n}: {rows} rows, {changed} of them different.",
            n=workspace.current().number,
            rows=len(rows),
            changed=changed,
        )
    )


def last_year(calendar: Calendar, today: dt.date) -> DateRange:
    """The twelve months that end with the current one."""
    month = calendar.period_of(today, "month")
    first = month
    for _ in range(11):
        first = calendar.previous(first)
    return DateRange(first.start, month.end)


def print_versions(workspace: Workspace, versions: Sequence[Version]) -> None:
    """A table of versions, those that wait for an approver said so."""
    zone = workspace.config.zone
    waiting = tr("待批准", "waiting for approval")
    print_table(
        [
            tr("定义", "Definition"),
            tr("版本", "Version"),
            tr("时间", "When"),
            tr("来历", "Origin"),
            tr("提出人", "By"),
            tr("批准人", "Approved by"),
            tr("理由", "Why"),
        ],
        [
            [
                one.id,
                f"v{one.number}",
                one.at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
                tr("已删除", "removed") if one.gone else ORIGINS[one.origin].get(lang()),
                one.by,
                one.approved_by or waiting,
                one.why,
            ]
            for one in versions
        ],
    )


def _noticed(ctx: typer.Context) -> Workspace:
    workspace = open_workspace(ctx)
    notice(workspace, dt.datetime.now(dt.UTC))
    return workspace


def _today(workspace: Workspace) -> dt.date:
    return workspace.config.day_of(dt.datetime.now(dt.UTC))


def _json(row: Compared) -> dict[str, object]:
    return {
        "period": row.period.isoformat() if row.period else None,
        "slice": list(row.slice),
        "one": row.one,
        "other": row.other,
        "difference": row.difference,
        "share": row.share,
    }
