"""What every command shares: the language, the workspace, and how answers are printed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from salesloop.engine.model.text import DEFAULT_LANG, Lang, Text

if TYPE_CHECKING:
    from salesloop.engine.store.workspace import Workspace

Format = Literal["table", "json"]


@dataclass(frozen=True, slots=True)
class Globals:
    """The options before the command; `ctx.obj` of every command."""

    workspace: Path


class _Current:
    """The language of this run. Set once, before any command's module is read, so that help texts can be in it."""

    lang: Lang = DEFAULT_LANG


def lang() -> Lang:
    """The language that the user reads."""
    return _Current.lang


def set_lang(value: Lang) -> None:
    """Fix the language of this run."""
    _Current.lang = value


def tr(zh_hans: str, en: str, zh_hant: str | None = None) -> str:
    """A text of the command line in the user's language."""
    return Text(zh_hans, en, zh_hant).get(lang())


def say(zh_hans: str, en: str, zh_hant: str | None = None, **params: object) -> str:
    """A sentence with `{parameters}`. They are filled in afterwards, so names of files and data keep their characters."""
    return tr(zh_hans, en, zh_hant).format(**params)


def parse_lang(value: str) -> Lang:
    """zh, zh-CN, zh_TW.UTF-8, en_US … as one of the three languages of the product."""
    tag = value.split(".", maxsplit=1)[0].replace("_", "-").lower()
    if tag.startswith("zh"):
        return "zh-Hant" if any(part in tag for part in ("hant", "tw", "hk", "mo")) else "zh-Hans"
    if tag.split("-", maxsplit=1)[0] == "en":
        return "en"
    raise typer.BadParameter(tr("可用的语言：zh-Hans、zh-Hant、en", "languages are zh-Hans, zh-Hant and en"))


def lang_of(argv: Sequence[str], environ: Mapping[str, str]) -> Lang:
    """The language asked for by `--lang`, SALESLOOP_LANG or the system's locale; Chinese where none says otherwise."""
    asked = [value.removeprefix("--lang=") for value in argv if value.startswith("--lang=")]
    asked += [value for option, value in pairwise(argv) if option == "--lang"]
    asked += [environ.get(name, "") for name in ("SALESLOOP_LANG", "LC_ALL", "LC_MESSAGES", "LANG")]
    for value in asked:
        try:
            return parse_lang(value)
        except typer.BadParameter:
            continue
    return DEFAULT_LANG


def open_workspace(ctx: typer.Context) -> Workspace:
    """The workspace of `-w`. UserError where the folder is none."""
    from salesloop.engine.store.workspace import Workspace

    settings: Globals = ctx.find_root().obj
    return Workspace.open(settings.workspace)


def print_json(value: Any) -> None:
    """One JSON document on standard output; dates and decimals as text, Chinese readable."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]], *, title: str | None = None) -> None:
    """A table for eyes: numbers to the right, Chinese counted as two cells wide, never cut off in a pipe."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as RichText

    from salesloop.engine.report.number import Change, Formatted

    table = Table(box=SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False)
    for index, column in enumerate(columns):
        numbers = any(isinstance(row[index], int | float | Formatted | Change) for row in rows)
        table.add_column(column, justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(RichText("" if cell is None else str(cell)) for cell in row))
    if sys.stdout.isatty() or "COLUMNS" in os.environ:
        Console().print(table)
        return
    lines = StringIO()
    Console(file=lines, width=100_000).print(table)
    print("\n".join(line.rstrip() for line in lines.getvalue().splitlines()).strip("\n"))
