"""A person's own tokens."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from salesloop.app.accounts.services import User
from salesloop.app.api import tokens as store
from salesloop.app.api.forms import TokenForm
from salesloop.app.workspace.services import now


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list, and after a token is made its secret, once."""
    user, secret = cast("User", request.user), ""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _token, secret = store.create(user, form.cleaned_data["name"], now())
        form = TokenForm()
    context = {"form": form, "tokens": store.of(user), "secret": secret}
    return render(request, "api/tokens.html", context, status=422 if form.is_bound else 200)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    user = cast("User", request.user)
    token = get_object_or_404(store.of(user), pk=pk)
    store.revoke(user, token, now())
    messages.success(request, _("令牌“%(name)s”已作废。") % {"name": token.name})
    return redirect("api:tokens")
