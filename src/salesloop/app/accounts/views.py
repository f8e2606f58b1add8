"""Log in and out, choose a password, set one's own preferences."""

from typing import Any, cast

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from salesloop.app.accounts.forms import LoginForm, PasswordForm, ProfileForm
from salesloop.app.accounts.models import Language, Theme, User
from salesloop.app.audit.services import log
from salesloop.app.ui.ways import way_back


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(way_back(request, settings.LOGIN_REDIRECT_URL))
    form = LoginForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid() and form.user is not None:
        auth.login(request, form.user)
        log(form.user, "person.logged_in", form.user)
        return redirect(way_back(request, settings.LOGIN_REDIRECT_URL))
    context = {"form": form, "next": way_back(request, ""), "first_run": not User.objects.exists()}
    return render(request, "accounts/login.html", context, status=200 if request.method == "GET" else 422)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """Too many wrong passwords (called by axes)."""
    return render(request, "accounts/locked.html", {"minutes": round(settings.AXES_COOLOFF_TIME * 60)}, status=429)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    form = PasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user.set_password(form.cleaned_data["new"])
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        auth.update_session_auth_hash(request, user)  # this session goes on, all others end
        log(user, "person.password_changed", user)
        messages.success(request, _("密码已修改，其他设备上的登录已退出。"))
        return redirect("dashboards:overview")
    return render(
        request, "accounts/password.html", {"form": form, "first": user.must_change_password}, status=_status(form)
    )


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        with override(user.language):
            messages.success(request, _("已保存。"))
        return _with_cookies(redirect("accounts:profile"), language=user.language, theme=user.theme)
    return render(request, "accounts/profile.html", {"form": form}, status=_status(form))


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The language switch, on the login page too."""
    chosen = request.POST.get("language", "")
    if chosen not in Language.values:
        return HttpResponse(status=400)
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return _with_cookies(redirect(way_back(request, "/")), language=chosen)


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """The theme switch; the page shows the choice already when it asks in the background."""
    chosen = request.POST.get("theme", "")
    if chosen not in Theme.values:
        return HttpResponse(status=400)
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(theme=chosen)
    background = request.headers.get("HX-Request") == "true"
    return _with_cookies(HttpResponse(status=204) if background else redirect(way_back(request, "/")), theme=chosen)


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200


def _with_cookies(response: HttpResponse, language: str = "", theme: str = "") -> HttpResponse:
    """Remember on this device too, for the login page."""
    for name, value in ((settings.LANGUAGE_COOKIE_NAME, language), ("salesloop_theme", theme)):
        if value:
            response.set_cookie(
                name,
                value,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                samesite="Lax",
                secure=settings.SECURE_COOKIES,
                httponly=True,
            )
    return response
