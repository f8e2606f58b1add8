from django.urls import path

from salesloop.app.metrics import views

app_name = "metrics"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:name>/", views.metric, name="metric"),
    path("<slug:name>/trend/", views.trend_block, name="trend"),
    path("<slug:name>/breakdown/", views.breakdown_block, name="breakdown"),
    path("<slug:name>/rows/", views.rows, name="rows"),
    path("<slug:name>/rows.<str:kind>", views.export, name="export"),
    path("<slug:name>/definition/", views.definition, name="definition"),
]
