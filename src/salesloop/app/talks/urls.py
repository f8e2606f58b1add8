from django.urls import path

from salesloop.app.talks import views

app_name = "talks"
urlpatterns = [
    path("", views.index, name="index"),
    path("export.<str:kind>", views.export, name="export"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/done/", views.done, name="done"),
    path("<int:pk>/promote/", views.promote, name="promote"),
    path("<int:pk>/deal/", views.deal, name="deal"),
]
