from django.urls import path

from salesloop.app.pages import views

app_name = "pages"
urlpatterns = [
    path("pulse/", views.pulse, name="pulse"),
    path("freshness/", views.freshness, name="freshness"),
]
