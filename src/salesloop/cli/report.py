"""`salesloop report`: the numbers of a period as documents."""

from __future__ import annotations

import datetime as dt
import os
import re
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from salesloop.cli.common import lang, open_workspace, parse_lang, print_table, tr
from salesloop.cli.options import LangOption
from salesloop.engine.governance.numbering import numbered_registry
from salesloop.engine.model.calendar import Period
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import Lang, Messages
from salesloop.engine.report.builders import ReportInputs, build_report, report_period
from salesloop.engine.report.definition import definition_of, load_definitions
from salesloop.engine.report.render import FILE_FORMATS, FileFormat, render
from salesloop.engine.store.workspace import Workspace

app = typer.Typer(no_args_is_help=True, add_completion=False)
_MESSAGES = Messages("salesloop.engine.report")
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


@app.command("list", help=tr("列出可用的报告", "List the reports that there are"))
def list_reports(ctx: typer.Context, language: LangOption = None) -> None:
    """Built-in reports and those of the workspace."""
    said = _language(language)
    found = load_definitions(open_workspace(ctx).path / "reports")
    rows = [(name, item.title.get(said), item.description.get(said)) for name, item in found.items()]
    print_table(tr("名称|标题|说明", "name|title|about").split("|"), rows)


@app.command("render", help=tr("生成一份报告的文件", "Write a report as files"))
def render_command(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="REPORT", help=tr("报告名，例如 weekly", "Name, such as weekly"))],
    out: Annotated[Path, typer.Option("--out", help=tr("写入的文件夹", "Folder to write into"))],
    formats: Annotated[
        str, typer.Option("--format", help=tr("格式，逗号分隔", "Formats with commas") + ": " + ",".join(FILE_FORMATS))
    ] = "html,pdf,xlsx",
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            help=tr("期间，例如 2026-W46；缺省为上一完整期", "Such as 2026-W46; default: the last finished one"),
        ),
    ] = None,
    org: Annotated[
        str | None, typer.Option("--org", help=tr("只看一个部门（编号或名称）", "Only one org unit, by id or name"))
    ] = None,
    as_user: Annotated[
        str | None, typer.Option("--as", metavar="USER", help=tr("以这个人的权限", "With what this person may see"))
    ] = None,
    language: LangOption = None,
) -> None:
    """Every file holds the same numbers of one snapshot."""
    asked = _formats(formats)
    workspace = open_workspace(ctx)
    definition = definition_of(name, workspace.path / "reports")
    now = dt.datetime.now(dt.UTC)
    when = report_period(workspace, definition, period, now)
    scope = _scope(workspace, as_user)
    said = _language(language)
    report = build_report(
        workspace,
        numbered_registry(workspace),
        definition,
        scope,
        when,
        now=now,
        lang=said,
        org=org,
        inputs=_inputs(workspace, scope, when, said, org),
    )
    out.mkdir(parents=True, exist_ok=True)
    stem = "-".join(
        filter(None, [name, workspace.config.calendar_of_company.text(when), org and _NOT_IN_NAMES.sub("_", org)])
    )
    for file_format in asked:
        file = out / f"{stem}.{file_format}"
        file.write_bytes(render(report, file_format))
        print(file)


def _formats(text: str) -> list[FileFormat]:
    asked = [part.strip().lower() for part in text.split(",") if part.strip()]
    unknown = [part for part in asked if part not in FILE_FORMATS]
    if unknown or not asked:
        known = ", ".join(FILE_FORMATS)
        raise UserError(_MESSAGES.message("unknown_format", value=", ".join(unknown), known=known))
    return [known for known in FILE_FORMATS if known in asked]


def _scope(workspace: Workspace, login: str | None) -> Scope:
    if login is None:
        return Scope.all()
    from salesloop.app.org.login import scope_for_login

    return scope_for_login(workspace.path, login)


def _inputs(workspace: Workspace, scope: Scope, period: Period, language: Lang, org: str | None) -> ReportInputs:
    """Findings and actions live in the app; a workspace that never had one says so in the report."""
    if not workspace.app_database.exists() and "DATABASE_URL" not in os.environ:
        return ReportInputs(missing=_MESSAGES.say("no_database", language))
    services = import_module("salesloop.app.publishing.services")
    inputs: ReportInputs = services.report_inputs(
        workspace.path, scope, period.start, period.end, lang=language, org=org
    )
    return inputs


def _language(asked: str | None) -> Lang:
    return lang() if asked is None else parse_lang(asked)
