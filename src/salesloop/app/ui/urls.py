from django.urls import path

from salesloop.app.ui import views

app_name = "ui"
urlpatterns = [path("palette/", views.palette, name="palette")]
