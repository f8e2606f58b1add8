"""`salesloop demo`: make the demo company and open it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from pathlib import Path
from typing import Annotated

import typer

from salesloop.cli.common import print_table, tr
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

app = typer.Typer(add_completion=False)
_MESSAGES = Messages("salesloop.app")
DEFAULT_FOLDER = Path("demo-workspace")
STEPS = {
    "generate": ("生成三年的业务数据与导出文件", "Generating three years of business and its exports"),
    "import": ("导入这些文件", "Importing the files"),
    "people": ("建立用户", "Adding people"),
    "loop": ("检查、行动、衡量效果", "Finding, acting, measuring"),
}


@app.command()
def demo(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help=tr("放在哪个文件夹", "Folder to put it in"))] = DEFAULT_FOLDER,
    serve: Annotated[bool, typer.Option(help=tr("做好后启动网页", "Serve the pages when it is made"))] = True,
    open_browser: Annotated[bool, typer.Option("--open", help=tr("在浏览器中打开", "Open in the browser"))] = False,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help=tr("端口，0 为任意空闲端口", "Port; 0 takes a free one"))
    ] = 8000,
    today: Annotated[
        str, typer.Option(help=tr("演示的今天，如 2026-11-21", "The demo's today, such as 2026-11-21"))
    ] = "",
) -> None:
    """Make it where it is not there yet, print who can log in, and serve it."""
    from salesloop.demo.make import interrupted, logins, make_demo
    from salesloop.demo.past import ZONE

    now = dt.datetime.now(ZONE)
    if today:
        os.environ["SALESLOOP_TODAY"] = today
        now = dt.datetime.combine(_date(today), now.timetz())
    if interrupted(folder):
        shutil.rmtree(folder)
    if logins(folder) is None:
        _refuse_other(folder)
        began = time.monotonic()
        make_demo(folder, now, step=lambda name: print(f"· {tr(*STEPS[name])}", flush=True))
        print(
            tr(f"完成，用时 {time.monotonic() - began:.0f} 秒。", f"Done in {time.monotonic() - began:.0f} s."),
            flush=True,
        )
    _print_logins(folder)
    if serve:
        from salesloop.cli.common import Globals
        from salesloop.cli.serve import serve as serve_pages

        ctx.find_root().obj = Globals(folder)
        serve_pages(ctx, port=port, open_browser=open_browser)


def _refuse_other(folder: Path) -> None:
    """Never write a demo into a folder that holds something else."""
    if folder.exists() and any(folder.iterdir()):
        raise UserError(_MESSAGES.message("demo_folder_in_use", folder=str(folder)))


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(tr("日期写成 2026-11-21 的样子", "write the date like 2026-11-21")) from error


def _print_logins(folder: Path) -> None:
    from salesloop.demo.make import logins

    known = logins(folder) or {}
    people = known.get("people", [])
    headers = tr("登录名|角色|姓名", "login|role|name").split("|")
    print_table(headers, [(p["login"], p["role"], p["name"]) for p in people])
    print(tr(f"密码都是：{known.get('password')}", f"Password of all: {known.get('password')}"), flush=True)
