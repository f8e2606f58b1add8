"""Pages of the administrators."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from salesloop.app.accounts.services import (
    Role,
    User,
    add_person,
    change_person,
    needs,
    people,
    reset_password,
    set_active,
)
from salesloop.app.administration.forms import PersonForm
from salesloop.app.administration.settings_summary import summary
from salesloop.app.audit.services import areas, entries, history
from salesloop.app.org.services import employee_names
from salesloop.app.ui.paging import Pager


@require_safe
@needs("people.manage")
def people_list(request: HttpRequest) -> HttpResponse:
    text, role, state = request.GET.get("q", ""), request.GET.get("role", ""), request.GET.get("state", "")
    active = {"active": True, "inactive": False}.get(state)
    pager = Pager.of(request, people(text, role, active=active))
    context = {
        "pager": pager,
        "employees": employee_names({user.employee_id for user in pager.items}),
        "roles": Role.choices,
        "filter": {"q": text, "role": role, "state": state},
        "filtered": bool(text or role or state),
    }
    return render(request, "administration/people.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@needs("people.manage")
def person_new(request: HttpRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        user, one_time = add_person(_actor(request), fields.pop("login"), **fields)
        return render(request, "administration/one_time.html", {"person": user, "password": one_time})
    return render(request, "administration/person.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "POST"])
@needs("people.manage")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    form = PersonForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        fresh = User.objects.get(pk=pk)  # the form has already put the new values into its instance
        change_person(_actor(request), fresh, {name: form.cleaned_data[name] for name in form.changed_data})
        messages.success(request, _("已保存“%(name)s”。") % {"name": fresh.name})
        return redirect("people:index")
    context = {"form": form, "person": User.objects.get(pk=pk), "history": history(user)[:10]}
    return render(request, "administration/person.html", context, status=_status(form))


@require_POST
@never_cache
@needs("people.manage")
def person_password(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    return render(
        request, "administration/one_time.html", {"person": user, "password": reset_password(_actor(request), user)}
    )


@require_POST
@needs("people.manage")
def person_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    if user == request.user:
        messages.error(request, _("不能停用自己；请让另一位系统管理员来做。"))
        return redirect("people:index")
    set_active(_actor(request), user, active=False)
    messages.success(
        request,
        _("“%(name)s”已停用，不能再登录。") % {"name": user.name},
        extra_tags=reverse("people:activate", args=[pk]),
    )
    return redirect("people:index")


@require_POST
@needs("people.manage")
def person_activate(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    set_active(_actor(request), user, active=True)
    messages.success(request, _("“%(name)s”可以登录了。") % {"name": user.name})
    return redirect("people:index")


@require_safe
@needs("settings.see")
def settings_summary(request: HttpRequest) -> HttpResponse:
    return render(request, "administration/settings.html", summary())


@require_safe
@needs("audit.see")
def audit_log(request: HttpRequest) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in ("code", "q", "object")}
    pager = Pager.of(request, entries(code=asked["code"], text=asked["q"], object=asked["object"]))
    context = {"pager": pager, "filter": asked, "areas": areas(), "filtered": any(asked.values())}
    return render(request, "administration/audit.html", context)


def _actor(request: HttpRequest) -> User:
    return cast("User", request.user)


def _status(form: PersonForm) -> int:
    return 422 if form.is_bound else 200
