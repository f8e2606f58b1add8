"""Parts of the layout that are asked for later."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from salesloop.app.accounts.services import PersonalRequest
from salesloop.app.ui.palette import find

LONGEST_QUESTION = 60


@require_safe
def palette(request: PersonalRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:LONGEST_QUESTION]
    return render(request, "ui/palette_results.html", {"groups": find(request, text), "text": text})
