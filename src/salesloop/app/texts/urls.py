from django.urls import path

from salesloop.app.texts import views

app_name = "texts"
urlpatterns = [
    path("", views.index, name="index"),
    path("heard/", views.heard, name="heard"),
    path("online/", views.online, name="online"),
]
