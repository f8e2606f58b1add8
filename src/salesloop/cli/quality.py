"""`salesloop quality`: the checks of the data, where they stand, and the records that fail."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from salesloop.cli.common import lang, open_workspace, print_json, print_table, say, tr
from salesloop.cli.options import FormatOption, LangOption
from salesloop.engine.model.text import Message, Text

if TYPE_CHECKING:
    from salesloop.engine.analyze.quality.source import Judged
    from salesloop.engine.clean.quality.definition import Check
    from salesloop.engine.store import Workspace

app = typer.Typer(no_args_is_help=True, add_completion=False)

EntityArgument = Annotated[
    str, typer.Argument(metavar="ENTITY", help=tr("数据，如 order_line", "The entity, as order_line"))
]
CheckArgument = Annotated[str, typer.Argument(metavar="CHECK", help=tr("检查的名称", "Name of the check"))]
EntityOption = Annotated[
    str | None, typer.Option("--entity", metavar="ENTITY", help=tr("只看这种数据", "Of this entity only"))
]


@app.command(
    help=tr("重新检查全部数据，结果另存为一个快照", "Check all records anew; the outcome is a snapshot of its own")
)
def run(ctx: typer.Context, output: FormatOption = "table", language: LangOption = None) -> None:  # noqa: ARG001
    """An import checks by itself what it changed; this is for changed definitions, and for the passing of time."""
    from salesloop.engine.pipeline.quality import run_quality

    workspace = open_workspace(ctx)
    results = run_quality(workspace, dt.datetime.now(dt.UTC), wait=60)
    if output == "json":
        print_json([{"entity": r.entity, "check": r.check, "failed": r.failed, "checked": r.checked} for r in results])
        return
    _print_standing(workspace)


@app.command("list", help=tr("列出各项检查及其现状", "List the checks and where they stand"))
def list_checks(
    ctx: typer.Context,
    entity: EntityOption = None,
    every: Annotated[bool, typer.Option("--all", help=tr("也列出没有问题的", "Also those that nothing fails"))] = False,
    output: FormatOption = "table",
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """The last outcome of each, the worst first."""
    from salesloop.engine.analyze.quality.standing import standing

    workspace = open_workspace(ctx)
    if output == "json":
        of, at = _judged(workspace)
        print_json(
            [
                _card(each.check)
                | {"failed": each.failed, "checked": each.checked, "checked_at": each.checked_at.isoformat()}
                for each in standing(of, at, entity=entity)
                if each.failed or every
            ]
        )
        return
    _print_standing(workspace, entity=entity, every=every)


@app.command(help=tr("一项检查的定义与理由", "How a check is defined, and why"))
def show(
    ctx: typer.Context,
    entity: EntityArgument,
    check: CheckArgument,
    output: FormatOption = "table",
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """As it is in force: the workspace's own definition where there is one."""
    from salesloop.engine.clean.quality import book_of

    found = book_of(open_workspace(ctx)).check(entity, check)
    if output == "json":
        print_json(_card(found))
        return
    parts = {name: value for name, value in _card(found).items() if name not in ("label", "why") and value is not None}
    rows = [[tr("应当", "Should hold"), _text(found.label)], [tr("理由", "Why"), _text(found.why)]]
    rows += [
        [name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)]
        for name, value in parts.items()
    ]
    print_table([tr("项", "Part"), tr("内容", "Says")], rows)


@app.command(help=tr("不合格的数据行", "The records that fail", "不合格的資料列"))
def rows(
    ctx: typer.Context,
    entity: EntityOption = None,
    check: Annotated[
        str | None, typer.Option("--check", metavar="CHECK", help=tr("只看这项检查", "Of this check only"))
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="NAME", help=tr("只看这个来源", "Of this source only"))
    ] = None,
    employee: Annotated[
        str | None, typer.Option("--employee", metavar="ID", help=tr("只看此人的", "Of this person only"))
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help=tr("最多显示的行数", "Records at most", "最多顯示的列數"))] = 50,
    output: FormatOption = "table",
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """The gravest first. Hints (severity info) are counted and not listed."""
    from salesloop.engine.analyze.quality.mend import Chosen, to_mend

    workspace = open_workspace(ctx)
    of, _ = _judged(workspace)
    found = to_mend(of, Chosen(entity, check, source, employee), limit=limit)
    if output == "json":
        print_json(
            [
                {
                    "entity": row.entity,
                    "key": dict(row.key),
                    "checks": list(row.checks),
                    "employee": row.employee_id,
                    "source": row.source,
                    "file": row.file,
                    "row": row.row,
                }
                for row in found
            ]
        )
        return
    if not found:
        print(tr("没有不合格的数据。", "No record fails."))
        return
    heads = [
        tr("数据", "Data"),
        tr("编号", "Key"),
        tr("不合格的检查", "Fails"),
        tr("负责人", "Owner"),
        tr("来源", "Source"),
        tr("行", "Row", "列"),
    ]
    print_table(
        heads,
        [
            [
                workspace.model.entity(row.entity).label.get(lang()),
                " ".join(str(part) for part in row.key.values()),
                ", ".join(_text(of.book.check(row.entity, name).label) for name in row.checks),
                row.employee_id,
                row.source,
                row.row,
            ]
            for row in found
        ],
    )


@app.command(help=tr("一项检查的历史", "The history of a check"))
def history(
    ctx: typer.Context,
    entity: EntityArgument,
    check: CheckArgument,
    output: FormatOption = "table",
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """Each time that it was judged, oldest first."""
    from salesloop.engine.analyze.quality.standing import standing
    from salesloop.engine.clean.quality import book_of

    workspace = open_workspace(ctx)
    book_of(workspace).check(entity, check)
    of, at = _judged(workspace)
    found = [each for each in standing(of, at, entity=entity) if each.check.check == check]
    past = found[0].history if found else ()
    if output == "json":
        print_json([{"checked_at": moment.isoformat(), "share": share} for moment, share in past])
        return
    print_table(
        [tr("时间（UTC）", "When (UTC)"), tr("不合格", "Fail")],
        [[f"{moment:%Y-%m-%d %H:%M}", f"{share:.2%}"] for moment, share in past],
    )


@app.command(help=tr("导出更正清单，交给维护数据来源的人", "Export what is wrong, for whoever keeps the source"))
def corrections(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=tr(".xlsx 或 .csv 文件", "An .xlsx or .csv file"))],
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="NAME", help=tr("只看这个来源（映射）", "Of this source (mapping) only")),
    ] = None,
    repaired: Annotated[
        bool,
        typer.Option("--repaired", help=tr("也列出已自动修正的单元格", "Also cells that were repaired in reading")),
    ] = False,
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """Fill in the last column and hand the file to `quality correct`."""
    from salesloop.engine.pipeline.correction_file import write_correction_file

    written = write_correction_file(open_workspace(ctx), file, lang(), source=source, repaired=repaired)
    print(
        say(
            "已导出 {lines} 处到 {file}。填好最后一列后运行：salesloop quality correct {file}",
            "{lines} places exported to {file}. Fill in the last column, then: salesloop quality correct {file}",
            lines=written,
            file=file,
        )
    )


@app.command(help=tr("导入填好的更正清单", "Bring a filled-in correction file in"))
def correct(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=tr("填好的更正清单", "The file, filled in"))],
    output: FormatOption = "table",
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """Each delivery is read again with its corrections, so that every row keeps its place."""
    from salesloop.cli.importing import print_report
    from salesloop.engine.pipeline.correction_file import deliver_correction_file

    workspace = open_workspace(ctx)
    reports = deliver_correction_file(workspace, file, now=dt.datetime.now(dt.UTC), wait=60)
    if output == "json":
        print_json([report.to_json() for report in reports])
        return
    for report in reports:
        print_report(report, workspace.model)


@app.command(help=tr("检查文件的 JSON Schema", "JSON Schema of the files of checks"))
def schema(language: LangOption = None) -> None:  # noqa: ARG001
    """For editors that complete and check YAML."""
    from salesloop.engine.clean.quality.definition import json_schema

    print_json(json_schema())


def _judged(workspace: Workspace) -> tuple[Judged, Any]:
    from salesloop.engine.analyze.quality import judged
    from salesloop.engine.model.scope import Scope
    from salesloop.engine.pipeline.quality import circumstances

    return judged(workspace, Scope.all()), circumstances(workspace, dt.datetime.now(dt.UTC))


def _print_standing(workspace: Workspace, *, entity: str | None = None, every: bool = False) -> None:
    from salesloop.engine.analyze.quality.standing import standing

    of, at = _judged(workspace)
    all_of_them = standing(of, at, entity=entity)
    shown = [each for each in all_of_them if each.failed or every]
    if shown:
        heads = [
            tr("数据", "Data"),
            tr("检查", "Check"),
            tr("应当", "Should hold"),
            tr("程度", "Severity"),
            tr("不合格", "Fail"),
            tr("占比", "Share"),
        ]
        severities = {"error": tr("错误", "error"), "warning": tr("警告", "warning"), "info": tr("提示", "hint")}
        print_table(
            heads,
            [
                [
                    workspace.model.entity(each.check.entity).label.get(lang()),
                    f"{each.check.entity} {each.check.check}",
                    _text(each.check.label),
                    severities[each.check.severity],
                    each.failed,
                    f"{each.share:.1%}",
                ]
                for each in shown
            ],
        )
    print(
        say(
            "{checks} 项检查，{failing} 项有不合格的数据。",
            "{checks} checks, {failing} with records that fail.",
            checks=len(all_of_them),
            failing=sum(bool(each.failed) for each in all_of_them),
        )
    )


def _card(check: Check) -> dict[str, Any]:
    card = check.model_dump(mode="json", exclude={"label", "why", "enabled"})
    return card | {"label": check.label.to_json(), "why": check.why.to_json()}


def _text(said: Text | Message) -> str:
    return said.get(lang()) if isinstance(said, Text) else said.text(lang())
