"""Tabs of one metric: its versions, where it is used, what people say about it, its review."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from salesloop.app.actions.services import visible_to as actions_visible_to
from salesloop.app.audit.services import log
from salesloop.app.dashboards.services import boards_with
from salesloop.app.findings.services import sentence_of
from salesloop.app.findings.services import visible_to as findings_visible_to
from salesloop.app.governance import requests
from salesloop.app.governance.forms import ReviewForm
from salesloop.app.governance.models import Comment, MetricReview, Outcome
from salesloop.app.governance.people import owners
from salesloop.app.governance.preview import effect_of
from salesloop.app.governance.reviews import may_review
from salesloop.app.governance.reviews import review as record_review
from salesloop.app.governance.usage import report_metrics, used
from salesloop.app.metrics.services import sees
from salesloop.app.notices.services import notify
from salesloop.app.pages.services import Page, page_for
from salesloop.app.ui.typed import whole_number
from salesloop.app.workspace.services import now
from salesloop.engine.analyze.findings.rule import load_rules
from salesloop.engine.governance.comparing import difference
from salesloop.engine.governance.journal import history_of, text_of
from salesloop.engine.governance.noticing import notice
from salesloop.engine.metrics.composition import parts
from salesloop.engine.report.definition import load_definitions

SHOWN = 10


@require_safe
def versions(request: HttpRequest, name: str) -> HttpResponse:
    page = _page(request, name)
    notice(page.workspace, now())
    known = history_of(page.workspace, "metric", name)
    context = _context(page, name, "versions") | {
        "versions": known[::-1],
        "latest": len(known),
        "requests": requests.requests_about("metric", name)[:SHOWN],
        "reviews": MetricReview.objects.filter(metric=name).select_related("by")[:SHOWN],
        "may_review": may_review(page.user, page.registry.metric(name)),
    }
    return render(request, "governance/versions.html", context)


@require_safe
def compare_versions(request: HttpRequest, name: str) -> HttpResponse:
    """Two versions, their texts and their numbers: the last two where the address does not say which."""
    page = _page(request, name)
    known = history_of(page.workspace, "metric", name)
    one = _number(request, "one", len(known) - 1, len(known))
    other = _number(request, "other", len(known), len(known))
    texts = [text_of(page.workspace, "metric", name, number) for number in (one, other)]
    context = _context(page, name, "versions") | {
        "one": one,
        "other": other,
        "numbers": [number for number in range(1, len(known) + 1) if not known[number - 1].gone],
        "old": f"v{one}",
        "new": f"v{other}",
        "lines": difference(*texts),
        "effect": effect_of(page, *texts),
    }
    return render(request, "governance/compare.html", context)


@require_POST
def restore(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Ask for an earlier version; somebody else approves it."""
    page = _page(request, name)
    why = request.POST.get("why", "").strip() or _("恢复先前的定义")
    made = requests.restore(page.user, now(), "metric", name, number, why, page.snapshot.number)
    messages.success(request, _("已提出恢复，批准的人会收到通知。"))
    return redirect("governance:request", made.pk)


@require_safe
def usage(request: HttpRequest, name: str) -> HttpResponse:
    page = _page(request, name)
    metrics = page.registry.metrics
    reports = load_definitions(page.workspace.path / "reports")
    context = _context(page, name, "usage") | {
        "used": used()[name],
        "boards": boards_with(page, name),
        "findings": [(one, sentence_of(one)) for one in findings_visible_to(page.user).filter(metric=name)[:SHOWN]],
        "actions": actions_visible_to(page.user).filter(metric=name)[:SHOWN],
        "reports": [reports[key] for key, names in report_metrics().items() if name in names],
        "rules": [rule for rule in load_rules(page.workspace.path / "checks") if rule.metric == name],
        "parts": [metrics[part] for part in parts(metrics[name]) if sees(page.user, metrics[part])],
        "of": [one for one in metrics.values() if name in parts(one) and sees(page.user, one)],
        "drivers": [m for part in metrics[name].drivers if (m := metrics.get(part)) and sees(page.user, m)],
        "drives": [one for one in metrics.values() if name in one.drivers and sees(page.user, one)],
    }
    return render(request, "governance/usage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def discussion(request: HttpRequest, name: str) -> HttpResponse:
    page = _page(request, name)
    if request.method == "POST":
        if text := request.POST.get("text", "").strip():
            _say(page, name, text[:4000])
        return redirect("governance:discussion", name)
    context = _context(page, name, "discussion") | {
        "comments": Comment.objects.filter(metric=name, request=None).select_related("author"),
        "requests": requests.requests_about("metric", name)[:SHOWN],
    }
    return render(request, "governance/discussion.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, name: str) -> HttpResponse:
    page = _page(request, name)
    metric = page.registry.metric(name)
    if not may_review(page.user, metric):
        raise PermissionDenied
    others = [
        (one.metric, one.label.get(page.lang))
        for one in page.registry.metrics.values()
        if one.status == "active" and not one.hidden and one.metric != name
    ]
    form = ReviewForm(request.POST or None, others=others)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        outcome = Outcome(said["outcome"])
        done = record_review(
            page.user, name, outcome, said["reason"], now(), snapshot=page.snapshot.number, successor=said["successor"]
        )
        messages.success(request, _("复核已记下。"))
        return redirect("governance:request", done.request.pk) if done.request else redirect("governance:reviews")
    context = _context(page, name, "versions") | {"form": form}
    return render(request, "governance/review.html", context, status=422 if form.is_bound else 200)


def _say(page: Page, name: str, text: str) -> None:
    """A comment about a metric; its owner and whoever spoke before hear of it."""
    before = {one.author for one in Comment.objects.filter(metric=name, request=None).select_related("author")}
    Comment.objects.create(metric=name, author=page.user, text=text, at=now())
    metric = page.registry.metric(name)
    hear = {*owners(metric.owner), *before} - {page.user}
    address = reverse("governance:discussion", args=[name])
    notify(
        hear, gettext_noop("%(who)s 评论了指标「%(metric)s」"), address, who=str(page.user), metric=metric.label.zh_hans
    )
    log(page.user, "metric.discussed", name)


def _context(page: Page, name: str, current: str) -> dict[str, Any]:
    metric = page.registry.metric(name)
    successor = page.registry.metrics.get(metric.successor or "")
    return page.context(metric=metric, successor=successor, tab=current, query=page.view.to_query())


def _page(request: HttpRequest, name: str) -> Page:
    """The page of a metric that this person may see; others are not found."""
    page = page_for(request)
    metric = page.registry.metrics.get(name)
    if metric is None or not sees(page.user, metric):
        raise Http404
    return page


def _number(request: HttpRequest, field: str, usual: int, most: int) -> int:
    number = whole_number(request.GET.get(field))
    return max(1, min(usual if number is None else number, most))
