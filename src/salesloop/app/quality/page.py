"""What the pages of quality share: their tabs, and who asks."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from salesloop.app.accounts.services import User
from salesloop.app.quality.sight import judged_for


def quality_page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """The page `name` among the tabs that this person may open."""
    tabs = [("index", _("得分")), ("mend", _("待改记录"))]
    if person(request).has_perm("quality.audits"):
        tabs += [("cells", _("读不懂的单元格")), ("deliveries", _("收数监测"))]
    tabs += [("sharing", _("数据共享")), ("coverage", _("覆盖"))]
    if person(request).has_perm("quality.audits"):
        tabs += [("audits", _("抽查")), ("reviews", _("每周复核")), ("diagnosis", _("自查"))]
    here = {"scores": "index", "audit": "audits"}.get(name, name)
    context["tabs"] = [(label, reverse(f"quality:{tab}"), tab == here) for tab, label in tabs]
    context["stamped"] = True
    context["judged"] = bool(judged_for(person(request)).bits)
    return render(request, f"quality/{name}.html", context)


def person(request: HttpRequest) -> User:
    return cast("User", request.user)
