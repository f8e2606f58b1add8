from django.urls import include, path

from salesloop.app.administration import views

people = [
    path("", views.people_list, name="index"),
    path("new/", views.person_new, name="new"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/password/", views.person_password, name="password"),
    path("<int:pk>/deactivate/", views.person_deactivate, name="deactivate"),
    path("<int:pk>/activate/", views.person_activate, name="activate"),
]
urlpatterns = [
    path("people/", include((people, "people"))),
    path("settings/", include(([path("", views.settings_summary, name="index")], "settings"))),
    path("audit/", include(([path("", views.audit_log, name="index")], "audit"))),
]
