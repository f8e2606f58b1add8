"""`salesloop findings`: run the rules, and see what they raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from salesloop.cli.common import Format, lang, open_workspace, print_json, print_table, tr

if TYPE_CHECKING:
    from salesloop.app.findings.services import Finding

app = typer.Typer(no_args_is_help=True, add_completion=False)
OutputFormat = Annotated[Format, typer.Option("--format", help=tr("输出格式", "Form of the output"))]


@app.callback()
def group() -> None:
    """What deserves attention."""


@app.command(help=tr("运行规则、衡量到期行动、发送提醒", "Run the rules, measure actions that are due, send reminders"))
def run(ctx: typer.Context, format: OutputFormat = "table") -> None:
    """What the daily run does, now."""
    _start(ctx)
    from salesloop.app.actions.measuring import measure_due
    from salesloop.app.actions.reminders import remind
    from salesloop.app.findings.services import run_rules
    from salesloop.app.workspace.services import now, today

    recorded = run_rules(now())
    measured = measure_due(now(), today())
    reminded = remind(today())
    counts = {
        "new": len(recorded.new),
        "updated": len(recorded.updated),
        "reopened": len(recorded.reopened),
        "quiet": len(recorded.quiet),
        "measured": len(measured),
        "reminded": reminded,
    }
    problems = [{"rule": rule, "problem": problem.text(lang())} for rule, problem in recorded.problems]
    if format == "json":
        print_json({**counts, "problems": problems})
        return
    labels = tr(
        "新发现|更新|重新出现|不再出现|已衡量的行动|已提醒",
        "new|updated|back again|no longer raised|actions measured|reminders",
    )
    print_table(labels.split("|"), [tuple(counts.values())])
    for problem in problems:
        print(
            tr(
                f"规则 {problem['rule']} 没有运行：{problem['problem']}",
                f"Rule {problem['rule']} did not run: {problem['problem']}",
            )
        )


@app.command("list", help=tr("列出发现", "List findings"))
def list_(
    ctx: typer.Context,
    state: Annotated[
        str, typer.Option(help=tr("只列出这种状态", "Only in this state") + ": open, acting, closed, dismissed")
    ] = "",
    as_: Annotated[str, typer.Option("--as", help=tr("以谁的权限查看（登录名）", "See as this login"))] = "",
    format: OutputFormat = "table",
) -> None:
    """Newest first; those that a person may see with --as."""
    _start(ctx)
    from salesloop.app.findings.services import Finding, visible_to_login

    found = visible_to_login(as_) if as_ else Finding.objects.all()
    found = found.filter(state=state) if state else found
    rows = [_row(finding) for finding in found.select_related("owner")]
    if format == "json":
        print_json(rows)
        return
    headers = tr("编号|程度|状态|发现|原因|负责人", "id|severity|state|finding|cause|owner").split("|")
    print_table(
        headers, [(r["id"], r["severity"], r["state"], r["finding"], _cause(r["causes"]), r["owner"]) for r in rows]
    )


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.pk,
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "kind": finding.kind,
        "severity": finding.severity,
        "state": finding.state,
        "still_raised": finding.still_raised,
        "metric": finding.metric,
        "slice": finding.members,
        "from": finding.start,
        "to": finding.end,
        "observed": finding.observed,
        "expected": finding.expected,
        "finding": finding.sentence(lang()),
        "causes": finding.causes,
        "evidence": finding.evidence,
        "owner": finding.owner.login if finding.owner else None,
    }


def _cause(causes: list[dict[str, Any]]) -> str:
    if not causes:
        return ""
    names = " × ".join(str(member["name"]) for member in causes[0]["members"])
    return f"{names} {causes[0]['share']:.0%}"


def _start(ctx: typer.Context) -> None:
    workspace = open_workspace(ctx)
    from salesloop.app.boot import start

    start(workspace.path, migrate=True)
