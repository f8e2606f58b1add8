"""Company objectives with the targets that serve them, and the plans behind them."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from salesloop.app.accounts.services import User, needs, people
from salesloop.app.metrics.services import ask, choices, has_data, rows_of
from salesloop.app.pages.services import Page
from salesloop.app.targets import objectives
from salesloop.app.targets.chains import chains
from salesloop.app.targets.models import Milestone, Objective
from salesloop.app.targets.people import year_target
from salesloop.app.targets.sheet import Sheet
from salesloop.app.targets.state import address, sheet_of, tabs, top_line
from salesloop.app.ui.language import current_lang
from salesloop.app.ui.typed import whole_number
from salesloop.app.workspace.services import now, today
from salesloop.engine.model.calendar import Grain
from salesloop.engine.model.periods import DateRange
from salesloop.engine.report.number import to_decimal


class ObjectiveForm(forms.ModelForm):
    """What the company wants, from when until when, and how much where it can be measured."""

    metric = forms.ChoiceField(label=gettext_lazy("指标"), required=False)
    parent = forms.ModelChoiceField(
        label=gettext_lazy("上级目标"), queryset=Objective.objects.all(), required=False, empty_label="–"
    )
    quarter = forms.TypedChoiceField(
        label=gettext_lazy("季度"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", gettext_lazy("全年")), *((n, f"Q{n}") for n in range(1, 5))],
    )

    class Meta:
        model = Objective
        fields = ["name", "parent", "first_year", "last_year", "quarter", "metric", "value", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        known = choices(current_lang(), keep=self.instance.metric)
        self.fields["metric"].choices = [("", "–"), *known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        first, last = data.get("first_year"), data.get("last_year")
        if isinstance(first, int) and isinstance(last, int) and last < first:
            self.add_error("last_year", _("结束年份不能早于开始年份。"))
        if data.get("quarter") and first != last:
            self.add_error("quarter", _("季度目标只能在一年之内。"))
        above = data.get("parent")
        inside = isinstance(first, int) and isinstance(last, int)
        if isinstance(above, Objective) and inside and not (above.first_year <= first and last <= above.last_year):  # type: ignore[operator] # checked above
            self.add_error("parent", _("上级目标的年份要包含这个目标的年份。"))
        return data


class MilestoneForm(forms.ModelForm):
    """One step of a plan."""

    owner = forms.ModelChoiceField(label=gettext_lazy("责任人"), queryset=User.objects.none())

    class Meta:
        model = Milestone
        fields = ["title", "owner", "due"]
        widgets = {"due": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["owner"].queryset = people(active=True)  # type: ignore[attr-defined]


@require_safe
@needs("targets.see_plans")
def index(request: HttpRequest) -> HttpResponse:
    sheet = sheet_of(request)
    page, lang = sheet.page, sheet.page.lang
    aligned = objectives.alignment()
    words = {name: metric.label.get(lang) for name, metric in page.registry.metrics.items()}
    found = list(Objective.objects.prefetch_related("links", "milestones__owner").select_related("parent"))
    links = chains(found, lambda name: name in page.registry.metrics and page.registry.sums_up(name))
    rows = [
        {
            "objective": one,
            "link": link,
            "metric": page.registry.metrics.get(one.metric),
            "links": [(words.get(link.metric, link.metric), link.year) for link in one.links.all()],
            "years": _years(page, one),
            "reached": _reached(page, one),
            "steps": list(one.milestones.all()),
        }
        for link in links
        for one in [link.objective]
    ]
    context = page.context(
        sheet=sheet,
        rows=rows,
        aligned=aligned,
        unlinked=[(metric, words.get(metric, metric), year) for metric, year in aligned.unlinked],
        execution=objectives.execution(today()),
        templates=[(one.name, one.label.get(lang)) for one in objectives.templates().values()],
        milestone_form=MilestoneForm(),
        today=today(),
        query=page.view.to_query(),
        tabs=tabs(sheet, "objectives"),
    )
    return render(request, "targets/objectives.html", context)


@require_http_methods(["GET", "POST"])
@needs("targets.plan")
def new(request: HttpRequest) -> HttpResponse:
    sheet = sheet_of(request)
    form = ObjectiveForm(request.POST or None, initial={"first_year": sheet.number, "last_year": sheet.number})
    if request.method == "POST" and form.is_valid():
        objectives.state(_user(request), form.save(commit=False), now())
        messages.success(request, _("公司目标已建立。"))
        return redirect(address(sheet, "objectives"))
    context = sheet.page.context(sheet=sheet, form=form, tabs=tabs(sheet, "objectives"))
    return render(request, "targets/objective_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@needs("targets.plan")
def link(request: HttpRequest) -> HttpResponse:
    """Tie the targets of a metric and year (`metric:2027`) to an objective."""
    sheet = sheet_of(request)
    metric, _colon, year = request.POST.get("target", "").partition(":")
    number = whole_number(year)
    if metric not in sheet.page.registry.metrics or number is None:
        raise Http404
    objective = get_object_or_404(Objective, pk=whole_number(request.POST.get("objective")))
    objectives.link(_user(request), objective, metric, number)
    messages.success(request, _("已关联。"))
    return redirect(address(sheet, "objectives"))


@require_POST
@needs("targets.plan")
def milestone(request: HttpRequest, pk: int) -> HttpResponse:
    sheet, objective = sheet_of(request), get_object_or_404(Objective, pk=pk)
    form = MilestoneForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        objectives.add_milestone(_user(request), objective, data["title"], data["owner"], data["due"])
        messages.success(request, _("已加入里程碑。"))
        return redirect(address(sheet, "objectives"))
    context = sheet.page.context(sheet=sheet, form=form, objective=objective, tabs=tabs(sheet, "objectives"))
    return render(request, "targets/objective_form.html", context, status=422)


@require_POST
@needs("targets.plan")
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Milestones from a template, from today on."""
    sheet, objective = sheet_of(request), get_object_or_404(Objective, pk=pk)
    template = objectives.templates().get(request.POST.get("template", ""))
    if template is None:
        raise Http404
    objectives.plan_from(_user(request), objective, template, today(), sheet.page.lang)
    messages.success(request, _("计划已按模板建立，可逐条调整。"))
    return redirect(address(sheet, "objectives"))


@require_POST
@needs("targets.see_plans")
def done(request: HttpRequest, pk: int) -> HttpResponse:
    objectives.finish(_user(request), get_object_or_404(Milestone, pk=pk), today())
    return redirect(address(sheet_of(request), "objectives"))


def _years(page: Page, objective: Objective) -> list[tuple[int, Decimal | None]]:
    """The target of every year of an objective that can be followed in numbers, at the top of what the person sees."""
    metric = page.registry.metrics.get(objective.metric)
    if metric is None or metric.type == "target" or objective.quarter:
        return []
    found = []
    for number in range(objective.first_year, min(objective.last_year, objective.first_year + 9) + 1):
        year = page.calendar.numbered(number, "year", 1)
        if year is not None:
            sheet = Sheet(page, metric, year)
            found.append((number, year_target(sheet, top_line(sheet))))
    return found


def _reached(page: Page, objective: Objective) -> Decimal | None:
    """What the objective's last year, or its quarter, has brought until now; None before it begins and without data."""
    metric = page.registry.metrics.get(objective.metric)
    grain: Grain = "quarter" if objective.quarter else "year"
    period = page.calendar.numbered(objective.last_year, grain, objective.quarter or 1)
    if metric is None or period is None or period.start > page.as_of or not has_data(page, metric.metric):
        return None
    rows = rows_of(ask(page, [metric.metric], days=DateRange(period.start, min(period.end, page.as_of))))
    return to_decimal(rows[0][metric.metric]) if rows else None


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
