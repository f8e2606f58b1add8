from django.urls import path

from salesloop.app.customers import value_views, views

app_name = "customers"
urlpatterns = [
    path("", views.index, name="index"),
    path("value/", value_views.value, name="value"),
    path("value/customers.<str:kind>", value_views.export, name="value_export"),
    path("of/<path:key>/", views.customer, name="customer"),
    path("timeline/<path:key>/", views.timeline, name="timeline"),
]
