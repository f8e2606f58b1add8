from django.urls import path

from salesloop.app.findings import views

app_name = "findings"
urlpatterns = [
    path("", views.index, name="list"),
    path("run/", views.run, name="run"),
    path("run/<int:pk>/", views.running, name="running"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/assign/", views.assign, name="assign"),
    path("<int:pk>/dismiss/", views.dismiss, name="dismiss"),
    path("<int:pk>/reopen/", views.reopen, name="reopen"),
]
