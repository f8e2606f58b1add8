"""`salesloop metrics export|import`: definitions exchanged with other tools as Apache Ossie."""

from __future__ import annotations

import datetime as dt
import getpass
from pathlib import Path
from typing import Annotated, Literal

import typer
import yaml

from salesloop.cli.common import Globals, lang, open_workspace, print_table, say, tr
from salesloop.engine.governance.applying import Change, apply_together
from salesloop.engine.governance.kinds import KindName
from salesloop.engine.governance.ossie.reading import Imported, from_ossie
from salesloop.engine.governance.ossie.writing import document_of, to_ossie
from salesloop.engine.metrics.definition import Metric
from salesloop.engine.metrics.dimension import Dimension
from salesloop.engine.metrics.registry import Registry, load_registry
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

app = typer.Typer(add_completion=False)
_MESSAGES = Messages("salesloop.engine.governance")


@app.command("export", help=tr("导出全部定义（Apache Ossie）", "Write all definitions for other tools (Apache Ossie)"))
def export(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=tr("写入的 YAML 文件", "YAML file to write"))],
    form: Annotated[Literal["ossie"], typer.Option("--format", help=tr("交换格式", "Form of exchange"))] = "ossie",  # noqa: ARG001 - one form today
) -> None:
    """The registry of the workspace, or the catalogue where there is none."""
    settings: Globals = ctx.find_root().obj
    own = (settings.workspace / "salesloop.toml").is_file()
    registry = load_registry(settings.workspace if own else None)
    document = to_ossie(registry, "salesloop")
    file.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120), "utf-8")
    said = len(document["semantic_model"][0]["metrics"])
    print(
        say(
            "{file}：{all} 个指标，其中 {said} 个有通用的 SQL 表达式，其余在扩展中。",
            "{file}: {all} metrics, {said} of them with SQL that any tool can read, the others in the extension.",
            file=file,
            all=len(registry.metrics),
            said=said,
        )
    )


@app.command("import", help=tr("从 Apache Ossie 文件导入定义", "Bring definitions in from an Apache Ossie file"))
def import_(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=tr("Ossie 的 YAML 或 JSON 文件", "Ossie document, YAML or JSON"))
    ],
    dataset: Annotated[
        list[str] | None,
        typer.Option(
            "--dataset",
            metavar="NAME=ENTITY",
            help=tr("外来数据集对应的数据实体，可重复", "Which entity a foreign dataset is, repeatable"),
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=tr("只看会导入什么", "Only say what would come in"))
    ] = False,
) -> None:
    """Ours come back as they were; simple foreign metrics become drafts; the rest is listed with reasons."""
    workspace = open_workspace(ctx)
    registry = load_registry(workspace.path, workspace.model)
    person = getpass.getuser()
    found = from_ossie(_read(file), registry, owner=person, datasets=_datasets(dataset or []))
    changes = _changes(registry, found, person, file.name)
    if changes and not dry_run:
        apply_together(workspace, changes, dt.datetime.now(dt.UTC))
    same = len(found.metrics) + len(found.dimensions) - len(changes)
    print(
        say(
            "新写入 {new} 个（其中草案 {drafts} 个），已相同 {same} 个，未导入 {left} 个。",
            "{new} written ({drafts} of them drafts), {same} the same already, {left} left out.",
            new=len(changes),
            drafts=len(found.drafts),
            same=same,
            left=len(found.left_out),
        )
    )
    if found.left_out:
        print_table(
            [tr("指标", "Metric"), tr("原因", "Why")], [[one.name, one.why.text(lang())] for one in found.left_out]
        )


def _changes(registry: Registry, found: Imported, person: str, file: str) -> list[Change]:
    """What differs from the definitions in force. Nobody has approved it: the versions wait for that."""
    why = say("从 {file} 导入", "imported from {file}", file=file)
    changed: list[tuple[KindName, str, Metric | Dimension]] = [
        *(("dimension", name, one) for name, one in found.dimensions.items() if registry.dimensions.get(name) != one),
        *(
            ("metric", name, one)
            for name, one in found.metrics.items()
            if _said(registry.metrics.get(name)) != _said(one)
        ),
    ]
    return [
        Change(kind, name, _text(one), person, why, approved_by="", origin="imported") for kind, name, one in changed
    ]


def _said(metric: Metric | None) -> Metric | None:
    """The definition apart from what is said about its version."""
    return metric and metric.model_copy(update={"version": 1, "reason": None, "approved_by": None})


def _text(item: Metric | Dimension) -> str:
    return yaml.safe_dump(document_of(item), allow_unicode=True, sort_keys=False, width=120)


def _read(file: Path) -> object:
    try:
        return yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
    except OSError as error:
        raise UserError(_MESSAGES.message("file_unreadable", problem=error.strerror or ""), file=str(file)) from error
    except yaml.YAMLError as error:
        raise UserError(_MESSAGES.message("not_yaml", problem=str(error)), file=file.name) from error


def _datasets(pairs: list[str]) -> dict[str, str]:
    wrong = [pair for pair in pairs if pair.count("=") != 1]
    if wrong:
        raise UserError(_MESSAGES.message("bad_dataset", value=wrong[0]))
    return dict(pair.split("=") for pair in pairs)
