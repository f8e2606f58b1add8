from django.urls import path

from salesloop.app.metrics import block_views, views

app_name = "metrics"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:name>/", views.metric, name="metric"),
    path("<slug:name>/trend/", block_views.trend_block, name="trend"),
    path("<slug:name>/breakdown/", block_views.breakdown_block, name="breakdown"),
    path("<slug:name>/change/", block_views.change_block, name="change"),
    path("<slug:name>/distribution/", block_views.distribution_block, name="distribution"),
    path("<slug:name>/rows/", views.rows, name="rows"),
    path("<slug:name>/rows.<str:kind>", views.export, name="export"),
    path("<slug:name>/definition/", views.definition, name="definition"),
]
