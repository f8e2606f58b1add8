"""Errors as JSON: `{"code", "message", "where"}`, the message in the caller's language."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from salesloop.app.ui.language import current_lang
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.wrong import sentence

log = logging.getLogger("salesloop.web")


def install(api: NinjaAPI) -> None:
    """Let every error of the API be answered in this form."""

    def answer(request: HttpRequest, status: int, code: str, message: str, where: dict[str, Any]) -> HttpResponse:
        return api.create_response(request, {"code": code, "message": message, "where": where}, status=status)

    @api.exception_handler(UserError)
    def user_error(request: HttpRequest, error: UserError) -> HttpResponse:
        return answer(request, 422, error.key, error.text(current_lang()), dict(error.where))

    @api.exception_handler(AuthenticationError)
    def not_logged_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        response = answer(
            request, 401, "not_logged_in", _("请先登录，或在请求头写 Authorization: Bearer 加您的访问令牌。"), {}
        )
        response["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(Http404)
    def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
        return answer(request, 404, "not_found", _("没有找到，或不在您的数据范围内。"), {})

    @api.exception_handler(PermissionDenied)
    def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return answer(request, 403, "forbidden", _("您没有做这件事的权限。"), {})

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        first = error.errors[0] if error.errors else {}
        name = str(first.get("loc", ("?",))[-1])
        first = {"input": request.GET.get(name, ""), **first}
        message = _("参数 %(name)s 有误：%(problem)s") % {
            "name": name,
            "problem": sentence(first).text(current_lang()) if "type" in first else "",
        }
        return answer(request, 422, "bad_parameter", message, {"column": name})

    @api.exception_handler(HttpError)
    def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        return answer(request, error.status_code, "refused", error.message, {})

    @api.exception_handler(Exception)
    def unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
        error_id = getattr(request, "request_id", "-")
        log.error("error %s: %s %s", error_id, request.method, request.path, exc_info=error)
        message = _("出了意外的错误，问题已记录，编号 %(id)s。") % {"id": error_id}
        return answer(request, 500, "unexpected", message, {})
