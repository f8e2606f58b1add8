from django.urls import path

from salesloop.app.targets import views

app_name = "targets"
urlpatterns = [
    path("", views.index, name="index"),
    path("grid/", views.table, name="grid"),
    path("cells/", views.save, name="save"),
    path("row/", views.row, name="row"),
    path("year/", views.year, name="year"),
    path("changes/<int:pk>/undo/", views.undo_change, name="undo"),
]
