"""Options that several commands share. Only modules of commands import this: their help is in the language of the run."""

from __future__ import annotations

from typing import Annotated

import typer

from salesloop.cli.common import Format, tr

FormatOption = Annotated[Format, typer.Option("--format", help=tr("输出格式", "Form of the answer"))]
LangOption = Annotated[
    str | None,
    typer.Option("--lang", metavar="LANG", help=tr("语言：zh-Hans、zh-Hant、en", "Language: zh-Hans, zh-Hant, en")),
]
"""Read by `lang_of` before the command runs; every command takes it, so that it may stand anywhere."""
