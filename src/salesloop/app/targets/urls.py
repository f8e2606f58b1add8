from collections.abc import Callable

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from salesloop.app.targets import (
    attainment_views,
    move_views,
    objective_views,
    people_views,
    planning_views,
    resource_views,
    version_views,
    views,
)

app_name = "targets"


def _sheet(route: str, view: Callable[..., HttpResponseBase], name: str) -> list[URLPattern]:
    """The same page for what counts and for a draft."""
    return [path(route, view, name=name), path(f"draft/<int:draft>/{route}", view, name=name)]


urlpatterns = [
    *_sheet("", views.index, "index"),
    *_sheet("grid/", views.table, "grid"),
    *_sheet("cells/", views.save, "save"),
    *_sheet("row/", views.row, "row"),
    *_sheet("row/remark/", views.remark, "remark"),
    *_sheet("year/", views.year, "year"),
    *_sheet("lock/", views.lock, "lock"),
    *_sheet("split/", planning_views.split, "split"),
    *_sheet("propose/", planning_views.propose, "propose"),
    *_sheet("file/", planning_views.file, "file"),
    *_sheet("check/", planning_views.check, "check"),
    *_sheet("moves/", move_views.moves, "moves"),
    path("changes/<int:pk>/undo/", views.undo_change, name="undo"),
    path("rate/", views.rate, name="rate"),
    path("versions/", version_views.index, name="versions"),
    path("versions/new/", version_views.begin, name="begin"),
    path("versions/compare/", version_views.compare, name="compare"),
    path("versions/<int:pk>/<slug:step>/", version_views.step, name="step"),
    path("mine/", people_views.mine, name="mine"),
    path("mine/seen/", people_views.seen, name="seen"),
    path("objectives/", objective_views.index, name="objectives"),
    path("objectives/new/", objective_views.new, name="objective_new"),
    path("objectives/link/", objective_views.link, name="objective_link"),
    path("objectives/<int:pk>/milestones/", objective_views.milestone, name="milestone"),
    path("objectives/<int:pk>/plan/", objective_views.plan, name="plan"),
    path("milestones/<int:pk>/done/", objective_views.done, name="milestone_done"),
    path("resources/", resource_views.index, name="resources"),
    path("resources/marketing/", resource_views.marketing, name="marketing"),
    path("attainment/", attainment_views.index, name="attainment"),
    path("attainment/rows/", attainment_views.rows, name="attainment_rows"),
    path("attainment/gap/", attainment_views.gap, name="attainment_gap"),
    path("attainment/outlook/", attainment_views.outlook, name="attainment_outlook"),
    path("attainment/people/", attainment_views.people, name="attainment_people"),
]
