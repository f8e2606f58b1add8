from django.urls import path

from salesloop.app.team import round_views, views

app_name = "team"
urlpatterns = [
    path("", views.index, name="index"),
    path("matrix/", views.matrix, name="matrix"),
    path("of/<str:employee>/", views.person, name="person"),
    path("of/<str:employee>/rate/", views.rate, name="rate"),
    path("rounds/", round_views.index, name="rounds"),
    path("rounds/new/", round_views.new, name="new_round"),
    path("rounds/<int:pk>/", round_views.one, name="round"),
    path("rounds/<int:pk>/close/", round_views.close, name="close_round"),
    path("competencies/", views.competency_list, name="competencies"),
    path("competencies/new/", views.competency, name="new_competency"),
    path("competencies/<int:pk>/", views.competency, name="competency"),
]
