"""`salesloop user`: who may log in. For the first administrator, and for who has forgotten the password."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from salesloop.cli.common import Format, open_workspace, print_json, print_table, tr
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

app = typer.Typer(no_args_is_help=True, add_completion=False)
_MESSAGES = Messages("salesloop.app")
ROLES = ("rep", "manager", "analyst", "steward", "executive", "admin")
Login = Annotated[str, typer.Argument(help=tr("登录名", "Login"))]
Stdin = Annotated[
    bool, typer.Option("--password-stdin", help=tr("从标准输入读密码", "Read the password from standard input"))
]


@app.callback()
def group() -> None:
    """People and their roles."""


@app.command(help=tr("添加一个人", "Add a person"))
def add(
    ctx: typer.Context,
    login: Login,
    name: Annotated[str, typer.Option(help=tr("姓名", "Name"))] = "",
    role: Annotated[str, typer.Option(help=tr("角色：", "Role: ") + ", ".join(ROLES))] = "rep",
    employee: Annotated[str, typer.Option(help=tr("员工编号", "Employee id"))] = "",
    email: Annotated[str, typer.Option(help=tr("邮箱", "E-mail"))] = "",
    password_stdin: Stdin = False,
) -> None:
    """Without a password on standard input a one-time one is made and printed."""
    _start(ctx)
    from salesloop.app.accounts.services import add_person, check_login, check_password, user_by_login

    if role not in ROLES:
        raise UserError(_MESSAGES.message("unknown_role", role=role, known=list(ROLES)))
    check_login(login)
    if user_by_login(login):
        raise UserError(_MESSAGES.message("login_taken", login=login))
    password = _read_password(wanted=password_stdin)
    if password:
        check_password(password, login)
    user, one_time = add_person(
        None, login, password or None, name=name or login, role=role, employee_id=employee, email=email
    )
    print(tr(f"已添加 {user.login}（{user.get_role_display()}）。", f"Added {user.login} ({role})."))
    _tell(one_time)


@app.command(help=tr("重设密码", "Set a new password"))
def passwd(ctx: typer.Context, login: Login, password_stdin: Stdin = False) -> None:
    """All sessions of the person end."""
    _start(ctx)
    from salesloop.app.accounts.services import check_password, reset_password, set_password, user_by_login

    user = user_by_login(login)
    if user is None:
        raise UserError(_MESSAGES.message("unknown_login", login=login))
    if password := _read_password(wanted=password_stdin):
        check_password(password, login)
        set_password(None, user, password)
        print(tr(f"{user.login} 的密码已修改。", f"The password of {user.login} is changed."))
    else:
        _tell(reset_password(None, user))


@app.command("list", help=tr("列出所有人", "List everybody"))
def list_(
    ctx: typer.Context,
    format: Annotated[Format, typer.Option("--format", help=tr("输出格式", "Form of the output"))] = "table",
) -> None:
    """Everybody who may or might log in."""
    _start(ctx)
    from salesloop.app.accounts.services import people

    rows = [(user.login, user.name, user.role, user.employee_id, user.is_active) for user in people()]
    if format == "json":
        print_json([dict(zip(("login", "name", "role", "employee_id", "active"), row, strict=True)) for row in rows])
        return
    headers = tr("登录名|姓名|角色|员工编号|可登录", "login|name|role|employee|active").split("|")
    yes, no = tr("是", "yes"), tr("否", "no")
    print_table(headers, [(*row[:4], yes if row[4] else no) for row in rows])


def _start(ctx: typer.Context) -> None:
    workspace = open_workspace(ctx)
    from salesloop.app.boot import start

    start(workspace.path, migrate=True)


def _read_password(*, wanted: bool) -> str:
    return sys.stdin.readline().rstrip("\r\n") if wanted else ""


def _tell(one_time: str) -> None:
    if one_time:
        print(
            tr(
                f"一次性密码（首次登录后要修改）：{one_time}",
                f"One-time password, to be changed at the first login: {one_time}",
            )
        )
