"""The API of version 1: every endpoint reads, and reads only what the caller may see."""

from __future__ import annotations

from typing import Any, Literal, cast

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import NinjaAPI, Query

from salesloop.app.accounts.services import User
from salesloop.app.actions.services import Action, action_register
from salesloop.app.actions.services import visible_to as actions_visible_to
from salesloop.app.api import errors
from salesloop.app.api.auth import Bearer, Session
from salesloop.app.api.predicted import router as predicted
from salesloop.app.api.question import ask
from salesloop.app.api.schemas import (
    ActionList,
    ActionOut,
    FindingList,
    FindingOut,
    Me,
    MetricList,
    MetricOut,
    Problem,
    QueryOut,
)
from salesloop.app.findings.services import Finding, Shown, State
from salesloop.app.findings.services import visible_to as findings_visible_to
from salesloop.app.metrics.services import sees
from salesloop.app.org.services import scope_for
from salesloop.app.ui.language import current_lang, lang_of
from salesloop.app.workspace.services import registry, today
from salesloop.engine.metrics.definition import Metric

MOST = 500
Responses = {401: Problem, 403: Problem, 404: Problem, 422: Problem}

api = NinjaAPI(
    title="SalesLoop",
    version="1",
    description=(
        "Numbers, findings and actions of SalesLoop. Log in with a session or send `Authorization: Bearer slp_…` with a "
        "token from your profile. Answers hold only what you may see."
    ),
    auth=[Session(), Bearer()],
    docs_url=None,
    urls_namespace="api-v1",
)
errors.install(api)
api.add_router("", predicted)


@api.get("/me", response={200: Me, 401: Problem}, operation_id="me", summary="Who you are and what you may see")
def me(request: HttpRequest) -> dict[str, Any]:
    user = _user(request)
    scope = scope_for(user)
    return {
        "login": user.login,
        "name": user.name,
        "role": user.role,
        "language": lang_of(user.language),
        "employee_id": user.employee_id,
        "sees_everything": scope.everything,
        "org_units": sorted(scope.org_units),
        "employees": sorted(scope.employees),
    }


@api.get("/query", response={200: QueryOut, **Responses}, operation_id="query", exclude_unset=True, summary="Metrics")
def query(
    request: HttpRequest,
    metrics: str = Query(..., description="Ids with commas: revenue,win_rate"),
    by: str = Query("", description="Dimensions with commas: region,channel or region:2"),
    grain: Literal["day", "week", "month", "quarter", "year"] | None = None,
    start: str | None = Query(None, alias="from", description="2026-01-31, 2026-01, 2026-Q1 or 2026"),
    end: str | None = Query(None, alias="to", description="The same, inclusive; today where absent"),
    where: list[str] = Query([], description="Filters: region=华东, channel!=直销, category=A|B"),
    compare: str = Query(
        "", description="With commas: previous,year,festival,target,plan,share,contribution or a period"
    ),
    limit: int | None = Query(None, ge=1, le=100_000),
    order: str | None = Query(None, description="A column, - before it for falling"),
    param: list[str] = Query([], description="Numbers that the metrics let one choose: churn_days=60"),
    explain: bool = False,
) -> dict[str, Any]:
    user, known = _user(request), registry().metrics
    if any(name in known and not sees(user, known[name]) for name in map(str.strip, metrics.split(","))):
        raise Http404
    result = ask(
        scope_for(user),
        metrics=metrics,
        by=by,
        grain=grain,
        start=start,
        end=end,
        where=where,
        compare=compare,
        limit=limit,
        order=order,
        params=param,
    )
    return result.to_json(explain=explain, lang=current_lang())


@api.get("/metrics", response={200: MetricList, 401: Problem}, operation_id="metrics", summary="All metrics")
def metrics(request: HttpRequest) -> dict[str, Any]:
    known, user = registry().metrics.values(), _user(request)
    return {"items": [_metric(metric) for metric in known if not metric.hidden and sees(user, metric)]}


@api.get("/metrics/{name}", response={200: MetricOut, **Responses}, operation_id="metric", summary="One metric")
def metric(request: HttpRequest, name: str) -> dict[str, Any]:
    if name not in registry().metrics or not sees(_user(request), registry().metrics[name]):
        raise Http404
    return _metric(registry().metrics[name])


@api.get("/findings", response={200: FindingList, **Responses}, operation_id="findings", summary="Findings you may see")
def findings(
    request: HttpRequest,
    state: Literal["open", "acting", "closed", "dismissed"] | None = None,
    limit: int = Query(100, ge=1, le=MOST),
    offset: int = Query(0, ge=0, le=10**9),
) -> dict[str, Any]:
    found = findings_visible_to(_user(request)).select_related("owner")
    if state:
        found = found.filter(state=State(state))
    return {"items": [_finding(one) for one in found[offset : offset + limit]], "total": found.count()}


@api.get("/findings/{int:id}", response={200: FindingOut, **Responses}, operation_id="finding", summary="One finding")
def finding(request: HttpRequest, id: int) -> dict[str, Any]:
    return _finding(get_object_or_404(findings_visible_to(_user(request)), pk=id))


@api.get("/actions", response={200: ActionList, **Responses}, operation_id="actions", summary="Actions you may see")
def actions(
    request: HttpRequest,
    state: Literal["planned", "doing", "done", "measured", "cancelled"] | None = None,
    limit: int = Query(100, ge=1, le=MOST),
    offset: int = Query(0, ge=0, le=10**9),
) -> dict[str, Any]:
    found = actions_visible_to(_user(request)).select_related("owner")
    if state:
        found = found.filter(state=state)
    return {"items": [_action(one) for one in found[offset : offset + limit]], "total": found.count()}


@api.get("/actions/{int:id}", response={200: ActionOut, **Responses}, operation_id="action", summary="One action")
def action(request: HttpRequest, id: int) -> dict[str, Any]:
    return _action(get_object_or_404(actions_visible_to(_user(request)), pk=id))


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


def _metric(metric: Metric) -> dict[str, Any]:
    lang = current_lang()
    return {
        "metric": metric.metric,
        "label": metric.label.get(lang),
        "description": metric.description.get(lang),
        "formula": metric.formula.get(lang),
        "type": metric.type,
        "format": metric.format,
        "unit": metric.unit,
        "favorable": metric.favorable,
        "owner": metric.owner,
        "version": metric.version,
        "dimensions": [dimension.dimension for dimension in registry().dimensions_of(metric.metric)],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    shown = Shown(finding)
    names = ("id", "rule", "kind", "severity", "state", "metric", "members", "start", "end", "observed", "expected")
    more = ("raised_at", "seen_at", "times", "snapshot")
    return {name: getattr(finding, name) for name in (*names, *more)} | {
        "sentence": shown.sentence,
        "owner": finding.owner.login if finding.owner else None,
        "causes": [
            {"name": cause.name, "share": cause.share, "observed": cause.observed, "expected": cause.expected}
            for cause in shown.causes
        ],
    }


def _action(action: Action) -> dict[str, Any]:
    names = ("id", "title", "note", "state", "metric", "members", "start", "due", "expected_change", "verdict")
    return {name: getattr(action, name) for name in (*names, "measured_at")} | {
        "finding": action.finding_id,
        "owner": action.owner.login,
        "overdue": action.state in action_register().open and action.due < today(),
        "effect": action.effect_sentence(current_lang()),
    }
