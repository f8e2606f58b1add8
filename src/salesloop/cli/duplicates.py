"""`salesloop duplicates`: records that are the same thing under several ids."""

from __future__ import annotations

import datetime as dt
import getpass
from pathlib import Path
from typing import Annotated

import typer

from salesloop.cli.common import lang, open_workspace, print_json, print_table, say, tr
from salesloop.cli.options import FormatOption, LangOption

app = typer.Typer(no_args_is_help=True, add_completion=False)

EntityArgument = Annotated[
    str, typer.Argument(metavar="ENTITY", help=tr("customer、contact、product …", "customer, contact, product …"))
]
IdsArgument = Annotated[list[str], typer.Argument(metavar="ID…", help=tr("记录的编号", "Ids of records"))]
WhyOption = Annotated[str, typer.Option("--why", help=tr("理由", "Why"))]
ByOption = Annotated[
    str,
    typer.Option("--by", help=tr("由谁决定；默认是当前系统用户", "Who decides; by default the user of this system")),
]
_WAIT = 60.0


@app.command(help=tr("比对新记录，找出可能重复的", "Match new records with the known ones"))
def find(
    ctx: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help=tr("重新比对全部记录", "Match all records anew"))] = False,
    output: FormatOption = "table",
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """Pairs with equal registration numbers are merged at once, unless standards/identity.yaml forbids it."""
    from salesloop.cli.matched import found_json, print_found
    from salesloop.engine.pipeline.identity.automatic import look_and_merge

    workspace = open_workspace(ctx)
    found, merged = look_and_merge(workspace, now=dt.datetime.now(dt.UTC), everything=everything, wait=_WAIT)
    if output == "json":
        print_json(found_json(found, merged))
        return
    print_found(found, merged, workspace.model)
    if not found:
        print(tr("没有新的记录要比对。", "There are no new records to match.", "沒有新的記錄要比對。"))


@app.command("list", help=tr("列出等待决定的疑似重复", "List what waits for a decision"))
def list_open(
    ctx: typer.Context,
    entity: Annotated[str | None, typer.Option("--entity", help=tr("只看这种数据", "Only this kind of data"))] = None,
    limit: Annotated[int, typer.Option(min=1, help=tr("最多显示的条数", "At most so many", "最多顯示的筆數"))] = 50,
    output: FormatOption = "table",
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """The surest first."""
    from salesloop.engine.clean.identity import say as sentences
    from salesloop.engine.pipeline.identity.deciding import known_records
    from salesloop.engine.pipeline.identity.queue import matched_entities, open_cases

    workspace = open_workspace(ctx)
    wanted = [one for one in matched_entities(workspace) if entity in (None, one.name)]
    cases = [(one, case) for one in wanted for case in open_cases(workspace, one.name)]
    shown = []
    for one, case in cases[:limit]:
        names = known_records(workspace.current(), one, case.ids)
        why = [message.text(lang()) for message in sentences(one, case.evidence)]
        shown.append((one, case, [names[id_].name for id_ in case.ids if id_ in names], why))
    if output == "json":
        print_json(
            [
                {
                    "entity": one.name,
                    "ids": case.ids,
                    "names": names,
                    "sure": case.asked == "merge",
                    "score": case.score,
                    "evidence": why,
                }
                for one, case, names, why in shown
            ]
        )
        return
    if not shown:
        print(tr("没有等待决定的疑似重复。", "Nothing waits for a decision.", "沒有等待決定的疑似重複。"))
        return
    heads = [tr("数据", "Data"), tr("编号", "IDs"), tr("名称", "Names"), tr("把握", "Sure"), tr("依据", "Evidence")]
    print_table(
        heads,
        [
            [
                one.label.get(lang()),
                " / ".join(case.ids),
                " / ".join(str(name) for name in names),
                f"{case.score:.0%}",
                tr("；", "; ").join(why),
            ]
            for one, case, names, why in shown
        ],
    )
    if len(cases) > limit:
        print(say("另有 {rest} 组。", "{rest} more.", rest=len(cases) - limit))


@app.command(
    help=tr("并排比较记录；已合并的记录显示每个值来自哪里", "Records side by side, and where merged values came from")
)
def show(
    ctx: typer.Context,
    entity: EntityArgument,
    ids: IdsArgument,
    output: FormatOption = "table",
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """One id of a merged record shows all records in it."""
    from salesloop.engine.pipeline.identity.compare import lines, members, side_by_side
    from salesloop.engine.pipeline.identity.deciding import mergeable

    workspace = open_workspace(ctx)
    declared = mergeable(workspace, entity)
    every = [one for id_ in ids for one in (members(workspace, entity, id_) or [id_])]
    sides = side_by_side(workspace, entity, every)
    if output == "json":
        print_json(
            [
                {
                    "id": side.id,
                    "canonical_id": side.canonical_id,
                    "file": side.file,
                    "used": side.used,
                    "gave": side.gave,
                    "values": side.values,
                }
                for side in sides
            ]
        )
        return
    gave = {side.id: set(side.gave) for side in sides}
    rows: list[list[object]] = []
    for line in lines(declared, sides):
        texts = [
            f"{value} ←" if value and line.field in gave[side.id] else value or ""
            for side, value in zip(sides, line.values, strict=True)
        ]
        rows.append(["≠" if line.differs else "", declared.field(line.field).label.get(lang()), *texts])
    rows.append(["", tr("来自文件", "From the file", "來自檔案"), *(side.file or "" for side in sides)])
    rows.append(
        [
            "",
            tr("被引用的行数", "Rows that refer to it", "被引用的列數"),
            *(str(sum(side.used.values())) for side in sides),
        ]
    )
    print_table(["", tr("字段", "Field", "欄位"), *(side.id for side in sides)], rows)


@app.command(help=tr("把几条记录合并为一条", "Merge records into one", "把幾筆記錄合併為一筆"))
def merge(
    ctx: typer.Context,
    entity: EntityArgument,
    ids: IdsArgument,
    survivor: Annotated[
        str | None,
        typer.Option(
            "--keep", metavar="ID", help=tr("保留哪条的编号；默认是第一条", "The id that stays; by default the first")
        ),
    ] = None,
    why: WhyOption = "",
    by: ByOption = "",
    output: FormatOption = "table",
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """Every later import uses it. Sums stay the same; `duplicates split` takes it back."""
    from salesloop.engine.pipeline.identity.deciding import decide, keep, publish

    workspace, now = open_workspace(ctx), dt.datetime.now(dt.UTC)
    decision = decide(
        workspace, entity, "same", ids, by=by or getpass.getuser(), now=now, why=why, survivor=survivor or ids[0]
    )
    keep(workspace, [decision])
    number = publish(workspace, now, wait=_WAIT)
    if output == "json":
        print_json({"decision": decision.decision_id, "snapshot": number})
        return
    print(
        say(
            "已合并为 {survivor}，发布快照 {number}。撤销：salesloop duplicates split {decision}",
            "Merged into {survivor}; snapshot {number} is published. To undo: salesloop duplicates split {decision}",
            "已合併為 {survivor}，發布快照 {number}。撤銷：salesloop duplicates split {decision}",
            survivor=decision.survivor,
            number=number,
            decision=decision.decision_id,
        )
    )


@app.command(
    help=tr(
        "声明记录各不相同，不再询问",
        "Say that records are different, and never be asked again",
        "聲明記錄各不相同，不再詢問",
    )
)
def reject(
    ctx: typer.Context,
    entity: EntityArgument,
    ids: IdsArgument,
    why: WhyOption = "",
    by: ByOption = "",
    output: FormatOption = "table",
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """`duplicates split` takes this back as well."""
    from salesloop.engine.pipeline.identity.deciding import decide, keep

    workspace = open_workspace(ctx)
    decision = decide(
        workspace, entity, "different", ids, by=by or getpass.getuser(), now=dt.datetime.now(dt.UTC), why=why
    )
    keep(workspace, [decision])
    if output == "json":
        print_json({"decision": decision.decision_id})
        return
    print(
        say(
            "已记下：{ids} 各不相同。",
            "Noted: {ids} are different.",
            "已記下：{ids} 各不相同。",
            ids=", ".join(decision.ids),
        )
    )


@app.command(
    help=tr(
        "撤销一个决定；数据与从未合并时完全一样",
        "Take a decision back; the data are then as if it had never been",
        "撤銷一個決定；資料與從未合併時完全一樣",
    )
)
def split(
    ctx: typer.Context,
    decision: Annotated[
        str,
        typer.Argument(
            metavar="DECISION", help=tr("决定的编号，见 duplicates history", "The decision, see duplicates history")
        ),
    ],
    why: WhyOption = "",
    by: ByOption = "",
    output: FormatOption = "table",
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """The record of both stays."""
    from salesloop.engine.pipeline.identity.deciding import publish, take_back

    workspace, now = open_workspace(ctx), dt.datetime.now(dt.UTC)
    undone = take_back(workspace, decision, by=by or getpass.getuser(), now=now, why=why)
    number = publish(workspace, now, wait=_WAIT)
    if output == "json":
        print_json({"decision": decision, "snapshot": number})
        return
    print(
        say(
            "已撤销对 {ids} 的决定。",
            "The decision about {ids} is undone.",
            "已撤銷對 {ids} 的決定。",
            ids=", ".join(undone.ids),
        )
    )


@app.command(help=tr("全部决定，最新的在前", "All decisions, the latest first", "全部決定，最新的在前"))
def history(ctx: typer.Context, output: FormatOption = "table", language: LangOption = None) -> None:  # noqa: ARG001
    """Nothing is ever removed from it."""
    from salesloop.engine.pipeline.identity.journal import read_history

    workspace = open_workspace(ctx)
    said = read_history(workspace)
    decisions = list(reversed(said.decisions))
    if output == "json":
        print_json([one.to_json() | {"undone": one.decision_id in said.undone} for one in decisions])
        return
    words = {"same": tr("相同", "same"), "different": tr("不同", "different")}
    heads = [
        tr("决定", "Decision", "決定"),
        tr("数据", "Data"),
        tr("记录", "Records", "記錄"),
        tr("结论", "Verdict", "結論"),
        tr("决定人", "By", "決定人"),
        tr("时间", "When", "時間"),
        tr("已撤销", "Undone", "已撤銷"),
    ]
    print_table(
        heads,
        [
            [
                one.decision_id,
                workspace.model.entity(one.entity).label.get(lang()),
                " / ".join(
                    f"{record.name or ''}（{record.id}）" if record.name != record.id else record.id
                    for record in one.records
                ),
                words[one.verdict],
                one.by,
                f"{one.at:%Y-%m-%d %H:%M}",
                said.undone[one.decision_id].by if one.decision_id in said.undone else "",
            ]
            for one in decisions
        ],
    )


@app.command(
    help=tr(
        "导出编号对照表（.xlsx 或 .csv）",
        "Export the crosswalk of ids (.xlsx or .csv)",
        "匯出編號對照表（.xlsx 或 .csv）",
    )
)
def export(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=tr(".xlsx 或 .csv 文件", "An .xlsx or .csv file"))],
    language: LangOption = None,  # noqa: ARG001
) -> None:
    """Every id that stands for another, to mend the source systems."""
    from salesloop.engine.pipeline.identity.export import export_crosswalk

    rows = export_crosswalk(open_workspace(ctx), file, lang())
    print(
        say(
            "已导出 {rows} 个编号到 {file}。",
            "{rows} ids exported to {file}.",
            "已匯出 {rows} 個編號到 {file}。",
            rows=rows,
            file=file,
        )
    )
