from django.urls import path

from salesloop.app.channels import views

app_name = "channels"
urlpatterns = [
    path("", views.index, name="index"),
    path("coverage/", views.coverage, name="coverage"),
    path("shift/", views.shift, name="shift"),
    path("notes/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("said/<path:key>/", views.said, name="said"),
    path("note/<path:key>/", views.note, name="note"),
    path("of/<path:key>/", views.partner, name="partner"),
]
