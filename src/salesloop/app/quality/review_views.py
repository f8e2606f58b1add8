"""What stewards look at every week: deliveries off the usual, the four troubles, the review that they sign."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from salesloop.app.accounts.services import needs
from salesloop.app.quality import monitoring
from salesloop.app.quality import reviews as reviewing
from salesloop.app.quality.diagnosis import troubles
from salesloop.app.quality.page import person, quality_page
from salesloop.app.quality.sight import circumstances, judged_for
from salesloop.app.workspace.services import now, today
from salesloop.engine.analyze.quality.scores import overall
from salesloop.engine.model.workdays import workdays


@require_safe
@needs("quality.audits")
def deliveries(request: HttpRequest) -> HttpResponse:
    known = workdays()
    context = {
        "deliveries": monitoring.deliveries(judged_for(person(request)), today()),
        "years": (min(known.published), max(known.published)),
        "holidays_known": known.knows(today()),
    }
    return quality_page(request, "deliveries", context)


@require_safe
@needs("quality.audits")
def diagnosis(request: HttpRequest) -> HttpResponse:
    return quality_page(request, "diagnosis", {"troubles": troubles()})


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
        "may_judge": person(request).has_perm("quality.judge"),
    }
    return quality_page(request, "reviews", context)


@require_POST
@needs("quality.judge")
def sign_review(request: HttpRequest) -> HttpResponse:
    try:
        week = dt.date.fromisoformat(request.POST.get("week", ""))
    except ValueError as error:
        raise Http404 from error
    reviewing.sign(person(request), week, request.POST.get("note", "").strip(), _figures(request), now())
    messages.success(request, _("这一周已签字。"))
    return redirect("quality:reviews")


def _figures(request: HttpRequest) -> dict[str, Any]:
    """What stands there now, for the signature."""
    of = judged_for(person(request))
    tally = overall(of, circumstances())
    waiting = of.snapshot.rows("SELECT count(*) AS n FROM ledger.quarantine WHERE status = 'open'")[0]["n"]
    failing = tally.failing_error + tally.failing_warning
    return {"score": tally.score, "failing": failing, "quarantine": waiting, "snapshot": of.snapshot.number}
