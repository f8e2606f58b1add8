from django.urls import path

from salesloop.app.dashboards import set_views, views

app_name = "dashboards"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("overview/attention/", views.attention_block, name="attention"),
    path("overview/kpis/", views.kpis_block, name="kpis"),
    path("overview/trend/", views.trend_block, name="trend"),
    path("overview/change/", views.change_block, name="change"),
    path("overview/teams/", views.teams_block, name="teams"),
    path("overview/funnel/", views.funnel_block, name="funnel"),
    path("overview/loop/", views.loop_block, name="loop"),
    path("revenue/", views.revenue, name="revenue"),
    path("sets/", set_views.index, name="sets"),
    path("sets/new/", set_views.new, name="set_new"),
    path("sets/<int:pk>/", set_views.board, name="set"),
    path("sets/<int:pk>/change/", set_views.change, name="set_change"),
    path("sets/<int:pk>/delete/", set_views.delete, name="set_delete"),
    path("sets/<int:pk>/restore/", set_views.restore, name="set_restore"),
]
