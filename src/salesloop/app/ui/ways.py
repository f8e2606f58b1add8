"""Where a form or a notice wants to lead to, if that is a page of ours."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether an address is a path on this host. (`redirect` takes what has no slash for the name of a page.)"""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return ours and address.startswith("/")


def way_back(request: HttpRequest, otherwise: str) -> str:
    """The `next` of a form or an address where it is ours, else `otherwise`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if is_ours(request, wanted) else otherwise
