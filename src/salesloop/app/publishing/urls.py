from django.urls import path

from salesloop.app.publishing import views

app_name = "reports"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:name>/", views.report, name="report"),
    path("<slug:name>/preview/", views.preview, name="preview"),
    path("<slug:name>/file.<slug:kind>", views.file, name="file"),
]
