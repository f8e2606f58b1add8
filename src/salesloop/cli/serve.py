"""`salesloop serve`: the web pages of a workspace on this machine."""

from __future__ import annotations

import threading
import webbrowser
from typing import Annotated, Any

import typer

from salesloop.cli.beside import worker_beside
from salesloop.cli.common import open_workspace, tr
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

app = typer.Typer(add_completion=False)
_MESSAGES = Messages("salesloop.app")
THREADS = 8


@app.command()
def serve(
    ctx: typer.Context,
    host: Annotated[str, typer.Option(help=tr("监听地址", "Address to listen on"))] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help=tr("端口，0 为任意空闲端口", "Port; 0 takes a free one"))
    ] = 8000,
    open_browser: Annotated[bool, typer.Option("--open", help=tr("在浏览器中打开", "Open in the browser"))] = False,
) -> None:
    """Serve until Ctrl C; the app's database is brought up to date first."""
    workspace = open_workspace(ctx)
    from salesloop.app.boot import start

    start(workspace.path, migrate=True)
    _hint_without_people()
    server = _server(host, port)
    address = f"http://{_shown(host)}:{server.effective_port}/"
    print(
        tr(f"销环正在运行：{address}（按 Ctrl C 停止）", f"SalesLoop is running: {address} (Ctrl C stops it)"),
        flush=True,
    )
    if open_browser:
        threading.Timer(0.3, webbrowser.open, [address]).start()
    try:
        with worker_beside(workspace.path):
            server.run()
    except KeyboardInterrupt:
        print(tr("已停止。", "Stopped."))
    finally:
        server.close()


def _server(host: str, port: int) -> Any:
    from waitress import create_server

    from salesloop.app.config.wsgi import application

    try:
        return create_server(
            application,
            host=host,
            port=port,
            threads=THREADS,
            ident=None,
            clear_untrusted_proxy_headers=True,
            channel_request_lookahead=1,  # else it does not notice that a reader has left (`app.config.leaving`)
        )
    except OSError as error:
        raise UserError(
            _MESSAGES.message("port_busy", host=host, port=port, problem=error.strerror or str(error))
        ) from error


def _hint_without_people() -> None:
    from salesloop.app.accounts.services import User

    if not User.objects.exists():
        print(
            tr(
                "还没有人可以登录。添加第一位系统管理员：salesloop user add 登录名 --role admin",
                "Nobody can log in yet. Add an administrator: salesloop user add LOGIN --role admin",
            )
        )


def _shown(host: str) -> str:
    return "localhost" if host in ("0.0.0.0", "::", "127.0.0.1") else f"[{host}]" if ":" in host else host  # noqa: S104
