"""Sampling audits: drawn now or by a plan, compared with the evidence record by record, signed."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from salesloop.app.accounts.services import needs
from salesloop.app.quality import audits as auditing
from salesloop.app.quality import plans as planning
from salesloop.app.quality.models import Audit, AuditPlan, Every, Sample
from salesloop.app.quality.page import person, quality_page
from salesloop.app.quality.records import address, key_of
from salesloop.app.quality.sight import entity_word, judged_for
from salesloop.app.ui.language import current_lang
from salesloop.app.ui.paging import Pager
from salesloop.app.ui.typed import whole_number
from salesloop.app.workspace.services import now, workspace
from salesloop.engine.analyze.quality import Judged
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.quality")
MOST_DRAWN = 500
USUAL = 20


@require_safe
@needs("quality.audits")
def audits(request: HttpRequest) -> HttpResponse:
    pager = Pager.of(request, Audit.objects.select_related("started_by", "signed_by").prefetch_related("samples"), 20)
    shown = [(one, entity_word(one.entity), auditing.result(one), planning.state_of(one)) for one in pager.items]
    entities = [(entity.name, entity.label.get(current_lang())) for entity in judged_for(person(request)).entities()]
    context = {
        "audits": shown,
        "pager": pager,
        "entities": entities,
        "plans": planning.plans(),
        "on_time": planning.on_time(),
        "every": Every.choices,
        "usual": USUAL,
        "may_judge": person(request).has_perm("quality.judge"),
    }
    return quality_page(request, "audits", context)


@require_POST
@needs("quality.judge")
def start_audit(request: HttpRequest) -> HttpResponse:
    of = judged_for(person(request))
    entity, size, stratum = _asked_sample(request, of)
    made = auditing.start(person(request), of, entity, size, stratum, now())
    return redirect("quality:audit", made.pk)


@require_POST
@needs("quality.judge")
def plan_audit(request: HttpRequest) -> HttpResponse:
    """Have an audit drawn in every month or quarter."""
    entity, size, stratum = _asked_sample(request, judged_for(person(request)))
    every = request.POST.get("every", "")
    if every not in Every.values:
        raise Http404
    made = planning.plan(person(request), entity, size, stratum, Every(every), now())
    text = _("已计划，每天早上的例行工作会按期抽取并通知。")
    messages.success(request, text, extra_tags=reverse("quality:stop_plan", args=[made.pk]))
    return redirect("quality:audits")


@require_POST
@needs("quality.judge")
def stop_plan(request: HttpRequest, pk: int) -> HttpResponse:
    planning.stop(person(request), get_object_or_404(AuditPlan, pk=pk), now())
    messages.success(request, _("不再定期抽查；抽过的留着。"))
    return redirect("quality:audits")


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
        "may_judge": person(request).has_perm("quality.judge") and found.signed_at is None,
    }
    return quality_page(request, "audit", context)


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
    auditing.sign(person(request), found, request.POST.get("note", "").strip(), now())
    messages.success(request, _("抽查已签字。"))
    return redirect("quality:audit", pk)


def _asked_sample(request: HttpRequest, of: Judged) -> tuple[str, int, auditing.Stratum]:
    """What a form asks to draw."""
    entity, stratum, size = (request.POST.get(name, "") for name in ("entity", "stratum", "size"))
    if entity not in {one.name for one in of.entities()} or stratum not in ("", "source", "employee"):
        raise Http404
    wanted = whole_number(size)
    if wanted is None or not 1 <= wanted <= MOST_DRAWN:
        raise UserError(_MESSAGES.message("bad_size", most=MOST_DRAWN, value=size))
    return entity, wanted, cast("auditing.Stratum", stratum)
