"""The bell and the list behind it."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from salesloop.app.accounts.services import User
from salesloop.app.notices.services import mark_read, notices_of
from salesloop.app.ui.paging import Pager
from salesloop.app.ui.ways import is_ours


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    pager = Pager.of(request, notices_of(cast("User", request.user)))
    return render(request, "notices/index.html", {"pager": pager})


@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    """The newest few, for the bell's menu."""
    return render(request, "notices/panel.html", {"notices": notices_of(cast("User", request.user))[:6]})


@require_POST
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and go to what it is about."""
    user = cast("User", request.user)
    notice = get_object_or_404(notices_of(user), pk=pk)
    mark_read(user, notice)
    return redirect(notice.url if is_ours(request, notice.url) else "notices:index")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    mark_read(cast("User", request.user))
    return redirect("notices:index")
