from django.urls import path

from salesloop.app.dashboards import views

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
]
