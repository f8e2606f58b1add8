from django.urls import path

from salesloop.app.customers import views

app_name = "customers"
urlpatterns = [
    path("", views.index, name="index"),
    path("of/<path:key>/", views.customer, name="customer"),
    path("timeline/<path:key>/", views.timeline, name="timeline"),
]
