from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from salesloop.app.api import views
from salesloop.app.api.v1 import api

routes = api.urls  # made anew at every access
for pattern in routes[0]:
    if pattern.callback is not None:  # the API checks who asks itself, and answers 401 instead of a login page
        login_not_required(pattern.callback)

tokens = [
    path("", views.tokens, name="tokens"),
    path("<int:pk>/revoke/", views.revoke, name="revoke"),
]
urlpatterns = [
    path("tokens/", include((tokens, "api"))),
    path("v1/", routes),
]
