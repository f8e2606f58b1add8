"""The command `salesloop`: one module per stage, read only when its command is called."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command

from salesloop.cli.common import Globals, lang_of, parse_lang, set_lang, tr
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Lang, Text

# Command → module with a `typer.Typer` called `app`, and the line about it in `salesloop --help`.
# A module with one command and no callback is that command; else it is a group.
COMMANDS: Final[dict[str, tuple[str, Text]]] = {
    "init": ("salesloop.cli.init", Text("新建工作区", "Make a workspace")),
    "import": ("salesloop.cli.import_", Text("导入数据文件", "Bring data files in")),
    "undo": ("salesloop.cli.undo", Text("撤销一次导入", "Take an import back")),
    "query": ("salesloop.cli.query", Text("查询指标", "Ask for metrics")),
    "metrics": (
        "salesloop.cli.metrics",
        Text("指标定义：查看、校验、版本、交换", "Metric definitions: show, validate, versions, exchange"),
    ),
    "definitions": (
        "salesloop.cli.definitions",
        Text("全部定义：谁改了什么，编辑器用的 JSON Schema", "All definitions: who changed what, schemas for editors"),
    ),
    "model": ("salesloop.cli.model", Text("数据模型与数据字典", "The data model and its dictionary")),
    "mappings": (
        "salesloop.cli.mappings",
        Text("字段对应：已保存的映射与学到的表头", "Mappings that are saved, and what was learnt about headers"),
    ),
    "quarantine": (
        "salesloop.cli.quarantine",
        Text("隔离的数据行：查看、导出、重试", "Rows in quarantine: show, export, retry"),
    ),
    "duplicates": (
        "salesloop.cli.duplicates",
        Text("重复的记录：查找、合并、撤销、导出对照表", "Records that are the same: find, merge, undo, export"),
    ),
    "quality": (
        "salesloop.cli.quality",
        Text("数据质量：检查、不合格的数据、历史", "Data quality: checks, records that fail, history"),
    ),
    "rules": (
        "salesloop.cli.rules",
        Text("清洗时的修正规则：是否停用、修正了多少", "Repairs made while cleaning: on or off, and how many"),
    ),
    "engine": (
        "salesloop.cli.engine",
        Text("公司自己的引擎（Spark、ClickHouse、PostgreSQL）", "Your own engine (Spark, ClickHouse, PostgreSQL)"),
    ),
    "snapshot": ("salesloop.cli.snapshot", Text("数据快照：列表、回退", "Snapshots: list, roll back")),
    "findings": ("salesloop.cli.findings", Text("发现问题：运行规则、列表", "Findings: run the rules, list")),
    "predict": (
        "salesloop.cli.predict",
        Text("预测：训练模型、版本与回测、客户价值", "Predictions: train models, versions, customer value"),
    ),
    "report": ("salesloop.cli.report", Text("生成报告", "Render reports")),
    "serve": ("salesloop.cli.serve", Text("启动网页服务", "Serve the web pages")),
    "worker": ("salesloop.cli.worker", Text("处理后台任务", "Work on background jobs")),
    "user": ("salesloop.cli.user", Text("用户与角色", "People and their roles")),
    "demo": ("salesloop.cli.demo", Text("生成并打开演示公司", "Make and open the demo company")),
    "doctor": ("salesloop.cli.doctor", Text("检查工作区是否健康", "Check that a workspace is sound")),
    "backup": ("salesloop.cli.backup", Text("备份工作区", "Back a workspace up")),
    "restore": ("salesloop.cli.restore", Text("从备份恢复", "Restore from a backup")),
}

USER_ERROR: Final = 2
FAILURE: Final = 1
INTERRUPTED: Final = 130


class _CommandTable(TyperGroup):
    """Lists the commands from the table above; reads a command's module only to run it or to show its own help."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] in COMMANDS:
            module, about = COMMANDS[args[0]]
            app: typer.Typer = import_module(module).app
            app.pretty_exceptions_enable = False
            app.info.help = str(tr(about.zh_hans, about.en, about.zh_hant))
            self.commands[args[0]] = get_command(app)
            _translate_help_option(self.commands[args[0]])
        return super().resolve_command(ctx, args)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code.

    0 done, 1 failed, 2 a mistake that the user can mend (one line says what), 130 interrupted. Without `--debug` never a
    traceback.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    set_lang(lang_of(arguments, os.environ))
    sys.exit(_run(arguments))


def _run(arguments: list[str]) -> int:
    if not arguments or "--help" in arguments:
        _translate_help_pages()
    try:
        code = _root().main(arguments, prog_name="salesloop", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except UserError as error:
        if "--debug" in arguments:
            raise
        return _complain(error.text(lang_of(arguments, os.environ)), USER_ERROR)
    except (typer.Abort, KeyboardInterrupt):
        return _complain(tr("已中止。", "Stopped."), INTERRUPTED)
    except TyperException as error:
        return _complain(_usage(error), USER_ERROR)
    except Exception as error:
        if "--debug" in arguments:
            raise
        hint = tr(
            "这是程序的错误；加上 --debug 可看到细节。", "This is a mistake of the program; --debug shows details."
        )
        return _complain(f"{type(error).__name__}: {error} — {hint}", FAILURE)


def _translate_help_pages() -> None:
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = tr("参数", "Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = tr("选项", "Options")
    rich_utils.COMMANDS_PANEL_TITLE = tr("命令", "Commands")
    rich_utils.REQUIRED_LONG_STRING = tr("[必填]", "[required]")
    rich_utils.DEFAULT_STRING = tr("[默认：{}]", "[default: {}]")
    rich_utils.ENVVAR_STRING = tr("[环境变量：{}]", "[env var: {}]")


def _translate_help_option(command: Any) -> None:
    """The option `--help` of a command and of the commands below it."""
    command.get_help_option(typer.Context(command)).help = tr("显示帮助", "Show this help")
    for below in getattr(command, "commands", {}).values():
        _translate_help_option(below)


def _usage(error: Any) -> str:
    """What is wrong with the command as it was typed; nothing where its help was printed already."""
    problem = error.format_message()
    command = error.ctx.command_path if getattr(error, "ctx", None) else "salesloop"
    return f"{problem} — {tr('帮助', 'help')}: {command} --help" if problem else ""


def _complain(sentence: str, code: int) -> int:
    if sentence:
        print(sentence, file=sys.stderr)
    return code


def _root() -> TyperGroup:
    app = typer.Typer(
        cls=_CommandTable,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help=tr("销环 SalesLoop：闭环的销售运营监测体系", "SalesLoop: closed-loop sales-operations monitoring"),
    )

    @app.callback()
    def root(  # --lang, --debug and --version have done their work before the command runs
        ctx: typer.Context,
        workspace: Annotated[
            Path,
            typer.Option(
                "-w", "--workspace", envvar="SALESLOOP_WORKSPACE", help=tr("工作区的文件夹", "Folder of the workspace")
            ),
        ] = Path(),
        lang: Annotated[  # noqa: ARG001
            str | None,
            typer.Option(
                "--lang",
                metavar="LANG",
                callback=_known_lang,
                help=tr("语言：zh-Hans、zh-Hant、en", "Language: zh-Hans, zh-Hant, en"),
            ),
        ] = None,
        debug: Annotated[  # noqa: ARG001
            bool, typer.Option("--debug", help=tr("出错时显示细节", "Show details of an error"))
        ] = False,
        show_version: Annotated[  # noqa: ARG001
            bool, typer.Option("--version", is_eager=True, help=tr("显示版本", "Show the version"), callback=_version)
        ] = False,
    ) -> None:
        ctx.obj = Globals(workspace)

    table: TyperGroup = get_command(app)  # type: ignore[assignment]
    for name, (_, about) in COMMANDS.items():
        table.add_command(TyperCommand(name=name, help=tr(about.zh_hans, about.en, about.zh_hant)))
    _translate_help_option(table)
    return table


def _known_lang(value: str | None) -> Lang | None:
    return None if value is None else parse_lang(value)


def _version(asked: bool) -> None:
    if asked:
        print(version("salesloop"))
        raise typer.Exit
