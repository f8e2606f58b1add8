"""Answers for what went wrong: a page, or for htmx the block that failed, always with the id to quote."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from salesloop.app.ui.language import current_lang
from salesloop.engine.model.errors import UserError


def _answer(request: HttpRequest, status: int, title: str, text: str, *, retry: bool = False) -> HttpResponse:
    partial = request.headers.get("HX-Request") == "true"
    context = {
        "status": status,
        "title": title,
        "text": text,
        "retry": retry,
        "error_id": getattr(request, "request_id", ""),
    }
    return render(request, "errors/block.html" if partial else "errors/page.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400, _("请求无法理解"), _("地址或提交的内容不完整。请返回上一页再试。"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.method in ("GET", "HEAD"):
        return _answer(request, 403, _("您不能打开这一页"), _("它需要别的角色。请联系系统管理员调整权限。"))
    return _answer(request, 403, _("您可以查看，但不能修改"), _("这项操作需要别的角色。请联系系统管理员调整权限。"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(
        request,
        404,
        _("没有找到"),
        _("页面不存在，或不在您的数据范围内。如果您认为应当看到它，请联系您的上级或系统管理员。"),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    error = sys.exc_info()[1]
    if isinstance(error, UserError):  # raised before a view was reached, such as for a workspace that is gone
        return user_error(request, error)
    return _answer(
        request,
        500,
        _("出错了"),
        _("这部分没有算出来，问题已记录。请重试；仍然不行时，把错误编号告诉系统管理员。"),
        retry=True,
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(
        request,
        403,
        _("页面已过期"),
        _("为了安全，这次提交没有执行。请刷新页面后重新提交；浏览器需要允许 Cookie。"),
        retry=True,
    )


def user_error(request: HttpRequest, error: UserError) -> HttpResponse:
    return _answer(request, 422, _("没有完成"), error.text(current_lang()))
