from django.urls import path

from salesloop.app.actions import views

app_name = "actions"
urlpatterns = [
    path("", views.board, name="board"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/move/", views.move, name="move"),
    path("<int:pk>/measure/", views.measure, name="measure"),
    path("<int:pk>/comment/", views.comment, name="comment"),
    path("<int:pk>/steps/<int:item>/", views.tick, name="tick"),
]
