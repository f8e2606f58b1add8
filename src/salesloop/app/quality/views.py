"""Pages of quality: scores, records to mend, coverage, sampling audits, weekly reviews."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, cast, get_args
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from salesloop.app.accounts.services import User, needs
from salesloop.app.audit.services import log
from salesloop.app.jobs.services import start
from salesloop.app.quality import audits as auditing
from salesloop.app.quality import decisions, departments, mending, monitoring, scoring
from salesloop.app.quality import plans as planning
from salesloop.app.quality import reviews as reviewing
from salesloop.app.quality.covering import fields_of, metrics_of
from salesloop.app.quality.diagnosis import troubles
from salesloop.app.quality.doubts import doubts, is_in_doubt
from salesloop.app.quality.models import Audit, AuditPlan, Decision, Every, Sample, Verdict
from salesloop.app.quality.records import address, key_of, objects_of, record_page
from salesloop.app.quality.sight import circumstances, entity_word, judged_for
from salesloop.app.ui.language import current_lang
from salesloop.app.ui.paging import Pager, page_number
from salesloop.app.workspace.services import now, today, workspace
from salesloop.engine.analyze.quality import Judged
from salesloop.engine.analyze.quality.coverage import coverage_rate, field_coverage
from salesloop.engine.analyze.quality.mend import Chosen
from salesloop.engine.analyze.quality.scores import overall
from salesloop.engine.analyze.quality.source import State
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.model.workdays import workdays
from salesloop.engine.pipeline.correction_file import write_correction_file

_MESSAGES = Messages("salesloop.app.quality")
MOST_DRAWN = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
USUAL = 20


@require_safe
def scores(request: HttpRequest) -> HttpResponse:
    of, at = judged_for(_user(request)), circumstances()
    groups = scoring.groups(of)
    by = request.GET.get("by", next(iter(groups)))
    if by not in scoring.GROUPS:
        raise Http404
    tally = overall(of, at)
    context = {
        "tally": tally,
        "level": scoring.level(tally.score),
        "parts": scoring.parts(tally),
        "by": by,
        "groups": groups,
        "group": scoring.GROUPS[by],
        "rows": scoring.rows(of, by, at),
    }
    return _render(request, "scores", context)


@require_safe
def mend(request: HttpRequest) -> HttpResponse:
    of = judged_for(_user(request))
    entity, check, employee, org_unit = (
        request.GET.get(part) or None for part in ("entity", "check", "employee", "org_unit")
    )
    state = request.GET.get("state", "open")
    if state not in get_args(State):
        raise Http404
    chosen = Chosen(entity, check, None, employee, org_unit, cast("State", state))
    kinds = mending.choices(of, chosen.state)
    if entity not in {None, *(name for name, _label, _checks in kinds)}:
        chosen = replace(chosen, entity=None, check=None)
    number = page_number(request)
    found, total = mending.records(of, chosen, number)
    context = {
        "records": found,
        "pager": Pager.at(request, found, total, number, mending.SIZE),
        "kinds": kinds,
        "states": mending.states(of, chosen),
        "chosen": chosen,
        "may_judge": _user(request).has_perm("quality.judge"),
        "here": request.get_full_path(),
    }
    return _render(request, "mend", context)


@require_POST
@needs("quality.judge")
def decide(request: HttpRequest) -> HttpResponse:
    """Accept or return one record for one check."""
    entity, key, check = (request.POST.get(name, "") for name in ("entity", "key", "check"))
    verdict = request.POST.get("verdict", "")
    if verdict not in Verdict.values:
        raise UserError(_MESSAGES.message("no_decision"))
    record = decisions.failing_record(judged_for(_user(request)), entity, key, check)
    if request.POST.get("mark", "") != record.mark:
        raise UserError(_MESSAGES.message("changed_meanwhile"))
    made = decisions.decide(
        _user(request), record, key, check, Verdict(verdict), request.POST.get("note", "").strip(), now()
    )
    text = _("已认可，不再计入待改和得分。") if verdict == Verdict.ACCEPTED else _("已退回，负责人已收到通知。")
    messages.success(request, text, extra_tags=reverse("quality:withdraw", args=[made.pk]))
    return redirect(_back(request))


@require_POST
@needs("quality.judge")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    decisions.withdraw(_user(request), get_object_or_404(Decision, pk=pk), now())
    return redirect(_back(request))


@require_safe
@needs("quality.audits")
def cells(request: HttpRequest) -> HttpResponse:
    number = page_number(request)
    found, more = doubts(number)
    context = {
        "doubts": found,
        "before": number - 1,
        "after": number + 1 if more else 0,
        "here": request.get_full_path(),
        "may_judge": _user(request).has_perm("quality.judge"),
    }
    return _render(request, "cells", context)


@require_POST
@needs("quality.judge")
def correct(request: HttpRequest) -> HttpResponse:
    """Read a delivery again with another text in one of its cells, or with nothing in it (`clear`)."""
    batch, row, column, value = (request.POST.get(name, "").strip() for name in ("batch", "row", "column", "value"))
    if not (row.isascii() and row.isdecimal() and is_in_doubt(batch, int(row), column)):
        raise UserError(_MESSAGES.message("not_in_doubt"))
    if request.POST.get("clear"):
        value = ""
    elif not value:
        raise UserError(_MESSAGES.message("no_value"))
    params = {"batch": batch, "corrections": {row: {column: value}}, "next": _back(request)}
    return redirect("data:work", start("retry", _user(request), params).pk)


@require_safe
@needs("quality.judge")
def corrections(request: HttpRequest) -> HttpResponse:
    """What is wrong, in the words of its source, for whoever keeps the source."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corrections.xlsx"
        lines = write_correction_file(workspace(), path, current_lang())
        content = path.read_bytes()
    log(_user(request), "quality.handed_out", None, {"lines": lines})
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_('待改记录'))}.xlsx"
    return response


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    fields = field_coverage(judged_for(_user(request)))
    metrics = metrics_of(fields)
    context = {
        "rate": coverage_rate(fields),
        "entities": fields_of(fields),
        "partly": [metric for metric in metrics if metric.rate < 1],
        "whole": [metric for metric in metrics if metric.rate == 1],
    }
    return _render(request, "coverage", context)


@require_safe
def sharing(request: HttpRequest) -> HttpResponse:
    """What each department supplies and uses, as far as the person answers for it."""
    found = departments.sharing(judged_for(_user(request)), request.GET.get("unit", ""), today())
    if found is None:
        raise Http404
    return _render(request, "sharing", {"sharing": found})


@require_safe
@needs("quality.audits")
def deliveries(request: HttpRequest) -> HttpResponse:
    known = workdays()
    context = {
        "deliveries": monitoring.deliveries(judged_for(_user(request)), today()),
        "years": (min(known.published), max(known.published)),
        "holidays_known": known.knows(today()),
    }
    return _render(request, "deliveries", context)


@require_safe
@needs("quality.audits")
def diagnosis(request: HttpRequest) -> HttpResponse:
    return _render(request, "diagnosis", {"troubles": troubles()})


@require_safe
def record(request: HttpRequest, entity: str) -> HttpResponse:
    """Everything known of one record that the person answers for."""
    key, user = request.GET.get("key", ""), _user(request)
    found = record_page(judged_for(user), user, entity, key)
    if found is None:
        raise Http404
    trail = ""
    if user.has_perm("audit.see") and (objects := objects_of(entity, key)):
        trail = f"{reverse('audit:index')}?object={quote(objects)}"
    return render(request, "quality/record.html", {"record": found, "trail": trail})


@require_safe
@needs("quality.audits")
def audits(request: HttpRequest) -> HttpResponse:
    pager = Pager.of(request, Audit.objects.select_related("started_by", "signed_by").prefetch_related("samples"), 20)
    shown = [(one, entity_word(one.entity), auditing.result(one), planning.state_of(one)) for one in pager.items]
    entities = [(entity.name, entity.label.get(current_lang())) for entity in judged_for(_user(request)).entities()]
    context = {
        "audits": shown,
        "pager": pager,
        "entities": entities,
        "plans": planning.plans(),
        "on_time": planning.on_time(),
        "every": Every.choices,
        "usual": USUAL,
        "may_judge": _user(request).has_perm("quality.judge"),
    }
    return _render(request, "audits", context)


@require_POST
@needs("quality.judge")
def start_audit(request: HttpRequest) -> HttpResponse:
    of = judged_for(_user(request))
    entity, size, stratum = _asked_sample(request, of)
    made = auditing.start(_user(request), of, entity, size, stratum, now())
    return redirect("quality:audit", made.pk)


@require_POST
@needs("quality.judge")
def plan_audit(request: HttpRequest) -> HttpResponse:
    """Have an audit drawn in every month or quarter."""
    entity, size, stratum = _asked_sample(request, judged_for(_user(request)))
    every = request.POST.get("every", "")
    if every not in Every.values:
        raise Http404
    made = planning.plan(_user(request), entity, size, stratum, Every(every), now())
    text = _("已计划，每天早上的例行工作会按期抽取并通知。")
    messages.success(request, text, extra_tags=reverse("quality:stop_plan", args=[made.pk]))
    return redirect("quality:audits")


@require_POST
@needs("quality.judge")
def stop_plan(request: HttpRequest, pk: int) -> HttpResponse:
    planning.stop(_user(request), get_object_or_404(AuditPlan, pk=pk), now())
    messages.success(request, _("不再定期抽查；抽过的留着。"))
    return redirect("quality:audits")


def _asked_sample(request: HttpRequest, of: Judged) -> tuple[str, int, auditing.Stratum]:
    """What a form asks to draw."""
    entity, stratum, size = (request.POST.get(name, "") for name in ("entity", "stratum", "size"))
    if entity not in {one.name for one in of.entities()} or stratum not in ("", "source", "employee"):
        raise Http404
    if not (size.isascii() and size.isdecimal() and 1 <= int(size) <= MOST_DRAWN):
        raise UserError(_MESSAGES.message("bad_size", most=MOST_DRAWN, value=size))
    return entity, int(size), cast("auditing.Stratum", stratum)


@require_safe
@needs("quality.audits")
def audit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Audit.objects.select_related("started_by", "signed_by"), pk=pk)
    samples = list(found.samples.all())
    place = request.GET.get("record", "")
    current = next((one for one in samples if str(one.place) == place), None) or next(
        (one for one in samples if one.right is None), samples[0]
    )
    entity = workspace().model.entity(found.entity)
    labels = {field.name: field.label.get(current_lang()) for field in entity.fields}
    context = {
        "audit": found,
        "entity": entity_word(found.entity),
        "samples": samples,
        "current": current,
        "history": address(found.entity, key_of(found.entity, current.key)),
        "values": [(name, labels.get(name, name), value) for name, value in current.values.items()],
        "result": auditing.result(found),
        "compared": sum(one.right is not None for one in samples),
        "may_judge": _user(request).has_perm("quality.judge") and found.signed_at is None,
    }
    return _render(request, "audit", context)


@require_POST
@needs("quality.judge")
def compare(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """What the evidence says of one record: `true:<field>` holds what each value should be."""
    sample = get_object_or_404(Sample.objects.select_related("audit"), audit_id=pk, place=place)
    told = {name.removeprefix("true:"): value.strip() for name, value in request.POST.dict().items()}
    wrong = {name: told[name] for name in sample.values if name in told and told[name] != sample.values[name]}
    auditing.compare(sample, wrong, now())
    return redirect("quality:audit", pk)


@require_POST
@needs("quality.judge")
def sign_audit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Audit, pk=pk)
    auditing.sign(_user(request), found, request.POST.get("note", "").strip(), now())
    messages.success(request, _("抽查已签字。"))
    return redirect("quality:audit", pk)


@require_safe
@needs("quality.audits")
def reviews(request: HttpRequest) -> HttpResponse:
    shown = reviewing.weeks(reviewing.first_day())
    signed, due = reviewing.on_time(shown)
    context = {
        "weeks": shown,
        "signed": signed,
        "due": due,
        "figures": _figures(request),
        "may_judge": _user(request).has_perm("quality.judge"),
    }
    return _render(request, "reviews", context)


@require_POST
@needs("quality.judge")
def sign_review(request: HttpRequest) -> HttpResponse:
    try:
        week = dt.date.fromisoformat(request.POST.get("week", ""))
    except ValueError as error:
        raise Http404 from error
    reviewing.sign(_user(request), week, request.POST.get("note", "").strip(), _figures(request), now())
    messages.success(request, _("这一周已签字。"))
    return redirect("quality:reviews")


def _figures(request: HttpRequest) -> dict[str, Any]:
    """What stands there now, for the signature."""
    of = judged_for(_user(request))
    tally = overall(of, circumstances())
    waiting = of.snapshot.rows("SELECT count(*) AS n FROM ledger.quarantine WHERE status = 'open'")[0]["n"]
    failing = tally.failing_error + tally.failing_warning
    return {"score": tally.score, "failing": failing, "quarantine": waiting, "snapshot": of.snapshot.number}


def _render(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    tabs = [("index", _("得分")), ("mend", _("待改记录"))]
    if _user(request).has_perm("quality.audits"):
        tabs += [("cells", _("读不懂的单元格")), ("deliveries", _("收数监测"))]
    tabs += [("sharing", _("数据共享")), ("coverage", _("覆盖"))]
    if _user(request).has_perm("quality.audits"):
        tabs += [("audits", _("抽查")), ("reviews", _("每周复核")), ("diagnosis", _("自查"))]
    here = {"scores": "index", "audit": "audits"}.get(name, name)
    context["tabs"] = [(label, reverse(f"quality:{tab}"), tab == here) for tab, label in tabs]
    context["stamped"] = True
    context["judged"] = bool(judged_for(_user(request)).bits)
    return render(request, f"quality/{name}.html", context)


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if allowed else reverse("quality:mend")


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
